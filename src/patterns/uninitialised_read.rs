//! # uninitialised-read
//!
//! A consumer reads what a producer has not written yet.
//!
//! ```text
//!   producer            config        consumer
//!   setup...            unset
//!                       unset         get -> unset        reads before there is a value
//!   set ready           ready
//! ```
//!
//! **In review, look for** actors that are started together, where one sets up what another reads;
//! in Rust, for an `Option` or a once-cell that a task unwraps and another fills. The order of
//! starting says nothing: the producer's first `.await` lets the consumer in.
//!
//! **The fix** is to make the consumer wait until the producer says that it is ready: an event that
//! stays set, set after the write and awaited before the read.

use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Event, Guard, Primitives};

/// What the configuration holds before and after it is set up.
const UNSET: i64 = 0;
const READY: i64 = 1;

/// A configuration that one actor sets up and others read.
pub struct Config<P: Primitives> {
    value: P::Cell,
    ready: P::Event,
    early_reads: P::Atomic,
}

impl<P: Primitives> Config<P> {
    /// Sets the configuration up, which takes a while, and says so.
    pub async fn produce(&self) {
        P::yield_now().await;
        self.value.set(READY);
        self.ready.set();
    }

    /// Uses the configuration, whether or not it is there.
    pub fn consume(&self) {
        let seen = self.value.get(); // <- the race: without the wait, it may not be there yet
        if seen == UNSET {
            self.early_reads.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Uses the configuration once it is ready.
    pub async fn wait_and_consume(&self) {
        self.ready.wait().await;
        self.consume();
    }
}

impl<P: Primitives> Shared for Config<P> {
    fn new(_actors: usize) -> Self {
        Self {
            value: P::Cell::new("value", UNSET),
            ready: P::Event::new("ready"),
            early_reads: P::Atomic::new("early reads", 0),
        }
    }

    /// How many consumers read what was not there.
    fn outcome(&self) -> Value {
        self.early_reads.load(Ordering::Relaxed).into()
    }
}

struct Ungated;
struct Gated;

impl<P: Primitives> Scenario<P> for Ungated {
    type State = Config<P>;
    fn roles(actors: usize) -> Vec<Role<Config<P>>> {
        let consumer = async |config: &Config<P>| config.consume();
        vec![
            Role::one("producer", Config::produce),
            Role::replicas("consumer", consumers(actors), consumer),
        ]
    }
}

impl<P: Primitives> Scenario<P> for Gated {
    type State = Config<P>;
    fn roles(actors: usize) -> Vec<Role<Config<P>>> {
        vec![
            Role::one("producer", Config::produce),
            Role::replicas("consumer", consumers(actors), Config::wait_and_consume),
        ]
    }
}

/// One actor produces, the others consume.
fn consumers(actors: usize) -> usize {
    actors - 1
}

fn nobody_reads_early(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Each consumer may come before the write or after it.
fn anybody_may_read_early(actors: usize) -> Outcomes {
    outcomes(0..=consumers(actors) as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "uninitialised-read",
    summary: "a consumer reads what a producer has not written yet",
    review: "actors that are started together, where one sets up what another reads",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    variants: &[
        Variant::new::<Ungated>(
            "unlocked",
            "read at once",
            nobody_reads_early,
            Reaches::everywhere(anybody_may_read_early),
        ),
        Variant::new::<Gated>(
            "event",
            "wait for an event that the producer sets after its write",
            nobody_reads_early,
            Reaches::everywhere(nobody_reads_early),
        )
        .guarded_by(&[Guard::Event]),
    ],
};
