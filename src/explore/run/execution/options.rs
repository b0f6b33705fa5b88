//! What can happen next in an execution.

use super::Execution;
use crate::explore::Interleave;
use crate::explore::run::actors::{Body, Slot};
use crate::explore::run::moves::Move;
use crate::explore::run::wakers::{BITS, Flag};

impl Execution {
    /// Whether `actor` can take a step.
    #[inline]
    pub(crate) fn is_ready(&self, actor: usize) -> bool {
        !self.is_cut_short() && can_step(&self.slots[actor].body, self.wakers.flag(actor))
    }

    /// Hands everything that can happen next to `visit`.
    pub(crate) fn moves(&self, mut visit: impl FnMut(Move)) {
        if self.is_cut_short() {
            return;
        }
        let sleeps = &self.run.sleeps;
        // All that are over at one time are told of it before anything else happens.
        if sleeps.is_ringing() {
            return sleeps.next(|sleep, _| visit(Move::Ring(sleep)));
        }
        let (mut first, mut can_anybody_step) = (0, false);
        if self.interleave == Interleave::AtAwaits {
            for (word, mut woken) in self.wakers.woken().enumerate() {
                can_anybody_step |= woken != 0;
                while woken != 0 {
                    visit(Move::Step(word * BITS + woken.trailing_zeros() as usize));
                    woken &= woken - 1;
                }
            }
            first = self.first_spawned;
        }
        for actor in first..self.slots.len() {
            if can_step(&self.slots[actor].body, self.wakers.flag(actor)) {
                can_anybody_step = true;
                visit(Move::Step(actor));
            }
        }
        if self.has_cancellable {
            for actor in (0..self.slots.len()).filter(|&actor| self.is_cancellable(actor)) {
                visit(Move::Cancel(actor));
            }
        }
        if self.spurious_polls > 0 {
            for actor in (0..self.slots.len()).filter(|&it| self.can_be_polled_spuriously(it)) {
                visit(Move::PollSpuriously(actor));
            }
        }
        self.run.timers.running(|timer, _| visit(Move::Expire(timer)));
        if !can_anybody_step {
            sleeps.next(|sleep, _| visit(Move::Ring(sleep)));
        }
    }

    /// What can happen next, hashed.
    #[inline]
    pub(crate) fn hash_of_moves(&self, mut hash: u64) -> u64 {
        // Knuth's multiplicative hash: this runs at every replayed step, and no proof rests on it.
        const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
        let mut mix = |word: u64| hash = (hash ^ word).wrapping_mul(MULTIPLIER).rotate_left(29);
        let is_told_by_wakes = self.interleave == Interleave::AtAwaits
            && self.slots.len() == self.first_spawned
            && !self.is_cut_short()
            && self.run.sleeps.is_none_open()
            && !self.has_cancellable
            && self.spurious_polls == 0;
        if is_told_by_wakes {
            self.wakers.woken().for_each(&mut mix);
            self.run.timers.running(|timer, _| mix(timer as u64));
        } else {
            self.moves(|next| mix(u64::from(next.encode())));
        }
        hash
    }

    /// Whether the execution ends here unless something happens that need not.
    pub(crate) fn may_end(&self) -> bool {
        let mut may_end = true;
        self.moves(|next| may_end &= !next.is_certain());
        may_end
    }

    /// An actor can be cancelled before its first step too, as a task can be aborted.
    pub(super) fn is_cancellable(&self, actor: usize) -> bool {
        let Slot { cancellable, body, .. } = &self.slots[actor];
        cancellable.is_some() && (matches!(body, Body::Unstarted(_)) || is_suspended(body))
    }

    pub(super) fn can_be_polled_spuriously(&self, actor: usize) -> bool {
        let slot = &self.slots[actor];
        slot.spurious_polls > 0 && is_suspended(&slot.body) && !self.is_ready(actor)
    }
}

#[inline]
fn can_step(body: &Body, flag: &Flag) -> bool {
    match body {
        Body::Unstarted(_) | Body::Polled(_) => flag.is_set(),
        Body::Threaded(thread) => thread.is_ready(),
        Body::Finished => false,
    }
}

/// Whether the actor has begun and is now at an await.
fn is_suspended(body: &Body) -> bool {
    match body {
        Body::Polled(_) => true,
        Body::Threaded(thread) => thread.is_at_await(),
        Body::Unstarted(_) | Body::Finished => false,
    }
}
