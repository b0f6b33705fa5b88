//! # hidden-yield
//!
//! A call that is ready at once, every time one looks, gives way the one time it opens its log.
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
//! driver. Whether it gives way is the callee's secret, and may change with its version. In a tokio
//! task, most of tokio's own futures give way although they are ready, once the task has used up
//! its budget (`tokio::task::coop`).
//!
//! **The fix** is a lock over check, call and act. On an event loop only, it is enough to call
//! first, and then to check and act with no `.await` in between, as in `check-then-act/recheck`.
//!
//! That every await yields to the event loop, as the source below says, is refuted: only one whose
//! poll returns pending does. So on an event loop only the actor that opens the log can be
//! overtaken, and the seat is sold at most twice; with a log that was opened beforehand (`ready`),
//! as a test may have it, once. On threads anybody can be overtaken.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// What the seat holds.
const FREE: i64 = 0;
const TAKEN: i64 = 1;

/// Whether the log has been opened.
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

/// A seat that several actors would like to have.
pub struct Booking<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    seat: P::Cell,
    log: Log<P>,
    sold: P::Atomic,
}

impl<P: Primitives, G: Policy> Booking<P, G> {
    /// Takes the seat if it is free, and keeps a log.
    pub async fn book(&self) {
        let _guard = self.lock.acquire().await;
        if self.seat.get() == FREE {
            self.log.record().await; // <- the race: without the lock, others get in if it gives way
            self.seat.set(TAKEN);
            self.sold.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn with_log(state: i64) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            seat: P::Cell::new("seat", FREE),
            log: Log { state: P::Atomic::new("log", state) },
            sold: P::Atomic::new("sold", 0),
        }
    }
}

impl<P: Primitives, G: Policy> Shared for Booking<P, G> {
    fn new(_actors: usize) -> Self {
        Self::with_log(CLOSED)
    }

    /// How often the seat was sold.
    fn outcome(&self) -> Value {
        self.sold.load(Ordering::Relaxed).into()
    }
}

/// The same, and the log is open from the beginning.
pub struct OpenedBefore<P: Primitives>(Booking<P, Unlocked>);

impl<P: Primitives> Shared for OpenedBefore<P> {
    fn new(_actors: usize) -> Self {
        Self(Booking::with_log(OPEN))
    }

    fn outcome(&self) -> Value {
        self.0.outcome()
    }
}

struct Book<G>(PhantomData<G>);
struct Ready;

impl<P: Primitives, G: Policy> Scenario<P> for Book<G> {
    type State = Booking<P, G>;
    fn roles(actors: usize) -> Vec<Role<Booking<P, G>>> {
        vec![Role::replicas("customer", actors, Booking::book)]
    }
}

impl<P: Primitives> Scenario<P> for Ready {
    type State = OpenedBefore<P>;
    fn roles(actors: usize) -> Vec<Role<OpenedBefore<P>>> {
        let book = async |booking: &OpenedBefore<P>| booking.0.book().await;
        vec![Role::replicas("customer", actors, book)]
    }
}

fn sold_once(_actors: usize) -> Outcomes {
    outcomes([1])
}

/// To whoever opened the log, and to one customer who came meanwhile.
fn sold_twice_at_most(actors: usize) -> Outcomes {
    outcomes(1..=actors.min(2) as i64)
}

/// Everyone can find the seat free before the first takes it.
fn sold_to_anybody(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "hidden-yield",
    summary: "a call between check and act gives way, although it hardly ever does",
    review: "an `.await` that looks harmless, between a check and what relies on it",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    variants: &[
        Variant::new::<Book<Unlocked>>(
            "unlocked",
            "check, call a helper that gives way the first time, act",
            sold_once,
            Reaches::everywhere(sold_twice_at_most).on_threads(sold_to_anybody),
        )
        .with_weak_memory_actors(2),
        Variant::new::<Ready>(
            "ready",
            "the same, and the helper has nothing left to wait for",
            sold_once,
            Reaches::everywhere(sold_once).on_threads(sold_to_anybody),
        )
        .with_weak_memory_actors(2),
        Variant::new::<Book<Locked>>(
            "locked",
            "one mutex, held over check, call and act",
            sold_once,
            Reaches::everywhere(sold_once),
        )
        .guarded_by(&[Guard::Mutex]),
    ],
};
