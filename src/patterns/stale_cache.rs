//! # stale-cache
//!
//! A refresh that began earlier ends later, and puts an old version in the place of a newer one.
//!
//! ```text
//!   actor 1             origin   cache        actor 2
//!   change -> 1           1        0
//!                         2        0          change -> 2
//!                         2        2          set entry 2
//!   set entry 1           2        1                         nobody will come to repair it
//! ```
//!
//! Unlike in `cache-stampede`, everyone has a reason to fill the cache, and doing so twice is
//! right. What is wrong is what stays: the cache disagrees with the origin until the next change.
//!
//! **In review, look for** an entry that is computed from what was read before an `.await` and
//! inserted after it, with nothing to tell an older result from a newer one.
//!
//! **The fix** is one lock, held from the change to the insertion. On an event loop it is enough
//! that no `.await` lies in between, as `single-insert` shows; on threads it is not. So the lock
//! that the source below holds over a single insertion guards nothing on an event loop.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// One entry of a cache, and the origin that it is a copy of. Versions count from 0.
pub struct Cache<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    origin: P::Atomic,
    entry: P::Cell,
}

impl<P: Primitives, G: Policy> Cache<P, G> {
    /// Changes the origin and inserts the new version.
    pub async fn update(&self) {
        let version = self.change();
        self.entry.set(version); // <- the race, but only between threads
        P::yield_now().await;
    }

    /// Changes the origin, renders the new version, which takes a while, and inserts the result.
    pub async fn render_and_update(&self) {
        let _guard = self.lock.acquire().await;
        let version = self.change();
        P::yield_now().await;
        self.entry.set(version); // <- the race: without the lock, a newer version may be there
    }

    /// Changes the origin. The version that it has then.
    fn change(&self) -> i64 {
        self.origin.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl<P: Primitives, G: Policy> Shared for Cache<P, G> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            origin: P::Atomic::new("origin", 0),
            entry: P::Cell::new("entry", 0),
        }
    }

    /// How many versions the cache is behind the origin.
    fn outcome(&self) -> Value {
        (self.origin.load(Ordering::Relaxed) - self.entry.get()).into()
    }
}

struct SingleInsert;
struct ReadModifyInsert<G>(PhantomData<G>);

impl<P: Primitives> Scenario<P> for SingleInsert {
    type State = Cache<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Cache<P, Unlocked>>> {
        vec![Role::replicas("writer", actors, Cache::update)]
    }
}

impl<P: Primitives, G: Policy> Scenario<P> for ReadModifyInsert<G> {
    type State = Cache<P, G>;
    fn roles(actors: usize) -> Vec<Role<Cache<P, G>>> {
        vec![Role::replicas("writer", actors, Cache::render_and_update)]
    }
}

fn up_to_date(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Whoever inserts last may have made any of the changes.
fn behind(actors: usize) -> Outcomes {
    outcomes(0..actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "stale-cache",
    summary: "a slow refresh puts an old version in the place of a newer one",
    review: "a cache entry that is computed before an `.await` and inserted after it, whatever is there",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    variants: &[
        Variant::new::<SingleInsert>(
            "single-insert",
            "change the origin and insert, with no await in between",
            up_to_date,
            Reaches::everywhere(up_to_date).on_threads(behind),
        ),
        Variant::new::<ReadModifyInsert<Unlocked>>(
            "read-modify-insert",
            "change the origin, await, insert",
            up_to_date,
            Reaches::everywhere(behind),
        ),
        Variant::new::<ReadModifyInsert<Locked>>(
            "locked",
            "the same under one mutex",
            up_to_date,
            Reaches::everywhere(up_to_date),
        )
        .guarded_by(&[Guard::Mutex]),
    ],
};
