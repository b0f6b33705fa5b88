//! # blocking-guard-across-await
//!
//! An actor yields while it holds a lock that blocks threads. The next to ask for it on the same thread
//! blocks that thread, which the holder needs in order to release it.
//!
//! ```text
//!   actor 1          lock      actor 2
//!   acquire          actor 1
//!   yield            actor 1
//!                    actor 1   acquire: blocks the thread       actor 1 needs it
//! ```
//!
//! **In review, look for** a guard of `std::sync::Mutex`, or of any lock whose `lock` is not awaited,
//! that is alive at an `.await`. The guards of `std` are not `Send`, so `tokio::spawn` refuses such a
//! future; `spawn_local` and `block_on` do not. Clippy's `await_holding_lock` finds the guards that it
//! knows, of `std` and `parking_lot`.
//!
//! **The fix** is to release the lock before the await, by a scope around the critical section, or to
//! use a lock that is awaited: that suspends the actor, and the thread goes on with the others.
//!
//! With a thread for each actor there is no such trouble: this is the one bug in the catalogue that an
//! event loop has and threads do not. A thread pool, which none of the worlds models, has it again once
//! all of its threads are blocked.

use crate::catalogue::{Cast, Pattern, Program, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{BlockingLock, Cell, Guard, Lock, Primitives};

/// A counter, with a lock of either kind.
pub struct Counter<P: Primitives> {
    blocking: P::BlockingMutex,
    awaited: P::Mutex,
    value: P::Cell,
}

impl<P: Primitives> Counter<P> {
    /// Counts one, holding `guard` while it yields between the read and the write.
    async fn increment_under<G>(&self, guard: G) {
        let seen = self.value.get();
        P::yield_now().await; // <- the bug, if the next to ask for the lock blocks this thread
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

    /// Releases the blocking lock before the await.
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

enum Holding {
    Blocking,
    BlockingInScope,
    Awaited,
}

impl Program for Holding {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Blocking => Cast::replicas("task", n, Counter::<P>::increment_blocking),
            Self::BlockingInScope => Cast::replicas("task", n, Counter::<P>::increment_scoped),
            Self::Awaited => Cast::replicas("task", n, Counter::<P>::increment_awaiting),
        }
    }
}

fn everyone_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// It takes a second actor, which asks for the lock while the first yields. If each is polled again
/// before the next begins, all are counted.
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
    summary: "an actor yields while it holds a lock, and the next to ask blocks the thread it needs",
    review: "a guard of a lock that is not awaited, alive at an `.await`",
    sources: &[],
    allowed: everyone_counted,
    variants: &[
        Variant::racy(
            "blocking-lock",
            "a lock that blocks the thread, held across the await",
            &Holding::Blocking,
            everyone_counted_or_deadlock,
        )
        .on_threads(everyone_counted)
        .on_models_only()
        .blocking_the_loop()
        .guarded_by(&[Guard::Mutex]),
        Variant::safe(
            "scoped",
            "the same lock, released before the await",
            &Holding::BlockingInScope,
        )
        .on_models_only()
        .guarded_by(&[Guard::Mutex])
        .unlike("blocking-lock")
        .with_weak_memory_actors(2),
        Variant::safe(
            "async-lock",
            "a lock that suspends the actor, held across the await",
            &Holding::Awaited,
        )
        .guarded_by(&[Guard::Mutex])
        .unlike("blocking-lock"),
    ],
};
