//! # double-processing
//!
//! Two workers find the same task waiting, and both do it.
//!
//! ```text
//!   worker 1            task        worker 2
//!   get -> waiting     waiting
//!                      waiting      get -> waiting
//!                       taken       set taken, process
//!   set taken, process  taken                            one task, done twice
//! ```
//!
//! **In review, look for** a list of work that is checked before an `.await` and taken from after
//! it: a status column that is read and then updated is such a list.
//!
//! **The fix** is a queue, where receiving a task is taking it, so that each task has one taker; or
//! one lock held over both. A worker that is cancelled with a task in hand is `lost-task`.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives, Queue};

/// How many tasks there are.
const TASKS: usize = 2;

/// What the list says of a task.
const WAITING: i64 = 0;
const TAKEN: i64 = 1;

/// An item that tells one worker to stop.
const STOP: i64 = -1;

/// Tasks, on a list and in a queue.
struct Tasks<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    list: Vec<P::Cell>,
    queue: P::Queue,
    processed: Vec<P::Atomic>,
}

impl<P: Primitives, G: Policy> Tasks<P, G> {
    /// Goes through the list and processes every task that is waiting.
    async fn work_on_list(&self) {
        for task in 0..TASKS {
            if self.take(task).await {
                self.process(task);
            }
        }
    }

    /// Takes a task if it is waiting, yielding in between.
    async fn take(&self, task: usize) -> bool {
        let _guard = self.lock.acquire().await;
        if self.list[task].get() != WAITING {
            return false;
        }
        P::yield_now().await;
        self.list[task].set(TAKEN); // <- the bug, without the lock: others may have found it too
        true
    }

    /// Processes what it receives, until it is told to stop.
    async fn work_on_queue(&self) {
        loop {
            let task = self.queue.receive().await;
            if task == STOP {
                return;
            }
            P::yield_now().await;
            self.process(task as usize);
        }
    }

    fn process(&self, task: usize) {
        self.processed[task].fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Primitives, G: Policy> Shared for Tasks<P, G> {
    fn new(actors: usize) -> Self {
        let queue = P::Queue::new("queue");
        (0..TASKS).for_each(|task| queue.send(task as i64));
        (0..actors).for_each(|_| queue.send(STOP));
        Self {
            lock: G::Lock::<P>::new("lock"),
            list: (0..TASKS).map(|_| P::Cell::new("task", WAITING)).collect(),
            queue,
            processed: (0..TASKS).map(|_| P::Atomic::new("processed", 0)).collect(),
        }
    }

    /// How many of the tasks were processed, and how often in all.
    fn outcome(&self) -> Value {
        let times: Vec<_> = self.processed.iter().map(|n| n.load(Ordering::Relaxed)).collect();
        let tasks = times.iter().filter(|&&times| times > 0).count();
        report(tasks as i64, times.iter().sum())
    }
}

fn report(tasks: i64, times: i64) -> Value {
    [("tasks", tasks), ("times", times)].into()
}

enum On {
    List,
    LockedList,
    Queue,
}

impl Program for On {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::List => Cast::replicas("worker", n, Tasks::<P, Unlocked>::work_on_list),
            Self::LockedList => Cast::replicas("worker", n, Tasks::<P, Locked>::work_on_list),
            Self::Queue => Cast::replicas("worker", n, Tasks::<P, Unlocked>::work_on_queue),
        }
    }
}

fn each_once(_actors: usize) -> Outcomes {
    outcomes([report(TASKS as i64, TASKS as i64)])
}

/// Each task is processed by at least one worker, and at most by all of them.
fn each_by_anybody(actors: usize) -> Outcomes {
    outcomes((TASKS..=TASKS * actors).map(|times| report(TASKS as i64, times as i64)))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "double-processing",
    summary: "two workers find the same task waiting, and both do it",
    review: "a list of work that is checked before an `.await` and taken from after it",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: each_once,
    variants: &[
        Variant::racy(
            "shared-list",
            "check whether a task is waiting, await, take it",
            &On::List,
            each_by_anybody,
        )
        .with_weak_memory_actors(2),
        Variant::safe("locked", "one mutex, held over checking and taking", &On::LockedList)
            .guarded_by(&[Guard::Mutex])
            .with_weak_memory_actors(2),
        Variant::safe("queue", "a queue, where receiving a task is taking it", &On::Queue)
            .unlike("shared-list")
            .with_weak_memory_actors(2),
    ],
};
