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
//! **The fix** is to let nobody in between the read and the write: one lock that everyone shares,
//! held over both, or one read-modify-write operation. A lock made afresh in each call is shared
//! with nobody. On an event loop, having no `.await` in between is enough; on threads it is not.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// A counter that several actors add to.
pub struct Counter<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    value: P::Cell,
    atomic: P::Atomic,
}

impl<P: Primitives, G: Policy> Counter<P, G> {
    /// Adds one, giving way between the read and the write, while holding `lock`.
    pub async fn increment_under(&self, lock: &impl Lock) {
        let _guard = lock.acquire().await;
        let seen = self.value.get();
        P::yield_now().await;
        self.value.set(seen + 1); // <- the race: without a lock that all share, `seen` may be stale
    }

    /// Adds one under the counter's own lock.
    pub async fn increment(&self) {
        self.increment_under(&self.lock).await;
    }

    /// Adds one under a lock that nobody else can see.
    pub async fn increment_with_lock_per_call(&self) {
        self.increment_under(&P::Mutex::new("own lock")).await;
    }

    /// Adds one, giving way twice: after the read and after the addition.
    pub async fn increment_with_two_awaits(&self) {
        let _guard = self.lock.acquire().await;
        let seen = self.value.get();
        P::yield_now().await;
        let sum = seen + 1;
        P::yield_now().await;
        self.value.set(sum); // <- the race: without the lock, `seen` may be stale
    }

    /// Adds one and then gives way, so many times, all under one guard.
    pub async fn increment_in_loop(&self, times: usize) {
        let _guard = self.lock.acquire().await;
        for _ in 0..times {
            let seen = self.value.get();
            self.value.set(seen + 1); // <- the race, but only between threads without the lock
            P::yield_now().await;
        }
    }

    /// Adds one in a single operation.
    pub async fn increment_atomically(&self) {
        self.atomic.fetch_add(1, Ordering::Relaxed);
        P::yield_now().await;
    }

    /// The count, in whichever word it was kept.
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

/// How often each actor of `lock-around-loop` goes round.
const ROUNDS: usize = 2;

struct Increment<G>(PhantomData<G>);
struct LockPerCall;
struct NoAwait;
struct AtomicAdd;
struct TwoAwaits<G>(PhantomData<G>);
struct LockAroundLoop;

impl<P: Primitives, G: Policy> Scenario<P> for Increment<G> {
    type State = Counter<P, G>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, G>>> {
        vec![Role::replicas("task", actors, Counter::increment)]
    }
}

impl<P: Primitives> Scenario<P> for LockPerCall {
    type State = Counter<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, Unlocked>>> {
        vec![Role::replicas("task", actors, Counter::increment_with_lock_per_call)]
    }
}

impl<P: Primitives> Scenario<P> for NoAwait {
    type State = Counter<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, Unlocked>>> {
        vec![Role::replicas("task", actors, async |counter: &Counter<P, Unlocked>| {
            counter.increment_in_loop(1).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for AtomicAdd {
    type State = Counter<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, Unlocked>>> {
        vec![Role::replicas("task", actors, Counter::increment_atomically)]
    }
}

impl<P: Primitives, G: Policy> Scenario<P> for TwoAwaits<G> {
    type State = Counter<P, G>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, G>>> {
        vec![Role::replicas("task", actors, Counter::increment_with_two_awaits)]
    }
}

impl<P: Primitives> Scenario<P> for LockAroundLoop {
    type State = Counter<P, Locked>;
    fn roles(actors: usize) -> Vec<Role<Counter<P, Locked>>> {
        vec![Role::replicas("task", actors, async |counter: &Counter<P, Locked>| {
            counter.increment_in_loop(ROUNDS).await;
        })]
    }
}

fn every_increment_counted(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

fn every_round_counted(actors: usize) -> Outcomes {
    outcomes([(actors * ROUNDS) as i64])
}

/// The last to write adds one to what it had read: to nothing, to all that the others counted, or
/// to anything in between.
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
    variants: &[
        Variant::new::<Increment<Unlocked>>(
            "unlocked",
            "read, await, write",
            every_increment_counted,
            Reaches::everywhere(at_least_one_counted),
        ),
        Variant::new::<Increment<Locked>>(
            "locked",
            "one mutex, held over read, await and write",
            every_increment_counted,
            Reaches::everywhere(every_increment_counted),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<LockPerCall>(
            "lock-per-call",
            "a new mutex in each call",
            every_increment_counted,
            Reaches::everywhere(at_least_one_counted),
        ),
        Variant::new::<NoAwait>(
            "no-await",
            "read and write with no await in between",
            every_increment_counted,
            Reaches::everywhere(every_increment_counted).on_threads(at_least_one_counted),
        ),
        Variant::new::<AtomicAdd>(
            "atomic",
            "one fetch_add",
            every_increment_counted,
            Reaches::everywhere(every_increment_counted),
        )
        .guarded_by(&[Guard::FetchAdd]),
        Variant::new::<TwoAwaits<Unlocked>>(
            "two-awaits",
            "read, await, add, await, write",
            every_increment_counted,
            Reaches::everywhere(at_least_one_counted),
        ),
        Variant::new::<TwoAwaits<Locked>>(
            "two-awaits-locked",
            "the same under one mutex",
            every_increment_counted,
            Reaches::everywhere(every_increment_counted),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<LockAroundLoop>(
            "lock-around-loop",
            "one mutex, held over a whole loop of increments",
            every_round_counted,
            Reaches::everywhere(every_round_counted),
        )
        .guarded_by(&[Guard::Mutex]),
    ],
};
