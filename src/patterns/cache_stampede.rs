//! # cache-stampede
//!
//! Everyone finds the cache empty, everyone fetches, and whoever stores last decides what is kept.
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
//! **The fix** is to let one actor fetch while the others wait: for a lock held over check, fetch
//! and store; for an event set by whoever claimed the fetch; or for a once-cell, which does the
//! claiming, the waiting and the keeping.
//!
//! Nobody is cancelled here, and no fetch fails. Where that happens, mind the event: a claim is not
//! given back when its actor is dropped, and nobody else would set the event. A guard is dropped
//! with its actor, and a once-cell lets the next actor compute.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use futures::FutureExt;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Event, Guard, Lock, OnceCell, Primitives};

/// What a cache holds that was never filled. Versions count from 1.
const EMPTY: i64 = 0;

/// Where the value comes from: slow, and each fetch gives a newer version.
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

    /// How many fetches there were, which version was kept, and how many readers got none.
    fn outcome(&self, kept: i64) -> Value {
        let count = |count: &P::Atomic| count.load(Ordering::Relaxed);
        let (fetches, empty_handed) = (count(&self.fetches), count(&self.empty_handed));
        [("fetches", fetches), ("kept", kept), ("empty-handed", empty_handed)].into()
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
        self.value.set(version); // <- the race: without the lock, it may have been filled meanwhile
        version
    }

    /// The value: fetched by the first to claim the fetch, and waited for by everyone else.
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

/// The same, its value in a once-cell.
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
        self.origin.outcome(kept.expect("nobody is left who could be computing the value"))
    }
}

struct Load<G>(PhantomData<G>);
struct InFlightEvent;
struct Once;

impl<P: Primitives, G: Policy> Scenario<P> for Load<G> {
    type State = Cache<P, G>;
    fn roles(actors: usize) -> Vec<Role<Cache<P, G>>> {
        vec![Role::replicas("reader", actors, async |cache: &Cache<P, G>| {
            cache.origin.check(cache.load().await);
        })]
    }
}

impl<P: Primitives> Scenario<P> for InFlightEvent {
    type State = Cache<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Cache<P, Unlocked>>> {
        vec![Role::replicas("reader", actors, async |cache: &Cache<P, Unlocked>| {
            cache.origin.check(cache.load_once().await);
        })]
    }
}

impl<P: Primitives> Scenario<P> for Once {
    type State = OnceCache<P>;
    fn roles(actors: usize) -> Vec<Role<OnceCache<P>>> {
        vec![Role::replicas("reader", actors, async |cache: &OnceCache<P>| {
            cache.origin.check(cache.load().await);
        })]
    }
}

fn fetched_and_kept(fetches: i64, kept: i64) -> Value {
    [("fetches", fetches), ("kept", kept), ("empty-handed", 0)].into()
}

fn one_fetch(_actors: usize) -> Outcomes {
    outcomes([fetched_and_kept(1, 1)])
}

/// Whoever checks before the first has stored fetches too, and any of them can store last.
fn any_fetch_kept(actors: usize) -> Outcomes {
    let kept = |fetches| (1..=fetches).map(move |kept| fetched_and_kept(fetches, kept));
    outcomes((1..=actors as i64).flat_map(kept))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "cache-stampede",
    summary: "everyone finds the cache empty and fetches, and the last to store decides",
    review: "a cache that is found empty before an `.await` and filled after it",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    variants: &[
        Variant::new::<Load<Unlocked>>(
            "unlocked",
            "check, fetch, store",
            one_fetch,
            Reaches::everywhere(any_fetch_kept),
        ),
        Variant::new::<Load<Locked>>(
            "locked",
            "one mutex, held over check, fetch and store",
            one_fetch,
            Reaches::everywhere(one_fetch),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<InFlightEvent>(
            "in-flight-event",
            "the first to claim the fetch makes it, the others wait for an event",
            one_fetch,
            Reaches::everywhere(one_fetch),
        )
        .guarded_by(&[Guard::CompareExchange, Guard::Event]),
        Variant::new::<Once>(
            "once-cell",
            "a once-cell, computed by the first to ask",
            one_fetch,
            Reaches::everywhere(one_fetch),
        )
        .guarded_by(&[Guard::OnceCell])
        .with_weak_memory_actors(2),
    ],
};
