//! # hidden-yield
//!
//! A call between a check and an act is almost always ready. It yields once: when it opens its log.
//!
//! ```text
//!   actor 1             log       seat        actor 2
//!   get seat -> free    closed    free
//!   record: opens it    open      free
//!                       open      free        get seat -> free
//!                       open      free        record: ready at once
//!                       open      taken       set seat taken
//!   set seat taken      open      taken                                 one seat, sold twice
//! ```
//!
//! **In review, look for** any `.await` between a check and what relies on it, however harmless the
//! name of what is awaited: a log, a metric, a token that is refreshed now and then, a database
//! driver. Whether it yields is the callee's own business, and may change with its version. In a
//! tokio task, most of tokio's own futures yield even when they are ready, once the task has used
//! up its budget (`tokio::task::coop`).
//!
//! **The fix** is a lock held over check, call and act. On an event loop it is enough to call
//! first, and then to check and act with no `.await` in between, as in `check-then-act/recheck`.
//!
//! That every await yields to the event loop, as the source below says, is refuted: only one whose
//! poll returns pending does. So on an event loop only the actor that opens the log can be
//! overtaken, and the seat is sold at most twice; with a log that was opened beforehand (`ready`),
//! as a test may have it, once. On threads every actor can be overtaken.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// What the seat holds.
const FREE: i64 = 0;
const TAKEN: i64 = 1;

/// Whether the log is open.
const CLOSED: i64 = 0;
const OPEN: i64 = 1;

/// A log that is opened when the first entry is recorded.
pub struct Log<P: Primitives> {
    state: P::Atomic,
}

impl<P: Primitives> Log<P> {
    /// Records an entry. The first call opens the log; every other is ready at once, and its entry
    /// is kept until the log is open.
    pub async fn record(&self) {
        if self.state.compare_exchange(CLOSED, OPEN, Ordering::Relaxed).is_ok() {
            P::yield_now().await;
        }
    }
}

/// A seat that several actors would like to have, and a log that is open or closed at first.
pub struct Booking<P: Primitives, G: Policy, const LOG: i64> {
    lock: G::Lock<P>,
    seat: P::Cell,
    log: Log<P>,
    sold: P::Atomic,
}

impl<P: Primitives, G: Policy, const LOG: i64> Booking<P, G, LOG> {
    /// Takes the seat if it is free, and records that.
    pub async fn book(&self) {
        let _guard = self.lock.acquire().await;
        if self.seat.get() == FREE {
            self.log.record().await; // <- the bug, without the lock: others may take the seat here
            self.seat.set(TAKEN);
            self.sold.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<P: Primitives, G: Policy, const LOG: i64> Shared for Booking<P, G, LOG> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            seat: P::Cell::new("seat", FREE),
            log: Log { state: P::Atomic::new("log", LOG) },
            sold: P::Atomic::new("sold", 0),
        }
    }

    /// How often the seat was sold.
    fn outcome(&self) -> Value {
        self.sold.load(Ordering::Relaxed).into()
    }
}

enum By {
    NoLock,
    OpenLog,
    OneLock,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => Cast::replicas("customer", n, Booking::<P, Unlocked, CLOSED>::book),
            Self::OpenLog => Cast::replicas("customer", n, Booking::<P, Unlocked, OPEN>::book),
            Self::OneLock => Cast::replicas("customer", n, Booking::<P, Locked, CLOSED>::book),
        }
    }
}

fn sold_once(_actors: usize) -> Outcomes {
    outcomes([1])
}

/// To the customer that opened the log, and to one that came meanwhile.
fn sold_twice_at_most(actors: usize) -> Outcomes {
    outcomes(1..=actors.min(2) as i64)
}

/// Everyone can find the seat free before the first takes it.
fn sold_to_everyone_at_most(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "hidden-yield",
    summary: "a call between check and act yields, although it hardly ever does",
    review: "an `.await` that looks harmless, between a check and what relies on it",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    allowed: sold_once,
    variants: &[
        Variant::racy(
            "unlocked",
            "check, call a helper that yields the first time, act",
            &By::NoLock,
            sold_twice_at_most,
        )
        .on_threads(sold_to_everyone_at_most)
        .with_weak_memory_actors(2),
        Variant::safe(
            "ready",
            "the same, with a helper that has nothing to wait for",
            &By::OpenLog,
        )
        .on_threads(sold_to_everyone_at_most)
        .with_weak_memory_actors(2),
        Variant::safe("locked", "one mutex, held over check, call and act", &By::OneLock)
            .guarded_by(&[Guard::Mutex]),
    ],
};
