//! Waiting and waking on loom's threads, with deadlock as an outcome.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};

use loom::sync::atomic::AtomicUsize;
use loom::sync::{Condvar, Mutex, MutexGuard};

use super::{MOST_ACTORS, execution};
use crate::explore::{Finish, Incomplete, Outcome};
use crate::primitives::Task;

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

/// How an execution ended, or why it cannot be followed to its end.
pub(super) type Judgement = Result<Outcome, Incomplete>;

/// One execution's actors: how many are unfinished and how many of them wait.
///
/// The counts of waiters are ordinary cells. Loom runs one thread at a time and switches only
/// inside its own operations, so they are exact; and whether everyone waits is a property of the
/// state reached, not of the order in which it was reached, so loom need not explore around them.
pub(super) struct Running {
    parkers: RefCell<Vec<Arc<Parker>>>,
    /// Where actors wait that block their threads, each apart from what wakes its own future.
    blocked: RefCell<Vec<Arc<Parker>>>,
    unfinished: AtomicUsize,
    alive: Cell<usize>,
    /// The execution has been judged; whoever still runs only unwinds.
    judged: RefCell<Option<Judgement>>,
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
            parkers: RefCell::new((0..actors).map(|_| Arc::new(Parker::new())).collect()),
            blocked: RefCell::default(),
            unfinished: AtomicUsize::new(actors),
            alive: Cell::new(actors),
            judged: RefCell::new(None),
            finish: RefCell::new(Some(finish)),
        }
    }

    /// Makes room for one more actor, and gives back its index; `None` if loom has no thread for it.
    pub(super) fn admit(&self) -> Option<usize> {
        let actor = self.parkers.borrow().len();
        if actor == MOST_ACTORS {
            return None;
        }
        self.parkers.borrow_mut().push(Arc::new(Parker::new()));
        loom::stop_exploring();
        // Relaxed: this must not order the current actor after those that have finished.
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        loom::explore();
        self.alive.set(self.alive.get() + 1);
        Some(actor)
    }

    /// Runs one actor to its end, or until the execution has been judged.
    pub(super) fn run(&self, actor: usize, mut task: Task) {
        let parker = Arc::clone(&self.parkers.borrow()[actor]);
        if self.drive(&parker, task.as_mut()).is_some() {
            drop(task);
            self.finished();
        }
    }

    /// Waits for `future` in the middle of a poll; `None` if the execution has been judged.
    pub(super) fn block_on<F: Future>(&self, future: F) -> Option<F::Output> {
        let parker = Arc::new(Parker::new());
        self.blocked.borrow_mut().push(Arc::clone(&parker));
        self.drive(&parker, pin!(future))
    }

    fn drive<F: Future + ?Sized>(
        &self,
        parker: &Arc<Parker>,
        mut future: Pin<&mut F>,
    ) -> Option<F::Output>
    where
        F::Output: Sized,
    {
        let waker = Waker::from(Arc::new(Unpark(Arc::clone(parker))));
        let mut context = Context::from_waker(&waker);
        loop {
            match future.as_mut().poll(&mut context) {
                Poll::Ready(output) => return Some(output),
                Poll::Pending if self.park(parker) => {}
                Poll::Pending => return None,
            }
        }
    }

    /// Waits for a wake; `false` if none will come.
    fn park(&self, parker: &Parker) -> bool {
        let mut place = parker.lock();
        if !place.notified {
            WAITING.set(WAITING.get() + 1);
            place.waiting = true;
            if WAITING.get() == self.alive.get() {
                drop(place);
                self.judge(Ok(Outcome::Deadlock));
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
            Some(outcome) => *self.judged.borrow_mut() = Some(Ok(outcome)),
            None if WAITING.get() == self.alive.get() => self.judge(Ok(Outcome::Deadlock)),
            None => {}
        }
    }

    /// The execution ends so, unless it has ended already; whoever waits is let go.
    pub(super) fn judge(&self, judgement: Judgement) {
        if self.is_judged() {
            return;
        }
        *self.judged.borrow_mut() = Some(judgement);
        // What is left is tidying up, the same in every order.
        loom::skip_branch();
        let actors = self.parkers.borrow().clone();
        let blocked = self.blocked.borrow().clone();
        for parker in actors.into_iter().chain(blocked) {
            parker.notify();
        }
    }

    pub(super) fn is_judged(&self) -> bool {
        self.judged.borrow().is_some()
    }

    pub(super) fn judgement(&self) -> Option<Judgement> {
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
