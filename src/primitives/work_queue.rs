//! A queue of tasks, and a way to wait until all of them are done.

use std::sync::atomic::Ordering;

use super::{Atomic, Event, Primitives, Queue};

/// One batch of tasks, and when all of them are done: `asyncio.Queue` with `task_done` and `join`.
///
/// Neither tokio nor the futures crate has this, so it is composed, once for every family: a
/// [`Queue`] of the tasks, an [`Atomic`] that counts those not done, and an [`Event`] that is set when
/// there are none left. The batch is complete from the start, because an event stays set.
pub struct WorkQueue<P: Primitives> {
    tasks: P::Queue,
    not_done: P::Atomic,
    all_done: P::Event,
}

impl<P: Primitives> WorkQueue<P> {
    /// A queue of the `tasks`, of which nobody has taken any.
    pub fn new(tasks: std::ops::Range<i64>) -> Self {
        let this = Self {
            not_done: P::Atomic::new("not done", tasks.end - tasks.start),
            tasks: P::Queue::new("tasks"),
            all_done: P::Event::new("all done"),
        };
        if tasks.is_empty() {
            this.all_done.set();
        }
        tasks.for_each(|task| this.tasks.send(task));
        this
    }

    /// Takes the oldest task, waiting forever if there is none. Cancel safe, as
    /// [`Queue::receive`] is; a task that was taken is not put back if its taker is cancelled later.
    #[track_caller]
    pub fn get(&self) -> impl Future<Output = i64> {
        self.tasks.receive()
    }

    /// Says that one task is done, once for each that was taken. All that its worker did before
    /// happens before what follows [`join`](Self::join).
    #[track_caller]
    pub fn task_done(&self) {
        let not_done = self.not_done.fetch_add(-1, Ordering::AcqRel);
        if not_done == 1 {
            self.all_done.set();
        }
    }

    /// Waits until every task is done; forever if one of them never will be. Cancel safe.
    #[track_caller]
    pub fn join(&self) -> impl Future<Output = ()> {
        self.all_done.wait()
    }
}
