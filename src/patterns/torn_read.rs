//! # torn-read
//!
//! A reader takes an average from two running totals, one of which is ahead of the other.
//!
//! ```text
//!   recorder       sum   count       reader
//!   set sum 10      10     0
//!                   10     0         get sum -> 10
//!                   10     0         get count -> 0         a sum of 10, over no samples
//!   set count 1     10     1
//! ```
//!
//! **In review, look for** totals that are updated with an `.await` in between, and read together:
//! a sum and a count, hits and misses. Two atomics are no better: each is read whole, the pair is
//! not.
//!
//! **The fix** is one lock for recorders and readers, or one value that holds both totals and is
//! replaced whole: here one word, to which both are added in one operation.
//!
//! On threads it does not take the recorder's `.await`. Recorders can overtake the reader between
//! its two reads, so that it finds a count ahead of the sum; on an event loop they cannot.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Role, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// What every recorder adds: equal samples, so that recorders are interchangeable.
const SAMPLE: i64 = 10;

/// The number of samples and their sum, kept twice: as two words, and as one.
struct Totals<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    sum: P::Cell,
    count: P::Cell,
    both: P::Atomic,
    seen: P::Cell,
}

impl<P: Primitives, G: Policy> Totals<P, G> {
    /// Adds a sample to the sum, yields, and counts it.
    async fn record(&self) {
        let _guard = self.lock.acquire().await;
        self.sum.set(self.sum.get() + SAMPLE);
        P::yield_now().await; // <- the bug, without the lock: the sum is ahead of the count here
        self.count.set(self.count.get() + 1);
    }

    /// Adds a sample to both totals in a single operation.
    async fn record_both(&self) {
        P::yield_now().await;
        self.both.fetch_add(packed(SAMPLE, 1), Ordering::Relaxed);
    }

    /// Reads one total after the other.
    async fn read(&self) {
        let _guard = self.lock.acquire().await;
        let sum = self.sum.get();
        let count = self.count.get(); // <- the bug, on threads, without the lock: it may be ahead
        self.seen.set(packed(sum, count));
    }

    /// Reads both totals in a single operation.
    fn read_both(&self) {
        self.seen.set(self.both.load(Ordering::Relaxed));
    }
}

impl<P: Primitives, G: Policy> Shared for Totals<P, G> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            sum: P::Cell::new("sum", 0),
            count: P::Cell::new("count", 0),
            both: P::Atomic::new("both", packed(0, 0)),
            seen: P::Cell::new("seen", packed(0, 0)),
        }
    }

    /// What the reader saw.
    fn outcome(&self) -> Value {
        let seen = self.seen.get();
        totals(seen / SUM, seen % SUM)
    }
}

/// What a sum of one adds to a packed word, whose last nine digits are the count.
const SUM: i64 = 1_000_000_000;

/// Both totals in one word. Adding two such words adds their totals.
const fn packed(sum: i64, count: i64) -> i64 {
    sum * SUM + count
}

fn totals(sum: i64, count: i64) -> Value {
    [("sum", sum), ("count", count)].into()
}

enum By {
    NoLock,
    OneLock,
    OneWord,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => one_reader(n, Totals::<P, Unlocked>::record, Totals::read),
            Self::OneLock => one_reader(n, Totals::<P, Locked>::record, Totals::read),
            Self::OneWord => {
                let read = async |totals: &Totals<P, Unlocked>| totals.read_both();
                one_reader(n, Totals::record_both, read)
            }
        }
    }
}

/// One actor reads, the others record.
fn one_reader<S: Shared>(
    actors: usize,
    record: impl AsyncFn(&S) + Copy + 'static,
    read: impl AsyncFn(&S) + Copy + 'static,
) -> Cast {
    Cast::new(actors, [Role::replicas("recorder", actors - 1, record), Role::one("reader", read)])
}

/// The totals of every number of samples summed and counted for which `is_reached` holds.
fn totals_where(actors: usize, is_reached: fn(i64, i64) -> bool) -> Outcomes {
    let recorders = actors as i64 - 1;
    let pairs =
        (0..=recorders).flat_map(|summed| (0..=recorders).map(move |counted| (summed, counted)));
    let reached = pairs.filter(|&(summed, counted)| is_reached(summed, counted));
    outcomes(reached.map(|(summed, counted)| totals(summed * SAMPLE, counted)))
}

fn consistent(actors: usize) -> Outcomes {
    totals_where(actors, |summed, counted| summed == counted)
}

/// A sample is summed before it is counted, and the reader reads both totals in one step.
fn sum_ahead(actors: usize) -> Outcomes {
    totals_where(actors, |summed, counted| summed >= counted)
}

/// Any number of samples may be recorded between the two reads. Recorders also lose each other's
/// samples, which adds no further outcome.
fn anything(actors: usize) -> Outcomes {
    totals_where(actors, |_, _| true)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "torn-read",
    summary: "a reader takes an average from a sum and a count that do not belong together",
    review: "totals that are updated with an `.await` in between, and read together",
    sources: &[
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
        "Python asyncio race condition fix, Namit Jain, 2025",
    ],
    allowed: consistent,
    variants: &[
        Variant::racy(
            "unlocked",
            "add to the sum, await, add to the count",
            &By::NoLock,
            sum_ahead,
        )
        .on_threads(anything)
        .with_weak_memory_actors(2),
        Variant::safe(
            "locked",
            "one mutex, held over both additions and over both reads",
            &By::OneLock,
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::safe("snapshot", "both totals in one word", &By::OneWord).unlike("unlocked"),
    ],
};
