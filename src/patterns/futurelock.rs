//! # futurelock
//!
//! An actor waits for a lock that is about to be given to a future of its own, which it has stopped
//! polling.
//!
//! ```text
//!   holder               lock and its queue       task
//!   acquire, set notice  holder
//!                        holder, update           select(&mut update, notice): update joins the queue
//!                        holder, update, report   the notice is set, so report: acquire...
//!   release              update, report           is woken, polls `report`, and never `update`
//! ```
//!
//! **In review, look for** a `select!` over a `&mut` future, or a future kept in a variable across
//! another `.await`, where both need the same lock, semaphore or bounded channel.
//!
//! **The fix** is to keep no future that is not polled: pass it to the `select!` by value, so that it
//! leaves the queue when another branch wins (it must be cancel safe); or make it a task, which the
//! runtime polls whatever its parent waits for.
//!
//! A fair lock, as tokio's is, is handed to the first in the queue, polled or not.
//! `futures::lock::Mutex` is not handed over: unlocking wakes only the first waiter, even one already
//! woken. There it takes a third actor, which takes the lock before `task` asks for it and, on
//! unlocking, wakes `update` again instead of `report`.

use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use futures::future::{Either, select};

use crate::catalogue::{
    Cast, ExtendedProgram, Pattern, Program, Role, Shared, Variant, WithoutFutures,
};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Event, Extended, Lock, Primitives};

/// A count under a fair lock, and the notice upon which it is reported.
pub struct Progress<P: Primitives> {
    lock: P::Mutex,
    count: P::Atomic,
    notice: P::Event,
}

impl<P: Primitives> Progress<P> {
    /// Counts one, in a critical section without an await.
    pub async fn update(&self) {
        let _guard = self.lock.acquire().await;
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// The same, setting the notice and yielding while it holds the lock.
    pub async fn update_slowly(&self) {
        let _guard = self.lock.acquire().await;
        self.notice.set();
        P::yield_now().await;
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// Stands for a report of the count, which needs the lock.
    async fn report(&self) {
        let _guard = self.lock.acquire().await;
    }

    /// Waits for `update`. If the notice comes first, reports and then waits on: unless `update` is a
    /// task, nobody polls it meanwhile.
    async fn wait_and_report(&self, update: impl Future<Output = ()>) {
        let mut update = pin!(update);
        if let Either::Left(_) = select(update.as_mut(), pin!(self.notice.wait())).await {
            return;
        }
        self.report().await; // <- the bug, unless `update` is a task: the lock may be kept for it
        update.await;
    }

    /// Updates within this actor, which keeps the unfinished future while it reports.
    pub async fn select_by_reference(&self) {
        self.wait_and_report(self.update()).await;
    }

    /// Drops the update in order to report, and then starts a new one.
    pub async fn select_by_value(&self) {
        // Both are dropped with the statement.
        let is_updated =
            matches!(select(pin!(self.update()), pin!(self.notice.wait())).await, Either::Left(_));
        if !is_updated {
            self.report().await;
            self.update().await;
        }
    }
}

impl<P: Extended> Progress<P> {
    /// Updates in an actor of its own.
    pub async fn spawn_update(self: &Rc<Self>) {
        let own = Rc::clone(self);
        self.wait_and_report(P::spawn("update", async move { own.update().await })).await;
    }
}

impl<P: Primitives> Shared for Progress<P> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: P::Mutex::new("lock"),
            count: P::Atomic::new("count", 0),
            notice: P::Event::new("notice"),
        }
    }

    fn outcome(&self) -> Value {
        self.count.load(Ordering::Relaxed).into()
    }
}

enum By {
    Reference,
    Value,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let task = match self {
            Self::Reference => Role::one("task", Progress::<P>::select_by_reference),
            Self::Value => Role::one("task", Progress::<P>::select_by_value),
        };
        with_holders(n, task)
    }
}

struct Spawning;

impl ExtendedProgram for Spawning {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        with_holders(n, Role::spawning("task", Progress::<P>::spawn_update))
    }
}

/// The task, and others that hold the lock for a while.
fn with_holders<P: Primitives>(actors: usize, task: Role<Progress<P>>) -> Cast {
    Cast::new(actors, [task, Role::replicas("holder", actors - 1, Progress::update_slowly)])
}

fn everyone_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// It takes another actor, which holds the lock when the update asks for it, and sets the notice.
fn everyone_counted_or_deadlock(actors: usize) -> Outcomes {
    let mut reached = everyone_counted(actors);
    if actors > 1 {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "futurelock",
    summary: "an actor waits for a lock that is given to a future of its own, which it does not poll",
    review: "a future that is kept, and not polled, across an `.await` that needs the same lock",
    sources: &[],
    allowed: everyone_counted,
    variants: &[
        Variant::racy(
            "select-by-reference",
            "select over a reference, and report while the future is kept",
            &By::Reference,
            everyone_counted_or_deadlock,
        )
        .not_on_futures()
        .with_weak_memory_actors(2),
        Variant::safe(
            "owned-future",
            "select by value: the future is dropped before the report, and a new one made after it",
            &By::Value,
        )
        .unlike("select-by-reference")
        .with_weak_memory_actors(2),
        Variant::safe(
            "spawned",
            "the future is a task, which is polled whatever its parent waits for",
            &WithoutFutures(Spawning),
        )
        .unlike("select-by-reference")
        .with_weak_memory_actors(1),
    ],
};
