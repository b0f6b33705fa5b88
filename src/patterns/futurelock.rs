//! # futurelock
//!
//! An actor waits for a lock that is about to be given to a future of its own, which it has stopped
//! polling.
//!
//! ```text
//!   holder               lock and its queue       task
//!   acquire, set notice  holder
//!                        holder, update           select(&mut update, notice): update joins the queue
//!                        holder, update, report   there is notice, so report: acquire...
//!   release              update, report           is woken, polls `report`, and never `update`
//! ```
//!
//! **In review, look for** a `select!` over a `&mut` future, or a future kept in a variable across
//! another `.await`, where both need the same lock, semaphore or bounded channel.
//!
//! **The fix** is to keep no future that is not polled: give it to the `select!` by value, so that it
//! loses its place in the queue when another branch runs, and must bear being dropped there; or make it
//! a task, which the runtime polls whatever its parent waits for.
//!
//! A fair lock, as tokio's is, is handed to whoever is first in the queue, polled or not. That of the
//! futures crate is not handed over: whoever lets go wakes the first in its list and nobody else, even
//! if that was woken before. So it takes a third actor, who takes the lock before the task does once the
//! update has been woken, and in letting go wakes the update again, and not the report.

use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use futures::future::{Either, select};

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
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

    /// The same, giving notice and giving way while it holds the lock.
    pub async fn update_slowly(&self) {
        let _guard = self.lock.acquire().await;
        self.notice.set();
        P::yield_now().await;
        self.count.fetch_add(1, Ordering::Relaxed);
    }

    /// What is reported is beside the point: it needs the lock.
    async fn report(&self) {
        let _guard = self.lock.acquire().await;
    }

    /// Waits for `update`, and reports in the meantime if there is notice first.
    async fn wait_and_report(&self, update: impl Future<Output = ()>) {
        let mut update = pin!(update);
        if let Either::Right(_) = select(update.as_mut(), pin!(self.notice.wait())).await {
            self.report().await; // <- the race, unless `update` is a task: it may be given the lock
            update.await;
        }
    }

    /// Updates as a part of this actor, which keeps the future while it reports.
    pub async fn select_by_reference(&self) {
        self.wait_and_report(self.update()).await;
    }

    /// Gives up the update to report, and begins it again.
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

struct SelectByReference;
struct OwnedFuture;
struct Spawned;

impl<P: Primitives> Scenario<P> for SelectByReference {
    type State = Progress<P>;
    fn roles(actors: usize) -> Vec<Role<Progress<P>>> {
        with_holders(actors, Role::one("task", Progress::select_by_reference))
    }
}

impl<P: Primitives> Scenario<P> for OwnedFuture {
    type State = Progress<P>;
    fn roles(actors: usize) -> Vec<Role<Progress<P>>> {
        with_holders(actors, Role::one("task", Progress::select_by_value))
    }
}

impl<P: Extended> Scenario<P> for Spawned {
    type State = Progress<P>;
    fn roles(actors: usize) -> Vec<Role<Progress<P>>> {
        with_holders(actors, Role::spawning("task", Progress::spawn_update))
    }
}

/// The task, and others that hold the lock for a while.
fn with_holders<P: Primitives>(actors: usize, task: Role<Progress<P>>) -> Vec<Role<Progress<P>>> {
    let holders = Role::replicas("holder", actors - 1, Progress::update_slowly);
    vec![task, holders]
}

fn everyone_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// It takes somebody else who holds the lock when the update asks for it, and who gives the notice.
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
    variants: &[
        Variant::without_futures::<SelectByReference>(
            "select-by-reference",
            "select over a reference, and report while the future is kept",
            everyone_counted,
            Reaches::everywhere(everyone_counted_or_deadlock),
        )
        .with_weak_memory_actors(2),
        Variant::new::<OwnedFuture>(
            "owned-future",
            "select by value: the future is dropped before the report, and made again after it",
            everyone_counted,
            Reaches::everywhere(everyone_counted),
        )
        .unlike("select-by-reference")
        .with_weak_memory_actors(2),
        Variant::without_futures::<Spawned>(
            "spawned",
            "the future is a task, which is polled whatever its parent waits for",
            everyone_counted,
            Reaches::everywhere(everyone_counted),
        )
        .unlike("select-by-reference")
        .with_weak_memory_actors(1),
    ],
};
