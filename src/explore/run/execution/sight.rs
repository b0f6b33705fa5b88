//! What the explorer has to see, where it takes states for equal or lets others come in only before
//! the accesses that it knows.

use super::Execution;
use crate::explore::Incomplete;
use crate::explore::run::actors::Body;
use crate::explore::run::coroutine::Thread;
use crate::observe::Unwound;
use crate::observe::sabotage::{Mistake, is_on};

impl Execution {
    /// Why the last step cannot be trusted; with `must_see`, also where the explorer did not see what
    /// woke an actor.
    #[inline]
    pub(crate) fn refused(&self, must_see: bool) -> Option<Incomplete> {
        if let Some(why) = self.run.record.unwound() {
            return Some(self.unwound(why));
        }
        if must_see
            && let Some(actor) = self.run.record.unseen()
            && !is_on(Mistake::Blindness)
        {
            return Some(self.unseen(actor));
        }
        self.refused.as_deref().cloned()
    }

    /// Whether an actor of a deadlock waits for something that the explorer does not see: it has left
    /// its waker somewhere, but not with a primitive. An actor that nobody can wake hides nothing.
    pub(crate) fn refused_deadlock(&self) -> Option<Incomplete> {
        let record = &self.run.record;
        let waits_unseen = |&actor: &usize| {
            let body = &self.slots[actor].body;
            let own = match body {
                Body::Polled(_) => Some(0),
                Body::Threaded(_) => Some(Thread::OWN_FLAGS),
                Body::Unstarted(_) | Body::Finished => None,
            };
            let is_kept = own.is_some_and(|own| self.wakers.is_kept(actor, own));
            is_kept && record.view().actors[actor].waits() == 0
        };
        // A wait that was handed over counts as that of who began it.
        let is_blind = record.hands_over() || is_on(Mistake::Blindness) || self.is_cut_short();
        let unseen = (0..self.slots.len()).filter(|_| !is_blind).find(waits_unseen);
        unseen.map(|actor| self.unseen(actor))
    }

    fn unwound(&self, why: Unwound) -> Incomplete {
        let name = |actor: usize| self.slots[actor].name.to_string();
        match why {
            Unwound::Endless(actor, location) => {
                Incomplete::Poll { actor: name(actor), location: location.to_string() }
            }
            Unwound::Nested(actor) => Incomplete::Nested { actor: name(actor) },
        }
    }

    fn unseen(&self, actor: usize) -> Incomplete {
        Incomplete::Unseen { actor: self.slots[actor].name.to_string() }
    }
}
