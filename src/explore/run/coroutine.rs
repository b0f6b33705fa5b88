//! An actor of the threads world: a coroutine that is suspended before each access to shared
//! state, so that any other actor can come in.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Waker};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::current::Run;
use super::panics;
use super::stops::Stoppable;
use super::wakers::Flag;
use crate::observe;
use crate::primitives::Task;

/// What a suspended actor is told to do.
pub(super) enum Resume {
    GoOn,
    /// Drop its future instead of polling it again.
    Cancel,
}

/// Why an actor is suspended.
pub(super) enum Pause {
    /// Its next access would be its second in this step.
    BeforeAccess,
    /// Its future is pending and has not been woken.
    Waiting,
    /// It blocks its thread, in the middle of a poll, until this is set.
    Blocked(Arc<Flag>),
}

/// A thread that takes one step at a time: one access to shared state and what follows it, up to
/// the next. What an actor does between two accesses touches nothing that others can see, so
/// there is no need to stop in between.
pub(crate) struct Thread {
    coroutine: Option<Coroutine<Resume, Pause, (), DefaultStack>>,
    run: Rc<Run>,
    stoppable: Stoppable,
    pause: Pause,
    flag: Arc<Flag>,
}

impl Thread {
    /// References to its flag that a thread has while it waits: its own, the one on its stack, and
    /// the waker.
    pub(super) const OWN_FLAGS: usize = 3;

    /// A thread of `run` that will do what `start` returns.
    ///
    /// With `stops_at_awaits` it stops at every pending await, not only where it has to wait or its
    /// time may be over.
    pub(super) fn new(
        run: &Rc<Run>,
        start: impl FnOnce() -> Task + 'static,
        flag: &Arc<Flag>,
        stops_at_awaits: bool,
    ) -> Self {
        let own = (Rc::clone(run), Arc::clone(flag));
        let coroutine = Coroutine::with_stack(run.session.stacks.take(), move |yielder, first| {
            let (run, flag) = own;
            run.stops.start(yielder);
            let task = start();
            if let Resume::GoOn = first {
                drive(task, yielder, &run, &flag, stops_at_awaits);
            }
        });
        Self {
            coroutine: Some(coroutine),
            run: Rc::clone(run),
            stoppable: Stoppable::default(),
            pause: Pause::BeforeAccess,
            flag: Arc::clone(flag),
        }
    }

    /// Whether the thread can run: it is not waiting, or has been woken.
    pub(crate) fn is_ready(&self) -> bool {
        match &self.pause {
            Pause::BeforeAccess => true,
            Pause::Waiting => self.flag.is_set(),
            Pause::Blocked(flag) => flag.is_set(),
        }
    }

    /// Runs up to the access after the next; `true` if the thread has ended.
    ///
    /// A panic of the actor goes through.
    pub(super) fn step(&mut self) -> bool {
        let accesses = if self.run.session.only_at_awaits.get() { usize::MAX } else { 1 };
        self.advance(accesses, Resume::GoOn)
    }

    /// Whether the thread is suspended at an await, where it can be cancelled.
    pub(super) fn is_at_await(&self) -> bool {
        matches!(self.pause, Pause::Waiting)
    }

    /// Drops the thread's future, up to its second access; `true` if the thread has ended.
    pub(super) fn cancel(&mut self) -> bool {
        self.advance(1, Resume::Cancel)
    }

    /// Runs on towards the end of a run that has been judged; `true` if the thread got there.
    /// Unwinding a thread takes microseconds, letting it finish a fraction.
    pub(super) fn drain(&mut self) -> bool {
        /// A thread that goes on longer is unwound instead: it may be waiting in a loop.
        const MOST_ACCESSES: usize = 1_000;
        self.advance(MOST_ACCESSES, Resume::GoOn)
    }

    fn advance(&mut self, accesses: usize, resume: Resume) -> bool {
        let Some(coroutine) = &mut self.coroutine else { return true };
        let own_waker = Arc::as_ptr(&self.flag).cast();
        self.run.stops.begin(&self.stoppable, own_waker, accesses);
        let _end = OnDrop(|| self.stoppable = self.run.stops.end());
        match coroutine.resume(resume) {
            CoroutineResult::Yield(pause) => {
                self.pause = pause;
                false
            }
            CoroutineResult::Return(()) => true,
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        let is_suspended = self.coroutine.as_ref().is_some_and(|it| it.started() && !it.done());
        if is_suspended && self.is_at_await() {
            // Its future is dropped as that of any actor is. A destructor that panics must not do
            // so while the thread unwinds.
            let _ = panics::catching(|| self.advance(usize::MAX, Resume::Cancel));
        }
        let Some(mut coroutine) = self.coroutine.take() else { return };
        // A thread that is dropped between two accesses unwinds: its destructors run, on its own
        // stack, and nothing stops them.
        if coroutine.started() && !coroutine.done() {
            coroutine.force_unwind();
        }
        if coroutine.done() {
            self.run.session.stacks.give_back(coroutine.into_stack());
        }
    }
}

/// Polls `task` to its end, on the thread of its actor.
fn drive(
    mut task: Task,
    yielder: &Yielder<Resume, Pause>,
    run: &Run,
    flag: &Arc<Flag>,
    stops_at_awaits: bool,
) {
    /// Polls after which an actor stops even if it was woken meanwhile: one that yields forever,
    /// and makes no access, must not run forever.
    const MOST_POLLS: usize = 100;
    let waker = Waker::from(Arc::clone(flag));
    let mut polls = 0;
    loop {
        flag.clear();
        observe::before_wakes_are_checked();
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            return;
        }
        // An actor that may be cancelled, or whose time may be over, can be so at every await, even
        // one that is over.
        polls += 1;
        let stops_here = stops_at_awaits
            || run.session.only_at_awaits.get()
            || polls % MOST_POLLS == 0
            || run.timers.may_end(run.record.current());
        while stops_here || !flag.is_set() {
            if let Resume::Cancel = yielder.suspend(Pause::Waiting) {
                return;
            }
            if flag.is_set() {
                break;
            }
        }
    }
}

/// Stacks that no coroutine runs on.
pub(super) struct Stacks {
    bytes: usize,
    free: RefCell<Vec<DefaultStack>>,
}

impl Stacks {
    /// Stacks of so many bytes; pages that are never touched cost nothing.
    pub(super) fn of(bytes: usize) -> Self {
        Self { bytes, free: RefCell::default() }
    }

    fn take(&self) -> DefaultStack {
        let new = || DefaultStack::new(self.bytes).expect("the system has memory for a stack");
        self.free.borrow_mut().pop().unwrap_or_else(new)
    }

    fn give_back(&self, stack: DefaultStack) {
        self.free.borrow_mut().push(stack);
    }
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
