//! # lost-update
//!
//! Two actors read the same value, both add to it, and the second write erases the first.
//!
//! ```text
//!   actor 1         value         actor 2
//!   get -> 0          0
//!                     0           get -> 0
//!                     1           set 1
//!   set 1             1                        two increments, one counted
//! ```
//!
//! **In review, look for** a value that is read before an `.await` and written after it.
//!
//! **The fix** is to keep others out between the read and the write: one lock that everyone shares,
//! held over both, or one read-modify-write operation. A lock created inside the call excludes
//! nobody. On an event loop, having no `.await` in between is enough; on threads it is not.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// A counter that several actors add to.
pub struct Counter<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    value: P::Cell,
    atomic: P::Atomic,
}

impl<P: Primitives, G: Policy> Counter<P, G> {
    /// Adds one, yielding between the read and the write, while holding `lock`.
    pub async fn increment_under(&self, lock: &impl Lock) {
        let _guard = lock.acquire().await;
        let seen = self.value.get();
        P::yield_now().await;
        self.value.set(seen + 1); // <- the bug, without a lock that all share: `seen` may be stale
    }

    /// Adds one under the counter's own lock.
    pub async fn increment(&self) {
        self.increment_under(&self.lock).await;
    }

    /// Adds one under a lock that nobody else can see.
    pub async fn increment_with_lock_per_call(&self) {
        self.increment_under(&P::Mutex::new("own lock")).await;
    }

    /// Adds one, yielding twice: after the read and after the addition.
    pub async fn increment_with_two_awaits(&self) {
        let _guard = self.lock.acquire().await;
        let seen = self.value.get();
        P::yield_now().await;
        let sum = seen + 1;
        P::yield_now().await;
        self.value.set(sum); // <- the bug, without the lock: `seen` may be stale
    }

    /// Adds one and then yields, `TIMES` times, all under one guard.
    pub async fn increment_in_loop<const TIMES: usize>(&self) {
        let _guard = self.lock.acquire().await;
        for _ in 0..TIMES {
            let seen = self.value.get();
            self.value.set(seen + 1); // <- the bug, on threads, if the lock is missing
            P::yield_now().await;
        }
    }

    /// Adds one in a single operation.
    pub async fn increment_atomically(&self) {
        self.atomic.fetch_add(1, Ordering::Relaxed);
        P::yield_now().await;
    }

    /// The count, by whichever counter the variant used.
    pub fn total(&self) -> i64 {
        self.value.get() + self.atomic.load(Ordering::Relaxed)
    }
}

impl<P: Primitives, G: Policy> Shared for Counter<P, G> {
    fn new(_actors: usize) -> Self {
        let lock = G::Lock::<P>::new("lock");
        Self { lock, value: P::Cell::new("value", 0), atomic: P::Atomic::new("atomic", 0) }
    }

    fn outcome(&self) -> Value {
        self.total().into()
    }
}

/// How many times each actor of `lock-around-loop` increments.
const ROUNDS: usize = 2;

enum By {
    NoLock,
    OneLock,
    LockPerCall,
    NoAwait,
    FetchAdd,
    TwoAwaits,
    TwoAwaitsOneLock,
    LockAroundLoop,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => tasks(n, Counter::<P, Unlocked>::increment),
            Self::OneLock => tasks(n, Counter::<P, Locked>::increment),
            Self::LockPerCall => tasks(n, Counter::<P, Unlocked>::increment_with_lock_per_call),
            Self::NoAwait => tasks(n, Counter::<P, Unlocked>::increment_in_loop::<1>),
            Self::FetchAdd => tasks(n, Counter::<P, Unlocked>::increment_atomically),
            Self::TwoAwaits => tasks(n, Counter::<P, Unlocked>::increment_with_two_awaits),
            Self::TwoAwaitsOneLock => tasks(n, Counter::<P, Locked>::increment_with_two_awaits),
            Self::LockAroundLoop => tasks(n, Counter::<P, Locked>::increment_in_loop::<ROUNDS>),
        }
    }
}

fn tasks<P: Primitives, G: Policy>(
    actors: usize,
    increment: impl AsyncFn(&Counter<P, G>) + Copy + 'static,
) -> Cast {
    Cast::replicas("task", actors, increment)
}

fn every_increment_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

fn every_round_counted(actors: usize) -> Outcomes {
    outcomes([(actors * ROUNDS) as i64])
}

/// The last to write adds one to what it read earlier: nothing, all that the others counted, or
/// anything in between.
fn at_least_one_counted(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lost-update",
    summary: "two actors read the same value, and the second write erases the first",
    review: "a value that is read before an `.await` and written after it",
    sources: &[
        "Python asyncio race condition fix, Namit Jain, 2025",
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
        "Why Python async concurrency patterns fail (and how to fix them)",
        "Asyncio Race Conditions, Jason Brownlee",
    ],
    allowed: every_increment_counted,
    variants: &[
        Variant::racy("unlocked", "read, await, write", &By::NoLock, at_least_one_counted),
        Variant::safe("locked", "one mutex, held over read, await and write", &By::OneLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::racy(
            "lock-per-call",
            "a new mutex in each call",
            &By::LockPerCall,
            at_least_one_counted,
        ),
        Variant::safe("no-await", "read and write with no await in between", &By::NoAwait)
            .on_threads(at_least_one_counted),
        Variant::safe("atomic", "one fetch_add", &By::FetchAdd).guarded_by(&[Guard::FetchAdd]),
        Variant::racy(
            "two-awaits",
            "read, await, add, await, write",
            &By::TwoAwaits,
            at_least_one_counted,
        ),
        Variant::safe("two-awaits-locked", "the same under one mutex", &By::TwoAwaitsOneLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::safe(
            "lock-around-loop",
            "one mutex, held over a whole loop of increments",
            &By::LockAroundLoop,
        )
        .allowing(every_round_counted)
        .guarded_by(&[Guard::Mutex]),
    ],
};
