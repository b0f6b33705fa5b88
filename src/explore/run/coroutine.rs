//! An actor of the threads world: a coroutine that is suspended before each access to shared
//! state, so that any other actor can come in between.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::pin::pin;
use std::ptr::NonNull;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use super::actors::Task;
use super::wakers::Flag;
use super::{panics, timers};
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{self, ObjectId};

/// What a suspended actor is told to do.
enum Resume {
    GoOn,
    /// Drop its future instead of polling it again.
    Cancel,
}

/// Why an actor is suspended.
enum Pause {
    /// Its next access would be its second in this step.
    BeforeAccess,
    /// Its future is pending and nobody has woken it.
    Waiting,
    /// It blocks its thread, in the middle of a poll, until this is set.
    Blocked(Arc<Flag>),
}

/// A thread that takes one step at a time: one access to shared state and what follows it, up to
/// the next. What an actor does between two accesses touches nothing that others can see, so
/// there is no need to stop in between.
pub(crate) struct Thread {
    coroutine: Option<Coroutine<Resume, Pause, (), DefaultStack>>,
    yielder: Option<YielderPointer>,
    pause: Pause,
    flag: Arc<Flag>,
    /// Whether others may write to a list of wakes that a combinator of the actor keeps.
    has_lists: bool,
}

type YielderPointer = NonNull<Yielder<Resume, Pause>>;

/// Room for a pattern and its primitives in a debug build, and then some; pages that are never
/// touched cost nothing.
const STACK_BYTES: usize = 256 * 1024;

thread_local! {
    /// The yielder of the actor whose step it is.
    static CURRENT: Cell<Option<YielderPointer>> = const { Cell::new(None) };
    /// Its flag, which is what its waker points to.
    static FLAG: Cell<*const ()> = const { Cell::new(std::ptr::null()) };
    static HAS_LISTS: Cell<bool> = const { Cell::new(false) };
    /// How many accesses the step has made, and how many it may make.
    static ACCESSES: Cell<usize> = const { Cell::new(0) };
    static ALLOWED: Cell<usize> = const { Cell::new(1) };
    /// Where a coroutine that starts leaves its yielder.
    static STARTED: Cell<Option<YielderPointer>> = const { Cell::new(None) };
    static STACKS: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
}

impl Thread {
    /// A thread that will run what `start` returns.
    ///
    /// With `stops_at_awaits` it stops at every pending await, not only where it has to wait or its
    /// time may be over.
    pub(crate) fn new(
        start: impl FnOnce() -> Task + 'static,
        flag: Arc<Flag>,
        stops_at_awaits: bool,
    ) -> Self {
        let stack = STACKS.with_borrow_mut(Vec::pop).unwrap_or_else(|| {
            DefaultStack::new(STACK_BYTES).expect("the system has memory for a stack")
        });
        let own_flag = Arc::clone(&flag);
        let coroutine = Coroutine::with_stack(stack, move |yielder, _| {
            let yielder_pointer = NonNull::from(yielder);
            STARTED.set(Some(yielder_pointer));
            CURRENT.set(Some(yielder_pointer));
            block_on(start(), yielder, &own_flag, stops_at_awaits);
        });
        Self {
            coroutine: Some(coroutine),
            yielder: None,
            pause: Pause::BeforeAccess,
            flag,
            has_lists: false,
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
    pub(crate) fn step(&mut self) -> bool {
        self.advance(1, Resume::GoOn)
    }

    /// Whether the thread is suspended at an await, where it can be cancelled.
    pub(crate) fn is_at_await(&self) -> bool {
        matches!(self.pause, Pause::Waiting)
    }

    /// Drops the thread's future, up to its second access; `true` if the thread has ended.
    pub(crate) fn cancel(&mut self) -> bool {
        self.advance(1, Resume::Cancel)
    }

    /// Runs on towards the end of an execution that has been judged; `true` if the thread got
    /// there. Unwinding a half-way thread takes microseconds, letting it finish a fraction.
    pub(crate) fn drain(&mut self) -> bool {
        /// A thread that goes on longer is unwound instead: it may be waiting in a loop.
        const MOST_ACCESSES: usize = 1_000;
        self.advance(MOST_ACCESSES, Resume::GoOn)
    }

    fn advance(&mut self, accesses: usize, resume: Resume) -> bool {
        let Some(coroutine) = &mut self.coroutine else { return true };
        ALLOWED.set(accesses);
        ACCESSES.set(0);
        CURRENT.set(self.yielder);
        FLAG.set(Arc::as_ptr(&self.flag).cast());
        HAS_LISTS.set(self.has_lists);
        let leave = OnDrop(|| CURRENT.set(None));
        let result = coroutine.resume(resume);
        drop(leave);
        self.has_lists = HAS_LISTS.get();
        if self.yielder.is_none() {
            self.yielder = STARTED.take();
        }
        match result {
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
        // stack, and find no current actor, so that they are not suspended.
        if coroutine.started() && !coroutine.done() {
            coroutine.force_unwind();
        }
        if coroutine.done() {
            STACKS.with_borrow_mut(|stacks| stacks.push(coroutine.into_stack()));
        }
    }
}

fn block_on(
    mut task: Task,
    yielder: &Yielder<Resume, Pause>,
    flag: &Arc<Flag>,
    stops_at_awaits: bool,
) {
    let waker = Waker::from(Arc::clone(flag));
    loop {
        flag.clear();
        before_lists();
        if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
            return;
        }
        // An actor that may be cancelled, or whose time may be over, can be so at every await, even
        // one that is over.
        let stops_at_awaits = stops_at_awaits || timers::may_end_current();
        while stops_at_awaits || !flag.is_set() {
            if let Resume::Cancel = yielder.suspend(Pause::Waiting) {
                return;
            }
            if flag.is_set() {
                break;
            }
        }
    }
}

/// Waits for `future` in the middle of a poll. Others go on meanwhile, each on its own thread; on an
/// event loop nobody does, and the execution is over. So it is where a destructor waits that an actor
/// runs on its way out: that actor can neither be suspended nor unwound a second time, and gets `None`.
pub(crate) fn block_thread_on<F: Future>(
    location: &'static Location<'static>,
    future: F,
) -> Option<F::Output> {
    let mut future = pin!(future);
    // A flag of its own: what wakes the actor's future meanwhile must wake that.
    let flag = Flag::of(None);
    let waker = Waker::from(Arc::clone(&flag));
    loop {
        flag.clear();
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        let yielder = CURRENT.get();
        if std::thread::panicking() {
            if yielder.is_none() {
                panics::is_blocked_for_ever(location);
            }
            return None;
        }
        let Some(yielder) = yielder else { panics::block_for_ever(location) };
        while !flag.is_set() {
            suspend(yielder, Pause::Blocked(Arc::clone(&flag)));
        }
    }
}

/// Lets any other actor run before `object` is accessed, unless this is the first access of the
/// step or nobody else can see the object. Outside of the threads world this does nothing.
#[inline]
pub(crate) fn before_access(object: ObjectId) {
    let Some(yielder) = CURRENT.get() else { return };
    if !observe::is_private(object) {
        stop(yielder);
    }
}

/// Lets any other actor run before the current one wakes a part of itself by `waker`.
///
/// A combinator keeps a list of what was woken, in order, and others may write to it too: their
/// wakes come before this one or after it. A waker of the whole actor only sets its flag.
#[inline]
pub(crate) fn before_own_wake(waker: &Waker) {
    if let Some(yielder) = CURRENT.get()
        && waker.data() != FLAG.get()
    {
        stop(yielder);
    }
}

/// Lets any other actor run before a combinator of the current one may look at what was woken: the
/// list that `FuturesUnordered` keeps is shared state, and whoever wakes a part of it writes to it.
pub(crate) fn before_lists() {
    if let Some(yielder) = CURRENT.get()
        && HAS_LISTS.get()
    {
        stop(yielder);
    }
}

/// The current actor waits by `waker`. If that is not its own, a combinator keeps a list.
pub(crate) fn waits_by(waker: &Waker) {
    if CURRENT.get().is_some() && waker.data() != FLAG.get() {
        HAS_LISTS.set(true);
    }
}

/// The current actor has spawned another, which may run before the next access to shared state.
pub(crate) fn has_spawned() {
    if CURRENT.get().is_some() && !is_on(Mistake::ChildrenStartLate) {
        ACCESSES.set(ACCESSES.get() + 1);
    }
}

fn stop(yielder: YielderPointer) {
    let accesses = ACCESSES.get();
    // An actor that panics is not stopped on its way out: its execution ends in that panic, and
    // another actor must not run while this one unwinds.
    if accesses >= ALLOWED.get() && !std::thread::panicking() {
        suspend(yielder, Pause::BeforeAccess);
        // The step that resumed it counts from here.
        ACCESSES.set(1);
    } else {
        ACCESSES.set(accesses + 1);
    }
}

#[expect(unsafe_code, reason = "the yielder lives on the stack of the coroutine that runs")]
fn suspend(yielder: YielderPointer, pause: Pause) {
    // SAFETY: `CURRENT` names the yielder of the coroutine that is running: `step` sets it before
    // resuming that coroutine and clears it when the resume returns, and a coroutine that starts
    // sets its own. A coroutine's yielder lives until its body returns.
    unsafe { yielder.as_ref() }.suspend(pause);
}

struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
