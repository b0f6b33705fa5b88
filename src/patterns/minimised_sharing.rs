//! # minimised-sharing
//!
//! Everyone counts in one counter that all share, where each could count alone and send the result.
//!
//! ```text
//!   actor 1         total         actor 2
//!   get -> 0          0
//!                     2           get -> 0, set 1, get -> 1, set 2
//!   set 1             1                                              three counted, 1 is left
//! ```
//!
//! **In review, look for** a counter or collection that is shared while it is being filled, and is
//! read only when everyone is done.
//!
//! **The fix** is to share less: each actor fills its own, with the same code and no lock, and sends
//! the result to the one that combines them. What is shared is one message each.

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
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
    /// Counts every item in `counter`, giving way between each read and write.
    async fn count_in(&self, counter: &P::Cell) {
        for _ in 0..ITEMS {
            let seen = counter.get();
            P::yield_now().await;
            counter.set(seen + 1); // <- the race, if others have this counter: `seen` may be stale
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

struct SharedCounter;
struct PerActorThenCombine;

impl<P: Primitives> Scenario<P> for SharedCounter {
    type State = Tally<P>;
    fn roles(actors: usize) -> Vec<Role<Tally<P>>> {
        vec![Role::replicas("task", actors, Tally::count_together)]
    }
}

impl<P: Primitives> Scenario<P> for PerActorThenCombine {
    type State = Tally<P>;
    fn roles(actors: usize) -> Vec<Role<Tally<P>>> {
        vec![
            Role::replicas("task", actors, Tally::count_alone),
            Role::one("combiner", Tally::combine),
        ]
    }
}

fn every_item_counted(actors: usize) -> Outcomes {
    outcomes([(actors * ITEMS) as i64])
}

/// The last to write is in its second round, so what it read there was written before, by itself or
/// by another: at least 1. It leaves at least 2, however many actors there are.
fn at_least_two_counted(actors: usize) -> Outcomes {
    outcomes(2..=(actors * ITEMS) as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "minimised-sharing",
    summary: "everyone counts in one counter, where each could count alone",
    review: "a counter or collection shared while it is filled, and read only when everyone is done",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    variants: &[
        Variant::new::<SharedCounter>(
            "shared-counter",
            "one counter, read and written by everyone on both sides of an await",
            every_item_counted,
            Reaches::everywhere(at_least_two_counted),
        )
        .with_weak_memory_actors(2),
        Variant::new::<PerActorThenCombine>(
            "per-actor-then-combine",
            "each counts alone and sends the result to one more actor, which adds up",
            every_item_counted,
            Reaches::everywhere(every_item_counted),
        )
        .unlike("shared-counter")
        .with_weak_memory_actors(2),
    ],
};
