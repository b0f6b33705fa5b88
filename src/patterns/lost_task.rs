//! # lost-task
//!
//! A worker is cancelled with a task in hand, which is no longer in the queue and is never done.
//!
//! ```text
//!   manager          queue    worker
//!                    task 1
//!                      -      get -> task 1
//!   abort              -      works on it
//!   join...            -
//!                      -      is dropped             task 1 is in no queue, and not done:
//!                      -                             the manager waits for it forever
//! ```
//!
//! **In review, look for** workers that are aborted or dropped on shutdown before the tasks that
//! they took are known to be done.
//!
//! **The fix** is the order: wait until every task is done, and only then cancel the workers, which
//! by then can only be waiting for more.
//!
//! An empty queue does not mean that its tasks are done: one that was taken is no longer in it. So
//! this queue counts the tasks that were finished (`task_done`), and `join` waits for that.
//!
//! A join that waits forever does not say where the task went. The witness that `show` prints is
//! the shortest: there the worker is cancelled before its first task, and all stay in the queue.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Abort, Atomic, Primitives, WorkQueue};

/// A queue of tasks, and the worker that does them.
struct Pool<P: Primitives> {
    queue: WorkQueue<P>,
    worker: P::Abort,
    done: P::Atomic,
}

impl<P: Primitives> Pool<P> {
    /// Does tasks until it is cancelled.
    async fn work(&self) {
        // Being cancelled is how this worker ends.
        let _ = self.worker.run(self.work_forever()).await;
    }

    async fn work_forever(&self) {
        loop {
            self.queue.get().await;
            P::yield_now().await; // <- the bug, if the worker is aborted here: its task is lost
            self.done.fetch_add(1, Ordering::Relaxed);
            self.queue.task_done();
        }
    }

    /// Cancels the worker, and waits until every task is done: forever, if one is not.
    async fn cancel_then_join(&self) {
        self.worker.abort();
        self.queue.join().await;
    }

    /// Waits until every task is done, and cancels the worker.
    async fn join_then_cancel(&self) {
        self.queue.join().await;
        self.worker.abort();
    }
}

impl<P: Primitives> Shared for Pool<P> {
    fn new(actors: usize) -> Self {
        Self {
            queue: WorkQueue::new(0..actors as i64),
            worker: P::Abort::new("worker's handle"),
            done: P::Atomic::new("done", 0),
        }
    }

    /// How many tasks were done.
    fn outcome(&self) -> Value {
        self.done.load(Ordering::Relaxed).into()
    }
}

enum Manager {
    CancelsFirst,
    JoinsFirst,
}

impl Program for Manager {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let manager = match self {
            Self::CancelsFirst => Role::one("manager", Pool::<P>::cancel_then_join),
            Self::JoinsFirst => Role::one("manager", Pool::<P>::join_then_cancel),
        };
        Cast::new(n, [manager, Role::one("worker", Pool::work)])
    }
}

/// There are always two actors; what grows is the number of tasks.
fn every_task_done(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// Every task is done if the worker finishes before it is cancelled. If not, the manager waits
/// forever.
fn every_task_done_or_deadlock(actors: usize) -> Outcomes {
    let mut reached = every_task_done(actors);
    reached.insert(Outcome::Deadlock);
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lost-task",
    summary: "a worker is cancelled with a task in hand, which is then in no queue and never done",
    review: "workers that are aborted before the tasks they took are known to be done",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: every_task_done,
    variants: &[
        Variant::racy(
            "cancel-before-join",
            "cancel the worker, then wait until every task is done",
            &Manager::CancelsFirst,
            every_task_done_or_deadlock,
        ),
        Variant::safe(
            "join-then-cancel",
            "wait until every task is done, then cancel the worker",
            &Manager::JoinsFirst,
        )
        .unlike("cancel-before-join"),
    ],
};
