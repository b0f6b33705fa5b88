//! What a primitive tells whoever runs its actor, so that the actor can be stopped in the middle of
//! a poll.
//!
//! A combinator such as `FuturesUnordered` gives each of its parts a waker of its own, and keeps a
//! list of those that fired, in order. That list is shared state which no primitive sees: others
//! write to it when they wake a part, and the combinator reads it when it is polled.

use std::task::Waker;

use super::current::{preemption, wake_order};
use super::view::{ObjectId, Registration};

/// Runs actors that can be stopped in the middle of a poll, so that others come in.
pub(crate) trait Preemption {
    /// The current actor is about to access `object`.
    fn before_access(&self, object: ObjectId);
    /// The current actor has accessed `object`, and has woken no actor.
    fn after_access(&self, object: ObjectId);
    /// The current actor leaves `waker` where others can wake it.
    fn registers(&self, waker: &Waker);
    /// The current actor is about to wake a part of itself by `waker`.
    fn before_own_wake(&self, waker: &Waker);
    /// The current actor is about to wake the first of these, parts of actors, and then the others.
    fn before_wake_of_a_part(&self, owed: &mut dyn Iterator<Item = Registration>);
    /// A combinator of the current actor may check next which of its parts were woken.
    fn before_wakes_are_checked(&self);
}

/// Decides what the primitives leave open.
pub(crate) trait WakeOrder {
    /// Which of `count` parts, all of which are woken, is woken next.
    fn woken_next(&self, count: usize) -> usize;
}

/// Which of `count` parts, all of which are woken, is woken next; the first where nobody decides.
pub(crate) fn woken_next(count: usize) -> usize {
    let order = wake_order().filter(|_| count > 1);
    order.map_or(0, |order| order.woken_next(count))
}

/// Whether others may come in before every access, and not only where a poll returns.
pub(crate) fn is_preemptive() -> bool {
    preemption().is_some()
}

/// The current actor is about to access `object`.
#[inline]
pub(crate) fn before_access(object: ObjectId) {
    if let Some(preemption) = preemption() {
        preemption.before_access(object);
    }
}

/// The current actor has accessed `object`, and has woken no actor.
#[inline]
pub(crate) fn after_access(object: ObjectId) {
    if let Some(preemption) = preemption() {
        preemption.after_access(object);
    }
}

/// The current actor leaves `waker` where others can wake it.
#[inline]
pub(crate) fn registers(waker: &Waker) {
    if let Some(preemption) = preemption() {
        preemption.registers(waker);
    }
}

/// The current actor is about to wake a part of itself by `waker`.
#[inline]
pub(crate) fn before_own_wake(waker: &Waker) {
    if let Some(preemption) = preemption() {
        preemption.before_own_wake(waker);
    }
}

/// The current actor is about to wake the first of these, parts of actors, and then the others.
pub(crate) fn before_wake_of_a_part(owed: &mut dyn Iterator<Item = Registration>) {
    if let Some(preemption) = preemption() {
        preemption.before_wake_of_a_part(owed);
    }
}

/// A combinator of the current actor may check next which of its parts were woken.
#[inline]
pub(crate) fn before_wakes_are_checked() {
    if let Some(preemption) = preemption() {
        preemption.before_wakes_are_checked();
    }
}
