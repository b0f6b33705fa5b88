//! What runs on this thread, for the primitives to report to.
//!
//! A pattern's text must not carry a handle to the explorer, so primitives find it in a thread-local.
//! It is entered and left by one guard. Outside of it a report goes nowhere.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::panic::Location;
use std::rc::Rc;
use std::task::Waker;

use super::record::{Unwound, unique};
use super::view::{ActorId, Fingerprint, ObjectId, Registration};
use super::{Aside, Call, Digest, Preemption, Record, Seen, WakeOrder};

struct Current {
    record: Rc<Record>,
    wake_order: Option<Rc<dyn WakeOrder>>,
    preemption: Option<Rc<dyn Preemption>>,
}

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// Whatever runs on this thread reports to the record until this is dropped.
#[must_use]
pub(crate) struct Entered {
    /// It belongs to the thread.
    _not_send: PhantomData<Rc<()>>,
}

/// Whatever runs on this thread reports to `record` from now on, wakes as `wake_order` decides, and is
/// stopped by `preemption`, where the world has these.
///
/// # Panics
///
/// If another execution is under way on this thread.
pub(crate) fn enter(
    record: Rc<Record>,
    wake_order: Option<Rc<dyn WakeOrder>>,
    preemption: Option<Rc<dyn Preemption>>,
) -> Entered {
    CURRENT.with_borrow_mut(|current| {
        assert!(current.is_none(), "an exploration cannot run inside of another");
        *current = Some(Current { record, wake_order, preemption });
    });
    Entered { _not_send: PhantomData }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // Dropping a state may drop objects, which come back here: leave first.
        let left = CURRENT.try_with(RefCell::take);
        drop(left);
    }
}

/// Hands the record of this thread to `read`; `None` if there is none.
#[inline]
fn with_record<R>(read: impl FnOnce(&Record) -> R) -> Option<R> {
    // The thread-local may be gone already where a thread ends while objects are alive.
    let read = |current: &RefCell<Option<Current>>| {
        current.borrow().as_ref().map(|current| read(&current.record))
    };
    CURRENT.try_with(read).ok().flatten()
}

/// The record of this thread. Shared, because a wake may come back here.
#[inline]
fn shared_record() -> Option<Rc<Record>> {
    let read = |current: &RefCell<Option<Current>>| {
        current.borrow().as_ref().map(|current| Rc::clone(&current.record))
    };
    CURRENT.try_with(read).ok().flatten()
}

/// What stops the actors of this thread in the middle of a poll. Shared, because it lasts beyond a
/// stop: nothing here may stay borrowed while other actors run.
#[inline]
pub(super) fn preemption() -> Option<Rc<dyn Preemption>> {
    let read = |current: &RefCell<Option<Current>>| {
        current.borrow().as_ref().and_then(|current| current.preemption.clone())
    };
    CURRENT.try_with(read).ok().flatten()
}

/// What decides the order of wakes. Shared, because nothing here may stay borrowed meanwhile.
pub(super) fn wake_order() -> Option<Rc<dyn WakeOrder>> {
    let read = |current: &RefCell<Option<Current>>| {
        current.borrow().as_ref().and_then(|current| current.wake_order.clone())
    };
    CURRENT.try_with(read).ok().flatten()
}

/// Enters a new object into the record; `state` is what of it belongs into a state key.
pub(crate) fn create_object(name: &'static str, state: Option<Rc<dyn Fingerprint>>) -> ObjectId {
    with_record(|record| record.create_object(name, state)).unwrap_or(ObjectId::UNRECORDED)
}

/// The object is gone and no longer part of the state.
pub(crate) fn drop_object(object: ObjectId) {
    with_record(|record| record.drop_object(object));
}

/// The current actor made `call` on `object` and got `seen` back.
#[inline]
pub(crate) fn observe(object: ObjectId, call: Call, seen: Seen) {
    with_record(|record| record.observe(object, call, seen));
}

/// The current actor made an access inside of another to the same object.
pub(crate) fn refuse_nested() -> ! {
    if let Some(record) = shared_record()
        && let Some(actor) = record.current()
    {
        record.unwind(Unwound::Nested(actor));
    }
    panic!("an object was accessed inside of an operation on it");
}

/// The current actor begins to wait.
#[inline]
pub(crate) fn register() -> Registration {
    let without = || Registration { actor: ActorId::MAX, number: unique() };
    with_record(Record::register).unwrap_or_else(without)
}

/// A wait is polled again.
#[inline]
pub(crate) fn resume(registration: Registration) {
    with_record(|record| record.resume(registration));
}

/// A wait has ended, or is given up.
#[inline]
pub(crate) fn end_wait(registration: Registration) {
    with_record(|record| record.end_wait(registration));
}

/// Wakes the waiter by `wake`.
#[inline]
pub(crate) fn wake(registration: Registration, wake: impl FnOnce()) {
    match shared_record() {
        Some(record) => record.wake(registration, wake),
        None => wake(),
    }
}

/// Whether `waker`, by which this wait is to end, is of a part of an actor.
pub(crate) fn is_of_a_part(registration: Registration, waker: &Waker) -> bool {
    with_record(|record| record.is_of_a_part(registration, waker)).unwrap_or(false)
}

/// Whether the actor of this wait does nothing but wait, by its own `waker`.
pub(crate) fn only_waits(wait: Registration, waker: &Waker) -> bool {
    with_record(|record| record.only_waits(wait, waker)).unwrap_or(false)
}

/// The waker of `actor` is called, which `is_awake` already or not.
#[inline]
pub(crate) fn called(actor: ActorId, is_awake: bool) {
    with_record(|record| record.called(actor, is_awake));
}

/// Something of `actor` keeps its waker.
pub(crate) fn keeps(actor: ActorId) {
    with_record(|record| record.keeps(actor));
}

/// The current actor's name and what it has observed so far, for an object that records who did
/// what to it.
pub(crate) fn identify() -> Option<Digest> {
    with_record(Record::identify).flatten()
}

/// The current actor learns all that `other` tells.
pub(crate) fn learn(other: Digest) {
    with_record(|record| record.learn(|digest| digest.mix_digest(other)));
}

/// A clone of `waker` that no witness shows: of a timeout, which is not what is awaited.
pub(crate) fn keep_unseen(waker: &Waker) -> Waker {
    let trace = |is_traced| with_record(|record| record.log.trace(is_traced)).unwrap_or(false);
    let outer = trace(false);
    let kept = waker.clone();
    trace(outer);
    kept
}

/// Whether operations are being logged.
pub fn is_logging() -> bool {
    with_record(|record| record.log.is_kept()).unwrap_or(false)
}

/// Logs what the current actor does beside its operations, where a log is kept.
pub(crate) fn note_aside(aside: impl FnOnce() -> Aside, location: &'static Location<'static>) {
    if is_logging() {
        let aside = aside();
        with_record(|record| record.note_aside(aside, Some(location)));
    }
}

/// Logs what the current actor returns, where a log is kept and `text` can say it.
pub(crate) fn note_returned(text: impl FnOnce() -> Option<String>) {
    if is_logging()
        && let Some(text) = text()
    {
        with_record(|record| record.note_aside(Aside::Returns(text.into()), None));
    }
}

/// Logs an operation of `actor`, in a world that does not enter actors one at a time.
pub fn record(actor: ActorId, object: ObjectId, call: Call, seen: Seen) {
    with_record(|record| record.record(actor, object, call, seen));
}

/// Logs that `actor` adds another, in a world that does not enter actors one at a time.
pub fn record_spawn(actor: ActorId, name: &'static str, location: &'static Location<'static>) {
    with_record(|record| {
        record.log.next_step();
        record.log.spawn(actor, name, location);
    });
}
