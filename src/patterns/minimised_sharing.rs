//! # minimised-sharing
//!
//! All actors count in one shared counter, where each could count alone and send the result.
//!
//! ```text
//!   actor 1         total         actor 2
//!   get -> 0          0
//!                     2           get -> 0, set 1, get -> 1, set 2
//!   set 1             1                                              three counted, total 1
//! ```
//!
//! **In review, look for** a counter or collection that is shared while it is being filled, and is
//! read only when all are done.
//!
//! **The fix** is to share less: each actor fills its own, with the same code and no lock, and
//! sends the result to the one that combines them. All that is shared is one message each.

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Primitives, Queue};

/// How many items each actor counts.
const ITEMS: usize = 2;

/// A total that several actors contribute to.
pub struct Tally<P: Primitives> {
    total: P::Cell,
    subtotals: P::Queue,
    contributors: usize,
}

impl<P: Primitives> Tally<P> {
    /// Counts every item in `counter`, yielding between each read and write.
    async fn count_in(&self, counter: &P::Cell) {
        for _ in 0..ITEMS {
            let seen = counter.get();
            P::yield_now().await;
            counter.set(seen + 1); // <- the bug, if `counter` is shared: `seen` may be stale
        }
    }

    /// Counts in the total that everyone shares.
    pub async fn count_together(&self) {
        self.count_in(&self.total).await;
    }

    /// Counts in a counter that nobody else can see, and sends the result.
    pub async fn count_alone(&self) {
        let own = P::Cell::new("own count", 0);
        self.count_in(&own).await;
        self.subtotals.send(own.get());
    }

    /// Adds up what everyone sends.
    pub async fn combine(&self) {
        let mut total = 0;
        for _ in 0..self.contributors {
            total += self.subtotals.receive().await;
        }
        self.total.set(total);
    }
}

impl<P: Primitives> Shared for Tally<P> {
    fn new(actors: usize) -> Self {
        Self {
            total: P::Cell::new("total", 0),
            subtotals: P::Queue::new("subtotals"),
            contributors: actors,
        }
    }

    fn outcome(&self) -> Value {
        self.total.get().into()
    }
}

enum By {
    SharedCounter,
    OwnCounter,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::SharedCounter => Cast::replicas("task", n, Tally::<P>::count_together),
            Self::OwnCounter => {
                let task = Role::replicas("task", n, Tally::<P>::count_alone);
                Cast::new(n, [task, Role::one("combiner", Tally::combine)])
            }
        }
    }
}

fn every_item_counted(actors: usize) -> Outcomes {
    outcomes([(actors * ITEMS) as i64])
}

/// The last write of all is some actor's second, so the value read before it had been written, by
/// that actor or by another, and was at least 1. The write leaves at least 2.
fn at_least_two_counted(actors: usize) -> Outcomes {
    outcomes(2..=(actors * ITEMS) as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "minimised-sharing",
    summary: "everyone counts in one counter, where each could count alone",
    review: "a counter or collection shared while it is filled, and read only when all are done",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: every_item_counted,
    variants: &[
        Variant::racy(
            "shared-counter",
            "one counter, read and written by everyone on both sides of an await",
            &By::SharedCounter,
            at_least_two_counted,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "per-actor-then-combine",
            "each counts alone and sends the result to one more actor, which adds up",
            &By::OwnCounter,
        )
        .unlike("shared-counter")
        .with_weak_memory_actors(2),
    ],
};
