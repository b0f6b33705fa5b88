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
//! in Rust, an `Option` or a once-cell that one task unwraps and another fills. The order in which
//! they start guarantees nothing: at the producer's first `.await`, the consumer runs.
//!
//! **The fix** is to make the consumer wait until the producer says that it is ready: an event that
//! stays set, set after the write and awaited before the read.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
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
    /// Sets the configuration up, which takes a while, and then the event.
    pub async fn produce(&self) {
        P::yield_now().await;
        self.value.set(READY);
        self.ready.set();
    }

    /// Uses the configuration, set up or not.
    pub fn consume(&self) {
        let seen = self.value.get(); // <- the bug, without the wait: it may not be there yet
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

    /// How many consumers read before the configuration was set up.
    fn outcome(&self) -> Value {
        self.early_reads.load(Ordering::Relaxed).into()
    }
}

enum By {
    NoWait,
    Event,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoWait => one_producer(n, async |config: &Config<P>| config.consume()),
            Self::Event => one_producer(n, Config::<P>::wait_and_consume),
        }
    }
}

/// One actor produces, the others consume.
fn one_producer<P: Primitives>(
    actors: usize,
    consume: impl AsyncFn(&Config<P>) + Copy + 'static,
) -> Cast {
    let producer = Role::one("producer", Config::produce);
    Cast::new(actors, [producer, Role::replicas("consumer", actors - 1, consume)])
}

fn nobody_reads_early(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Each of the consumers may read before the write or after it.
fn anybody_may_read_early(actors: usize) -> Outcomes {
    let consumers = actors as i64 - 1;
    outcomes(0..=consumers)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "uninitialised-read",
    summary: "a consumer reads what a producer has not written yet",
    review: "actors that are started together, where one sets up what another reads",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    allowed: nobody_reads_early,
    variants: &[
        Variant::racy("unlocked", "read at once", &By::NoWait, anybody_may_read_early),
        Variant::safe(
            "event",
            "wait for an event that the producer sets after its write",
            &By::Event,
        )
        .guarded_by(&[Guard::Event]),
    ],
};
