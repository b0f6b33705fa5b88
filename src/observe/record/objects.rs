//! What actors do with objects.

use std::panic::{Location, resume_unwind};
use std::rc::Rc;

use super::{MOST_ACCESSES, Record, Unwound, word};
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::view::{ActorId, Fingerprint, ObjectId, ObjectView};
use crate::observe::{Call, Seen};

impl Record {
    /// Enters a new object; `state` is what of it belongs into a state key.
    pub(in crate::observe) fn create_object(
        &self,
        name: &'static str,
        state: Option<Rc<dyn Fingerprint>>,
    ) -> ObjectId {
        let owner = self.current.get();
        let mut view = self.view.borrow_mut();
        let number = if let Some(actor) = owner {
            let actor = &mut view.actors[actor];
            actor.created += 1;
            actor.created
        } else {
            self.number()
        };
        let index = view.objects.len();
        view.objects.push(ObjectView { name, owner, number, state });
        ObjectId { epoch: self.epoch, index }
    }

    /// The object is gone and no longer part of the state.
    pub(in crate::observe) fn drop_object(&self, object: ObjectId) {
        if self.epoch == object.epoch
            && let Ok(mut view) = self.view.try_borrow_mut()
        {
            let state = view.objects[object.index].state.take();
            // It may hold further objects, which come back here.
            drop(view);
            drop(state);
        }
    }

    /// The current actor made `call` on `object` and got `seen` back.
    #[inline]
    pub(in crate::observe) fn observe(&self, object: ObjectId, call: Call, seen: Seen) {
        let Some(actor) = self.current.get() else { return };
        self.count(actor, call.location);
        let mut view = self.view.borrow_mut();
        if self.epoch != object.epoch {
            // Kept from another execution, so its state is no part of this one: no two executions
            // are alike from here on, and a replay is reported as nondeterministic.
            view.actors[actor].digest.mix(self.epoch);
            return;
        }
        let (owner, number) = {
            let object = &view.objects[object.index];
            (object.owner, object.number)
        };
        let (creator, maker) = match owner {
            None => (0, None),
            Some(owner) if owner == actor => (1, None),
            Some(owner) => {
                // The actor now knows something by its creator's name, so the two are no longer
                // interchangeable with their equals.
                if !is_on(Mistake::AsymmetryIgnored) {
                    self.symmetric.set(false);
                }
                (2, Some(view.actors[owner].name))
            }
        };
        let digest = &mut view.actors[actor].digest;
        digest.mix(word::OBSERVED | creator << 40 | number);
        if let Some(maker) = maker {
            digest.mix_digest(maker);
        }
        if !is_on(Mistake::ResultsIgnored) {
            seen.mix_into(digest);
        }
        // It follows from what was observed before, unless the program is not deterministic.
        if let Some(argument) = call.argument {
            digest.mix(argument as u64);
        }
        self.log.operation(actor, || view.display_name(object.index), call, seen);
    }

    /// Unwinds an actor that goes round in one poll, where it waits for what nobody else can do.
    #[inline]
    fn count(&self, actor: ActorId, location: &'static Location<'static>) {
        self.places.set(location);
        self.accesses.set(self.accesses.get() + 1);
        if self.accesses.get() >= MOST_ACCESSES {
            self.unwind(Unwound::Endless(actor, location));
        }
    }

    /// Ends the current actor, and with it the exploration: nothing it does can be trusted.
    pub(crate) fn unwind(&self, why: Unwound) -> ! {
        self.unwound.set(Some(why));
        resume_unwind(Box::new("an actor did what cannot be explored"));
    }

    /// Why an actor was unwound.
    #[inline]
    pub(crate) fn unwound(&self) -> Option<Unwound> {
        self.unwound.get()
    }

    /// Logs an operation of `actor`, in a world that does not enter actors one at a time.
    pub(in crate::observe) fn record(
        &self,
        actor: ActorId,
        object: ObjectId,
        call: Call,
        seen: Seen,
    ) {
        if self.epoch != object.epoch {
            return;
        }
        self.log.next_step();
        self.log.operation(actor, || self.view.borrow().display_name(object.index), call, seen);
    }

    /// Whether `object` is the current actor's own: no other can see what it does with that.
    #[inline]
    pub(crate) fn is_private(&self, object: ObjectId) -> bool {
        self.assumes_private
            && self.epoch == object.epoch
            && self.current.get().is_some_and(|actor| {
                self.view.borrow().objects[object.index].owner == Some(actor)
                    || is_on(Mistake::EverythingPrivate)
            })
    }
}
