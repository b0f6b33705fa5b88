//! # torn-read
//!
//! A reader takes an average from two running totals, of which one is ahead of the other.
//!
//! ```text
//!   recorder       sum   count       reader
//!   set sum 10      10     0
//!                   10     0         get sum -> 10
//!                   10     0         get count -> 0         a sum of 10, over no samples
//!   set count 1     10     1
//! ```
//!
//! **In review, look for** totals that accumulate side by side, with an `.await` in between, and
//! are read together: a sum and a count, hits and misses. Two atomics are no better: each is whole,
//! the pair is not.
//!
//! **The fix** is one lock for recorders and readers, or one value that holds both totals and is
//! replaced whole: here one word, and adding to it is one operation.
//!
//! On threads it does not take the recorder's `.await`. The reader itself can be overtaken between
//! its two reads, and find a count that is ahead of the sum; on an event loop it cannot.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// What everyone records. Equal samples, so that the recorders are interchangeable.
const SAMPLE: i64 = 10;

/// How many samples there were, and their sum: as two words, and as one.
pub struct Totals<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    sum: P::Cell,
    count: P::Cell,
    both: P::Atomic,
    seen: P::Cell,
}

impl<P: Primitives, G: Policy> Totals<P, G> {
    /// Adds a sample to the sum, gives way, and counts it.
    pub async fn record(&self) {
        let _guard = self.lock.acquire().await;
        self.sum.set(self.sum.get() + SAMPLE);
        P::yield_now().await; // <- the race: without the lock, the sum is seen ahead of the count
        self.count.set(self.count.get() + 1);
    }

    /// Adds a sample to both totals in a single operation.
    pub async fn record_both(&self) {
        P::yield_now().await;
        self.both.fetch_add(packed(SAMPLE, 1), Ordering::Relaxed);
    }

    /// Reads one total after the other.
    pub async fn read(&self) {
        let _guard = self.lock.acquire().await;
        let sum = self.sum.get();
        let count = self.count.get();
        self.seen.set(packed(sum, count));
    }

    /// Reads both totals in a single operation.
    pub fn read_both(&self) {
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
        totals(seen >> COUNT_BITS, seen & COUNT_MASK)
    }
}

/// How much of a packed word the count takes; the sum takes the rest.
const COUNT_BITS: u32 = 32;
const COUNT_MASK: i64 = (1 << COUNT_BITS) - 1;

/// Both totals in one word, so that words add up as totals do.
const fn packed(sum: i64, count: i64) -> i64 {
    (sum << COUNT_BITS) + count
}

fn totals(sum: i64, count: i64) -> Value {
    [("sum", sum), ("count", count)].into()
}

struct TwoWords<G>(PhantomData<G>);
struct Snapshot;

impl<P: Primitives, G: Policy> Scenario<P> for TwoWords<G> {
    type State = Totals<P, G>;
    fn roles(actors: usize) -> Vec<Role<Totals<P, G>>> {
        vec![
            Role::replicas("recorder", recorders(actors), Totals::record),
            Role::one("reader", Totals::read),
        ]
    }
}

impl<P: Primitives> Scenario<P> for Snapshot {
    type State = Totals<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Totals<P, Unlocked>>> {
        let reader = async |totals: &Totals<P, Unlocked>| totals.read_both();
        vec![
            Role::replicas("recorder", recorders(actors), Totals::record_both),
            Role::one("reader", reader),
        ]
    }
}

/// One actor reads, the others record.
fn recorders(actors: usize) -> usize {
    actors - 1
}

/// The totals for every number of samples in the sum and in the count that can go together.
fn totals_where(actors: usize, is_reached: fn(i64, i64) -> bool) -> Outcomes {
    let most = recorders(actors) as i64;
    let pairs = (0..=most).flat_map(|summed| (0..=most).map(move |counted| (summed, counted)));
    let reached = pairs.filter(|&(summed, counted)| is_reached(summed, counted));
    outcomes(reached.map(|(summed, counted)| totals(summed * SAMPLE, counted)))
}

fn consistent(actors: usize) -> Outcomes {
    totals_where(actors, |summed, counted| summed == counted)
}

/// A sample is summed before it is counted, and the reader reads both in one step.
fn sum_ahead(actors: usize) -> Outcomes {
    totals_where(actors, |summed, counted| summed >= counted)
}

/// Any number of samples may be recorded between the two reads. That recorders also lose each
/// other's samples adds nothing to that.
fn anything(actors: usize) -> Outcomes {
    totals_where(actors, |_, _| true)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "torn-read",
    summary: "a reader takes an average from a sum and a count that do not belong together",
    review: "totals that accumulate side by side, with an `.await` in between, and are read together",
    sources: &[
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
        "Python asyncio race condition fix, Namit Jain, 2025",
    ],
    variants: &[
        Variant::new::<TwoWords<Unlocked>>(
            "unlocked",
            "add to the sum, await, add to the count",
            consistent,
            Reaches::everywhere(sum_ahead).on_threads(anything),
        )
        .with_weak_memory_actors(2),
        Variant::new::<TwoWords<Locked>>(
            "locked",
            "one mutex, held over both additions and over both reads",
            consistent,
            Reaches::everywhere(consistent),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<Snapshot>(
            "snapshot",
            "both totals in one word",
            consistent,
            Reaches::everywhere(consistent),
        )
        .unlike("unlocked"),
    ],
};
