//! What is alive during one run, and the one place where it is entered and left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::joins::Joins;
use super::session::Session;
use super::sleep::Sleeps;
use super::spawned::Child;
use super::stops::Stops;
use super::timers::Timers;
use super::wakers::Queue;
use crate::explore::Interleave;
use crate::observe::{self, Preemption, Record};

/// What is alive during one run beside its actors: what they reach without a handle.
pub(crate) struct Run {
    pub(crate) record: Rc<Record>,
    pub(crate) session: Rc<Session>,
    pub(crate) timers: Timers,
    pub(crate) sleeps: Sleeps,
    pub(super) stops: Stops,
    pub(super) joins: Joins,
    /// Actors that were spawned in the current step.
    pub(super) spawned: RefCell<Vec<Child>>,
    /// Where the FIFO schedule queues.
    pub(super) queue: Option<Queue>,
    phase: Cell<Phase>,
    disturbances: Cell<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Running,
    /// An actor blocks the only thread: nothing but what unwinds it still runs.
    Blocked,
    /// The outcome is being read.
    Judged,
    /// The run has been judged: only destructors still run.
    Over,
}

/// How a program is run.
#[derive(Clone, Copy)]
pub(crate) struct Mode {
    pub(crate) interleave: Interleave,
    /// Whether what the actors do is kept.
    pub(crate) is_logged: bool,
    /// Whether what an actor makes for itself counts as private to it.
    pub(crate) assumes_private: bool,
}

thread_local! {
    static CURRENT: RefCell<Option<Rc<Run>>> = const { RefCell::new(None) };
}

/// The run that is under way on this thread.
pub(super) fn current() -> Option<Rc<Run>> {
    // The thread-local may be gone already where a thread ends while futures are alive.
    CURRENT.try_with(|current| current.borrow().clone()).ok().flatten()
}

/// The run is the thread's until this is dropped.
#[must_use]
pub(crate) struct Entered {
    _observed: observe::Entered,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let left = CURRENT.try_with(RefCell::take);
        drop(left);
    }
}

impl Run {
    /// Begins a run of this thread.
    ///
    /// # Panics
    ///
    /// If another is under way on it.
    pub(super) fn enter(
        session: &Rc<Session>,
        mode: Mode,
        queue: Option<&Queue>,
    ) -> (Rc<Self>, Entered) {
        let run = Rc::new(Self {
            record: Rc::new(Record::new(
                mode.is_logged,
                mode.assumes_private,
                session.watched.places(),
            )),
            session: Rc::clone(session),
            timers: Timers::default(),
            sleeps: Sleeps::default(),
            stops: Stops::default(),
            joins: Joins::default(),
            spawned: RefCell::default(),
            queue: queue.cloned(),
            phase: Cell::new(Phase::Running),
            disturbances: Cell::new(0),
        });
        if mode.interleave == Interleave::AtAwaits {
            run.record.log.trace(true);
        }
        let preemption: Option<Rc<dyn Preemption>> = match mode.interleave {
            Interleave::AtAwaits => None,
            Interleave::AtAccesses => Some(Rc::clone(&run) as _),
        };
        let wake_order = Some(Rc::clone(&run) as _);
        let observed = observe::enter(Rc::clone(&run.record), wake_order, preemption);
        let entered = Entered { _observed: observed };
        CURRENT.set(Some(Rc::clone(&run)));
        (run, entered)
    }

    /// How often something happened to an actor that need not have: it was cancelled, its time was over,
    /// it was polled for nothing.
    #[inline]
    pub(crate) fn disturbances(&self) -> usize {
        self.disturbances.get()
    }

    pub(super) fn disturb(&self) {
        self.disturbances.set(self.disturbances.get() + 1);
    }

    /// What happens in `read` is part of the run, but of no schedule.
    pub(super) fn judge<R>(&self, read: impl FnOnce() -> R) -> R {
        let before = self.phase.replace(Phase::Judged);
        let result = read();
        self.phase.set(before);
        result
    }

    /// Whether the outcome is being read.
    pub(super) fn is_judged(&self) -> bool {
        self.phase.get() == Phase::Judged
    }

    /// The run has been judged: only destructors still run, and decide nothing.
    pub(super) fn end(&self) {
        self.phase.set(Phase::Over);
    }

    /// The run ends with this step, because nothing will ever run on this thread again.
    pub(super) fn block(&self) {
        self.phase.set(Phase::Blocked);
        // What unwinding does would not have happened.
        self.record.leave();
    }

    /// Whether the last step has blocked its thread forever.
    #[inline]
    pub(super) fn is_blocked(&self) -> bool {
        self.phase.get() == Phase::Blocked
    }

    /// A sentence on the actor whose body runs, or is dropped, and on the schedule.
    pub(super) fn whose_panic(&self) -> String {
        let actor = self.session.watched.actor();
        let path = self.session.choices.try_borrow().map_or(Vec::new(), |choices| choices.path());
        let path: Vec<_> = path.iter().map(ToString::to_string).collect();
        format!("It belongs to {actor}, under the schedule {}. ", path.join("."))
    }

    /// Whether the run may go on, whatever an actor catches.
    pub(super) fn may_go_on(&self) -> bool {
        let is_endless = self.session.choices.try_borrow().is_ok_and(|it| it.is_endless());
        !self.is_over() && !is_endless && self.record.unwound().is_none()
    }

    /// Whether what happens now is no part of the run.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.phase.get(), Phase::Blocked | Phase::Over)
    }
}
