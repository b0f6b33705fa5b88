//! Where an actor of the threads world is stopped, so that any other can come in.

use std::cell::Cell;
use std::ptr::NonNull;
use std::task::Waker;

use corosensei::Yielder;

use super::coroutine::{Pause, Resume};
use super::current::Run;
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{ObjectId, Preemption, Registration, Unwound};

pub(super) type YielderPointer = NonNull<Yielder<Resume, Pause>>;

/// The actor whose step it is, if it can be stopped, and how far the step has come.
#[derive(Default)]
pub(super) struct Stops {
    yielder: Cell<Option<YielderPointer>>,
    /// What the actor's own waker points to.
    own_waker: Cell<*const ()>,
    /// Whether others may write to a list of wakes that a combinator of the actor keeps.
    has_combinator: Cell<bool>,
    /// How many accesses the step has made, and how many it may make.
    accesses: Cell<usize>,
    /// Whether an access is under way, during which the actor cannot be suspended.
    accessing: Cell<bool>,
    allowed: Cell<usize>,
    /// Whether the step ends right after its first access.
    is_short: Cell<bool>,
    /// Whether the actor was not stopped where it should have been, because it was unwinding.
    passed_by: Cell<bool>,
}

impl Stops {
    /// A step begins that may make so many accesses.
    pub(super) fn begin(&self, actor: &Stoppable, own_waker: *const (), allowed: usize) {
        self.passed_by.set(false);
        self.yielder.set(actor.yielder);
        self.own_waker.set(own_waker);
        self.has_combinator.set(actor.has_combinator);
        self.accesses.set(0);
        self.accessing.set(false);
        self.allowed.set(allowed);
    }

    /// The coroutine of the current actor has started.
    pub(super) fn start(&self, yielder: &Yielder<Resume, Pause>) {
        self.yielder.set(Some(NonNull::from(yielder)));
    }

    /// The step is over: no actor can be stopped.
    pub(super) fn end(&self) -> Stoppable {
        let (yielder, has_combinator) = (self.yielder.take(), self.has_combinator.get());
        Stoppable { yielder, has_combinator }
    }

    /// The next step ends right after its first access.
    pub(super) fn shorten(&self, is_short: bool) {
        self.is_short.set(is_short);
    }

    /// Whether the step ends right after its first access.
    #[inline]
    pub(super) fn is_short(&self) -> bool {
        self.is_short.get()
    }

    /// Whether the last step made an access, and went on.
    pub(super) fn went_on_after_access(&self) -> bool {
        self.accesses.get() > 0 && !self.is_short()
    }

    /// Whether others could have come in during the last step, where the actor was unwinding.
    pub(super) fn has_passed_by(&self) -> bool {
        self.passed_by.get()
    }

    /// The current actor could not be stopped.
    pub(super) fn pass_by(&self) {
        self.passed_by.set(true);
    }

    /// Whether an actor runs that can be stopped.
    #[inline]
    pub(super) fn can_stop(&self) -> bool {
        self.yielder.get().is_some()
    }

    /// The current actor has spawned another, which may run before the next access to shared state.
    pub(super) fn count_spawn(&self) {
        if self.can_stop() && !is_on(Mistake::ChildrenStartLate) {
            self.accesses.set(self.accesses.get() + 1);
            self.stop_if_short();
        }
    }

    /// The current actor asks for the time, which passes between any two looks at it.
    pub(super) fn before_clock(&self) {
        if self.can_stop() {
            self.stop();
        }
    }

    /// Whether `waker` belongs to a part of the current actor, so that a combinator keeps a list of
    /// wakes. A waker of the whole actor only sets its flag.
    fn is_of_a_part(&self, waker: &Waker) -> bool {
        self.can_stop() && waker.data() != self.own_waker.get()
    }

    /// Lets any other actor run, unless this is the first access of the step.
    fn stop(&self) {
        let accesses = self.accesses.get();
        if accesses < self.allowed.get() {
            self.accesses.set(accesses + 1);
        } else if std::thread::panicking() {
            // Another actor must not run while this one unwinds: to the thread that runs both, it
            // would unwind too. Nothing is lost if its execution ends in that panic.
            self.pass_by();
        } else {
            self.suspend(Pause::BeforeAccess);
            // The step that resumed it counts from here.
            self.accesses.set(1);
        }
    }

    /// Lets any other actor run after the first access, if nothing more belongs to the step.
    fn stop_if_short(&self) {
        if self.is_short() && self.accesses.get() > 0 && !std::thread::panicking() {
            self.suspend(Pause::BeforeAccess);
            self.accesses.set(0);
        }
    }

    /// Suspends the current actor, if it can be.
    #[expect(unsafe_code, reason = "the yielder lives on the stack of the coroutine that runs")]
    pub(super) fn suspend(&self, pause: Pause) {
        let Some(yielder) = self.yielder.get() else { return };
        // SAFETY: `yielder` names the yielder of the coroutine that is running: `begin` sets it
        // before that coroutine is resumed and `end` clears it when the resume returns, and a
        // coroutine that starts sets its own. A coroutine's yielder lives until its body returns.
        unsafe { yielder.as_ref() }.suspend(pause);
    }
}

/// What is known of an actor between its steps.
#[derive(Default)]
pub(super) struct Stoppable {
    /// `None` before its first step.
    yielder: Option<YielderPointer>,
    has_combinator: bool,
}

impl Preemption for Run {
    #[inline]
    fn before_access(&self, object: ObjectId) {
        if self.stops.can_stop() && !self.record.is_private(object) {
            if self.stops.accessing.get()
                && !std::thread::panicking()
                && let Some(actor) = self.record.current()
            {
                self.record.unwind(Unwound::Nested(actor));
            }
            self.stops.stop();
            self.stops.accessing.set(true);
        }
    }

    #[inline]
    fn after_access(&self, object: ObjectId) {
        self.stops.accessing.set(false);
        self.stops.stop_if_short();
        if self.stops.has_combinator.get() && !self.record.is_private(object) {
            self.before_wakes_are_checked();
        }
    }

    fn registers(&self, waker: &Waker) {
        if self.stops.is_of_a_part(waker) {
            self.stops.has_combinator.set(true);
        }
    }

    /// Others may write to the combinator's list too: before this wake or after it.
    fn before_own_wake(&self, waker: &Waker) {
        if self.stops.is_of_a_part(waker) {
            self.stops.stop();
        }
    }

    fn before_wake_of_a_part(&self, owed: &mut dyn Iterator<Item = Registration>) {
        if self.stops.can_stop() && !is_on(Mistake::WakesAtOnce) {
            self.stops.accessing.set(false);
            self.record.owe(owed);
            self.stops.stop();
        }
    }

    #[inline]
    fn before_wakes_are_checked(&self) {
        self.stops.accessing.set(false);
        self.stops.stop_if_short();
        if self.stops.can_stop() && self.stops.has_combinator.get() {
            self.stops.stop();
        }
    }
}
