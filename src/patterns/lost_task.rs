//! # lost-task
//!
//! A worker is cancelled with a task in hand: it is no longer in the queue, and never done.
//!
//! ```text
//!   manager          queue    worker
//!                    task 1
//!                      -      get -> task 1
//!   abort              -      works on it
//!   join...            -
//!                      -      is dropped             task 1 is in no queue, and not done:
//!                      -                             the manager waits for it for ever
//! ```
//!
//! **In review, look for** workers that are aborted or dropped on shutdown, where nobody has waited
//! until what they had taken is done.
//!
//! **The fix** is the order: wait until every task is done, and cancel the workers then, when all
//! they can be doing is to wait for more.
//!
//! That a queue is empty does not say that its tasks are done: one that was taken is no longer in
//! it. So this queue counts what has been finished (`task_done`), and `join` waits for that.
//!
//! A join that waits for ever does not say where the task went. The witness that `show` prints is
//! the shortest: there the worker is cancelled before its first task, and all stay in the queue.

use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Abort, Atomic, Primitives, WorkQueue};

/// A queue of tasks, and the worker that does them.
pub struct Pool<P: Primitives> {
    queue: WorkQueue<P>,
    worker: P::Abort,
    done: P::Atomic,
}

impl<P: Primitives> Pool<P> {
    /// Does tasks until it is cancelled.
    pub async fn work(&self) {
        // A worker that was cancelled has no more to say.
        let _ = self.worker.run(self.work_for_ever()).await;
    }

    async fn work_for_ever(&self) {
        loop {
            self.queue.get().await;
            P::yield_now().await; // <- the race: aborted here, a worker takes its task along
            self.done.fetch_add(1, Ordering::Relaxed);
            self.queue.task_done();
        }
    }

    /// Cancels the worker, and waits until every task is done: for ever, if one is not.
    pub async fn cancel_then_join(&self) {
        self.worker.abort();
        self.queue.join().await;
    }

    /// Waits until every task is done, and cancels the worker.
    pub async fn join_then_cancel(&self) {
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

struct CancelBeforeJoin;
struct JoinThenCancel;

impl<P: Primitives> Scenario<P> for CancelBeforeJoin {
    type State = Pool<P>;
    fn roles(_actors: usize) -> Vec<Role<Pool<P>>> {
        manager_and_worker(Pool::cancel_then_join)
    }
}

impl<P: Primitives> Scenario<P> for JoinThenCancel {
    type State = Pool<P>;
    fn roles(_actors: usize) -> Vec<Role<Pool<P>>> {
        manager_and_worker(Pool::join_then_cancel)
    }
}

fn manager_and_worker<P: Primitives>(
    manager: impl AsyncFn(&Pool<P>) + Copy + 'static,
) -> Vec<Role<Pool<P>>> {
    vec![Role::one("manager", manager), Role::one("worker", Pool::work)]
}

/// There are always two actors; what grows is how many tasks there are.
fn every_task_done(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// Every task is done if the worker gets through before it is cancelled. Else the manager waits for
/// ever.
fn every_task_done_or_deadlock(actors: usize) -> Outcomes {
    let mut reached = every_task_done(actors);
    reached.insert(Outcome::Deadlock);
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lost-task",
    summary: "a worker is cancelled with a task in hand, which is then in no queue and never done",
    review: "workers that are aborted before what they had taken is known to be done",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    variants: &[
        Variant::new::<CancelBeforeJoin>(
            "cancel-before-join",
            "cancel the worker, then wait until every task is done",
            every_task_done,
            Reaches::everywhere(every_task_done_or_deadlock),
        ),
        Variant::new::<JoinThenCancel>(
            "join-then-cancel",
            "wait until every task is done, then cancel the worker",
            every_task_done,
            Reaches::everywhere(every_task_done),
        )
        .unlike("cancel-before-join"),
    ],
};
