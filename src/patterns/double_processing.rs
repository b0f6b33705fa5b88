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
//! **In review, look for** a list of work that is looked at before an `.await` and taken from after
//! it: a status column that is read and then updated is such a list.
//!
//! **The fix** is a queue, where looking and taking are one step, so that an item has one taker; or
//! one lock held over both. That a worker may be cancelled with an item in hand is `lost-task`.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives, Queue};

/// How many tasks there are.
const TASKS: usize = 2;

/// What a list says of a task.
const WAITING: i64 = 0;
const TAKEN: i64 = 1;

/// An item that tells one worker to stop.
const STOP: i64 = -1;

/// Tasks, on a list and in a queue.
pub struct Tasks<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    list: Vec<P::Cell>,
    queue: P::Queue,
    processed: Vec<P::Atomic>,
}

impl<P: Primitives, G: Policy> Tasks<P, G> {
    /// Goes through the list and processes what is waiting.
    pub async fn work_on_list(&self) {
        for task in 0..TASKS {
            if self.take(task).await {
                self.process(task);
            }
        }
    }

    /// Takes a task if it is waiting, giving way in between.
    async fn take(&self, task: usize) -> bool {
        let _guard = self.lock.acquire().await;
        if self.list[task].get() != WAITING {
            return false;
        }
        P::yield_now().await;
        self.list[task].set(TAKEN); // <- the race: without the lock, others may have found it too
        true
    }

    /// Processes what the queue gives, until it is told to stop.
    pub async fn work_on_queue(&self) {
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

struct List<G>(PhantomData<G>);
struct InQueue;

impl<P: Primitives, G: Policy> Scenario<P> for List<G> {
    type State = Tasks<P, G>;
    fn roles(actors: usize) -> Vec<Role<Tasks<P, G>>> {
        vec![Role::replicas("worker", actors, Tasks::work_on_list)]
    }
}

impl<P: Primitives> Scenario<P> for InQueue {
    type State = Tasks<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Tasks<P, Unlocked>>> {
        vec![Role::replicas("worker", actors, Tasks::work_on_queue)]
    }
}

fn each_once(_actors: usize) -> Outcomes {
    outcomes([report(TASKS as i64, TASKS as i64)])
}

/// Each task by one worker at least, and by everyone at most.
fn each_by_anybody(actors: usize) -> Outcomes {
    outcomes((TASKS..=TASKS * actors).map(|times| report(TASKS as i64, times as i64)))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "double-processing",
    summary: "two workers find the same task waiting, and both do it",
    review: "a list of work that is looked at before an `.await` and taken from after it",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    variants: &[
        Variant::new::<List<Unlocked>>(
            "shared-list",
            "look whether a task is waiting, await, take it",
            each_once,
            Reaches::everywhere(each_by_anybody),
        )
        .with_weak_memory_actors(2),
        Variant::new::<List<Locked>>(
            "locked",
            "one mutex, held over looking and taking",
            each_once,
            Reaches::everywhere(each_once),
        )
        .guarded_by(&[Guard::Mutex])
        .with_weak_memory_actors(2),
        Variant::new::<InQueue>(
            "queue",
            "a queue, from which a task is taken as it is looked at",
            each_once,
            Reaches::everywhere(each_once),
        )
        .unlike("shared-list")
        .with_weak_memory_actors(2),
    ],
};
