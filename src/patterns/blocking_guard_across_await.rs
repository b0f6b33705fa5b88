//! # blocking-guard-across-await
//!
//! An actor gives way while it holds a lock that blocks threads; whoever asks for the lock next, on
//! the same thread, keeps that thread from ever coming back to the holder.
//!
//! ```text
//!   actor 1          lock      actor 2
//!   acquire          actor 1
//!   gives way        actor 1
//!                    actor 1   acquire: blocks the thread       actor 1 would run on it
//! ```
//!
//! **In review, look for** a guard of `std::sync::Mutex`, or of any lock whose `lock` is not awaited,
//! that is alive at an `.await`. The guards of `std` are not `Send`, so `tokio::spawn` refuses such a
//! future; `spawn_local` and `block_on` do not. Clippy's `await_holding_lock` finds the guards that it
//! knows, of `std` and `parking_lot`.
//!
//! **The fix** is to let go before the await, by a scope around the critical section, or to hold a
//! lock that is awaited: that suspends the actor, and the thread goes on with the others.
//!
//! A thread for each actor has no such trouble: of the races here, this is the one that an event loop
//! has and threads have not. A pool of threads, which none of the worlds is, would have it again once
//! as many actors block as there are threads.

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{BlockingLock, Cell, Guard, Lock, Primitives};

/// A counter, with a lock of either kind.
pub struct Counter<P: Primitives> {
    blocking: P::BlockingMutex,
    awaited: P::Mutex,
    value: P::Cell,
}

impl<P: Primitives> Counter<P> {
    /// Counts one, holding `guard` while it gives way between the read and the write.
    async fn increment_under<G>(&self, guard: G) {
        let seen = self.value.get();
        P::yield_now().await; // <- the race, if the next to ask for the lock blocks this thread
        self.value.set(seen + 1);
        drop(guard);
    }

    /// Holds the blocking lock across the await.
    pub async fn increment_blocking(&self) {
        self.increment_under(self.blocking.acquire()).await;
    }

    /// Holds the awaited lock across the await.
    pub async fn increment_awaiting(&self) {
        self.increment_under(self.awaited.acquire().await).await;
    }

    /// Lets go of the blocking lock before the await.
    pub async fn increment_scoped(&self) {
        {
            let _guard = self.blocking.acquire();
            self.value.set(self.value.get() + 1);
        }
        P::yield_now().await;
    }
}

impl<P: Primitives> Shared for Counter<P> {
    fn new(_actors: usize) -> Self {
        Self {
            blocking: P::BlockingMutex::new("blocking lock"),
            awaited: P::Mutex::new("lock"),
            value: P::Cell::new("value", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.value.get().into()
    }
}

struct Blocking;
struct Scoped;
struct Awaited;

impl<P: Primitives> Scenario<P> for Blocking {
    type State = Counter<P>;
    fn roles(actors: usize) -> Vec<Role<Counter<P>>> {
        vec![Role::replicas("task", actors, Counter::increment_blocking)]
    }
}

impl<P: Primitives> Scenario<P> for Scoped {
    type State = Counter<P>;
    fn roles(actors: usize) -> Vec<Role<Counter<P>>> {
        vec![Role::replicas("task", actors, Counter::increment_scoped)]
    }
}

impl<P: Primitives> Scenario<P> for Awaited {
    type State = Counter<P>;
    fn roles(actors: usize) -> Vec<Role<Counter<P>>> {
        vec![Role::replicas("task", actors, Counter::increment_awaiting)]
    }
}

fn everyone_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// It takes a second actor, which asks for the lock while the first gives way; if each is polled again
/// before the next begins, all get through.
fn everyone_counted_or_deadlock(actors: usize) -> Outcomes {
    let mut reached = everyone_counted(actors);
    if actors > 1 {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "blocking-guard-across-await",
    summary: "an actor gives way while it holds a lock, and the next to ask blocks the thread it needs",
    review: "a guard of a lock that is not awaited, alive at an `.await`",
    sources: &[],
    variants: &[
        Variant::model_only::<Blocking>(
            "blocking-lock",
            "a lock that blocks the thread, held across the await",
            everyone_counted,
            Reaches::everywhere(everyone_counted_or_deadlock)
                .on_threads(everyone_counted)
                .blocking_the_loop(),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::model_only::<Scoped>(
            "scoped",
            "the same lock, let go before the await",
            everyone_counted,
            Reaches::everywhere(everyone_counted),
        )
        .guarded_by(&[Guard::Mutex])
        .unlike("blocking-lock")
        .with_weak_memory_actors(2),
        Variant::new::<Awaited>(
            "async-lock",
            "a lock that suspends the actor, held across the await",
            everyone_counted,
            Reaches::everywhere(everyone_counted),
        )
        .guarded_by(&[Guard::Mutex])
        .unlike("blocking-lock"),
    ],
};
