//! Waiting and waking on loom's threads, with deadlock as an outcome.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Wake, Waker};

use loom::sync::atomic::AtomicUsize;
use loom::sync::{Condvar, Mutex, MutexGuard};

use super::execution;
use crate::explore::{Finish, Outcome, Task};

/// Where one actor waits.
struct Parker {
    place: Mutex<Place>,
    condvar: Condvar,
}

#[derive(Default)]
struct Place {
    notified: bool,
    waiting: bool,
}

impl Parker {
    fn new() -> Self {
        Self { place: Mutex::new(Place::default()), condvar: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().expect("a place is never left in a panic")
    }

    /// Wakes the actor, or its next wait; tells whether it was waiting.
    fn notify(&self) -> bool {
        let mut place = self.lock();
        place.notified = true;
        let was_waiting = std::mem::take(&mut place.waiting);
        if was_waiting {
            self.condvar.notify_one();
        }
        was_waiting
    }
}

/// One execution's actors: how many are unfinished and how many of them wait.
///
/// The counts of waiters are ordinary cells. Loom runs one thread at a time and switches only
/// inside its own operations, so they are exact; and whether everyone waits is a property of the
/// state reached, not of the order in which it was reached, so loom need not explore around them.
pub(super) struct Running {
    parkers: Vec<Arc<Parker>>,
    unfinished: AtomicUsize,
    alive: Cell<usize>,
    /// The execution has been judged; whoever still runs only unwinds.
    judged: RefCell<Option<Outcome>>,
    finish: RefCell<Option<Finish>>,
}

thread_local! {
    /// How many actors wait. Wakers must be `Sync`, so they cannot hold the count themselves.
    static WAITING: Cell<usize> = const { Cell::new(0) };
}

impl Running {
    pub(super) fn new(actors: usize, finish: Finish) -> Self {
        WAITING.set(0);
        Self {
            parkers: (0..actors).map(|_| Arc::new(Parker::new())).collect(),
            unfinished: AtomicUsize::new(actors),
            alive: Cell::new(actors),
            judged: RefCell::new(None),
            finish: RefCell::new(Some(finish)),
        }
    }

    /// Runs one actor to its end, or until the execution has been judged.
    pub(super) fn run(&self, actor: usize, mut task: Task) {
        let parker = Arc::clone(&self.parkers[actor]);
        let waker = Waker::from(Arc::new(Unpark(Arc::clone(&parker))));
        let mut context = Context::from_waker(&waker);
        while task.as_mut().poll(&mut context).is_pending() {
            if !self.park(&parker) {
                return;
            }
        }
        drop(task);
        self.finished();
    }

    /// Waits for a wake; `false` if none will come.
    fn park(&self, parker: &Parker) -> bool {
        let mut place = parker.lock();
        if !place.notified {
            WAITING.set(WAITING.get() + 1);
            place.waiting = true;
            if WAITING.get() == self.alive.get() {
                drop(place);
                self.judge(Outcome::Deadlock);
                return false;
            }
            while !place.notified {
                place = parker.condvar.wait(place).expect("a place is never left in a panic");
            }
        }
        place.notified = false;
        !self.is_judged()
    }

    fn finished(&self) {
        if self.is_judged() {
            return;
        }
        // The last actor to finish reads the outcome. The counter orders it after the others'
        // last accesses; it is not itself worth exploring.
        loom::stop_exploring();
        let is_last = self.unfinished.fetch_sub(1, Ordering::AcqRel) == 1;
        self.alive.set(self.alive.get() - 1);
        let finish = is_last.then(|| self.finish.take()).flatten();
        if is_last {
            execution::stop_recording();
        }
        let outcome = finish.map(|finish| Outcome::Value(finish()));
        loom::explore();
        match outcome {
            Some(outcome) => *self.judged.borrow_mut() = Some(outcome),
            None if WAITING.get() == self.alive.get() => self.judge(Outcome::Deadlock),
            None => {}
        }
    }

    /// The execution ends in `outcome`, unless it has ended already; whoever waits is let go.
    pub(super) fn judge(&self, outcome: Outcome) {
        if self.is_judged() {
            return;
        }
        *self.judged.borrow_mut() = Some(outcome);
        // What is left is tidying up, the same in every order.
        loom::skip_branch();
        for parker in &self.parkers {
            parker.notify();
        }
    }

    pub(super) fn is_judged(&self) -> bool {
        self.judged.borrow().is_some()
    }

    pub(super) fn outcome(&self) -> Option<Outcome> {
        self.judged.borrow().clone()
    }
}

struct Unpark(Arc<Parker>);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.0.notify() {
            WAITING.set(WAITING.get() - 1);
        }
    }
}
