//! # cache-stampede
//!
//! Everyone finds the cache empty, everyone fetches, and what is kept is what was stored last.
//!
//! ```text
//!   actor 1               cache         actor 2
//!   get -> empty          empty
//!   fetch...              empty         get -> empty
//!                         empty         fetch...
//!                         version 2     set version 2
//!   set version 1         version 1                       two fetches, the older one kept
//! ```
//!
//! **In review, look for** a cache that is found empty before an `.await` and filled after it.
//!
//! **The fix** is to let one actor fetch while the others wait: on a lock held across check, fetch
//! and store; on an event set by the claimant; or on a once-cell, which is claim, wait and store in
//! one.
//!
//! No actor is cancelled here, and no fetch fails. With cancellation the event variant hangs: a
//! dropped claimant never sets the event. The lock and the once-cell recover: the guard is dropped
//! with its actor, and the next actor to ask computes.

use std::sync::atomic::Ordering;

use futures::FutureExt;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Event, Guard, Lock, OnceCell, Primitives};

/// What a cache holds before it is filled. Versions count from 1.
const EMPTY: i64 = 0;

/// Where the value comes from: slow, with a newer version at each fetch.
pub struct Origin<P: Primitives> {
    fetches: P::Atomic,
    empty_handed: P::Atomic,
}

impl<P: Primitives> Origin<P> {
    fn new() -> Self {
        let empty_handed = P::Atomic::new("empty-handed", 0);
        Self { fetches: P::Atomic::new("fetches", 0), empty_handed }
    }

    /// The version that is current when the fetch begins.
    async fn fetch(&self) -> i64 {
        let version = self.fetches.fetch_add(1, Ordering::Relaxed) + 1;
        P::yield_now().await;
        version
    }

    /// Counts a reader that asked the cache and got nothing.
    fn check(&self, value: i64) {
        if value == EMPTY {
            self.empty_handed.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// What came of it, with the version that the cache kept.
    fn outcome(&self, kept: i64) -> Value {
        let [fetches, empty_handed] =
            [&self.fetches, &self.empty_handed].map(|count| count.load(Ordering::Relaxed));
        report(fetches, kept, empty_handed)
    }
}

/// A value that is fetched when it is first asked for.
pub struct Cache<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    value: P::Cell,
    origin: Origin<P>,
    claimed: P::Atomic,
    filled: P::Event,
}

impl<P: Primitives, G: Policy> Cache<P, G> {
    /// The value, fetched if the cache is empty.
    pub async fn load(&self) -> i64 {
        let _guard = self.lock.acquire().await;
        let cached = self.value.get();
        if cached != EMPTY {
            return cached;
        }
        let version = self.origin.fetch().await;
        self.value.set(version); // <- the bug, without the lock: a newer one may be there
        version
    }

    /// The value: fetched by the first to claim the fetch, awaited by the others.
    pub async fn load_once(&self) -> i64 {
        if self.claimed.compare_exchange(0, 1, Ordering::Relaxed).is_err() {
            self.filled.wait().await;
            return self.value.get();
        }
        let version = self.origin.fetch().await;
        self.value.set(version);
        self.filled.set();
        version
    }
}

impl<P: Primitives, G: Policy> Shared for Cache<P, G> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            value: P::Cell::new("value", EMPTY),
            origin: Origin::new(),
            claimed: P::Atomic::new("claimed", 0),
            filled: P::Event::new("filled"),
        }
    }

    fn outcome(&self) -> Value {
        self.origin.outcome(self.value.get())
    }
}

/// The same with its value in a once-cell.
pub struct OnceCache<P: Primitives> {
    value: P::OnceCell,
    origin: Origin<P>,
}

impl<P: Primitives> OnceCache<P> {
    /// The value, fetched if the cache is empty.
    pub async fn load(&self) -> i64 {
        self.value.get_or_init(self.origin.fetch()).await
    }
}

impl<P: Primitives> Shared for OnceCache<P> {
    fn new(_actors: usize) -> Self {
        Self { value: P::OnceCell::new("value"), origin: Origin::new() }
    }

    fn outcome(&self) -> Value {
        let kept = self.value.get_or_init(std::future::ready(EMPTY)).now_or_never();
        self.origin.outcome(kept.expect("every actor has finished, so none is computing the value"))
    }
}

enum By {
    NoLock,
    OneLock,
    Event,
    OnceCell,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => Cast::replicas("reader", n, async |cache: &Cache<P, Unlocked>| {
                cache.origin.check(cache.load().await);
            }),
            Self::OneLock => Cast::replicas("reader", n, async |cache: &Cache<P, Locked>| {
                cache.origin.check(cache.load().await);
            }),
            Self::Event => Cast::replicas("reader", n, async |cache: &Cache<P, Unlocked>| {
                cache.origin.check(cache.load_once().await);
            }),
            Self::OnceCell => Cast::replicas("reader", n, async |cache: &OnceCache<P>| {
                cache.origin.check(cache.load().await);
            }),
        }
    }
}

/// How many fetches there were, which version was kept, and how many readers got none.
fn report(fetches: i64, kept: i64, empty_handed: i64) -> Value {
    [("fetches", fetches), ("kept", kept), ("empty-handed", empty_handed)].into()
}

fn one_fetch(_actors: usize) -> Outcomes {
    outcomes([report(1, 1, 0)])
}

/// Every actor that checks before the first has stored fetches too, and any of them can store last.
fn any_fetch_kept(actors: usize) -> Outcomes {
    let kept = |fetches| (1..=fetches).map(move |kept| report(fetches, kept, 0));
    outcomes((1..=actors as i64).flat_map(kept))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "cache-stampede",
    summary: "everyone finds the cache empty and fetches, and the last to store wins",
    review: "a cache that is found empty before an `.await` and filled after it",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    allowed: one_fetch,
    variants: &[
        Variant::racy("unlocked", "check, fetch, store", &By::NoLock, any_fetch_kept),
        Variant::safe("locked", "one mutex, held over check, fetch and store", &By::OneLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::safe(
            "in-flight-event",
            "the first to claim the fetch makes it, the others wait for an event",
            &By::Event,
        )
        .guarded_by(&[Guard::CompareExchange, Guard::Event]),
        Variant::safe("once-cell", "a once-cell, computed by the first to ask", &By::OnceCell)
            .guarded_by(&[Guard::OnceCell])
            .with_weak_memory_actors(2),
    ],
};
