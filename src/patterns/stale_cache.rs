//! # stale-cache
//!
//! A refresh that began earlier ends later, and replaces a newer version with an old one.
//!
//! ```text
//!   actor 1             origin   cache        actor 2
//!   change -> 1           1        0
//!                         2        0          change -> 2
//!                         2        2          set entry 2
//!   set entry 1           2        1                         one version behind from here on
//! ```
//!
//! Unlike in `cache-stampede`, every actor has a reason to fill the cache, and filling it twice is
//! right. The bug is what stays: the cache disagrees with the origin until the next change.
//!
//! **In review, look for** an entry that is computed from what was read before an `.await` and
//! inserted after it, with nothing to tell an older result from a newer one.
//!
//! **The fix** is one lock, held from the change to the insertion. On an event loop it is enough
//! that there is no `.await` in between, as `single-insert` shows; on threads it is not. So the
//! lock that the source below holds over a single insertion guards nothing on an event loop.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// One entry of a cache, and the origin that it copies. Versions count from 0.
struct Cache<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    origin: P::Atomic,
    entry: P::Cell,
}

impl<P: Primitives, G: Policy> Cache<P, G> {
    /// Changes the origin and inserts the new version.
    async fn update(&self) {
        let version = self.change();
        self.entry.set(version); // <- the bug, on threads: a newer version may be there
        P::yield_now().await;
    }

    /// Changes the origin, renders the new version, which takes a while, and inserts the result.
    async fn render_and_update(&self) {
        let _guard = self.lock.acquire().await;
        let version = self.change();
        P::yield_now().await;
        self.entry.set(version); // <- the bug, without the lock: a newer version may be there
    }

    /// Changes the origin, to the version that is returned.
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

enum By {
    NoAwait,
    NoLock,
    OneLock,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoAwait => Cast::replicas("writer", n, Cache::<P, Unlocked>::update),
            Self::NoLock => Cast::replicas("writer", n, Cache::<P, Unlocked>::render_and_update),
            Self::OneLock => Cast::replicas("writer", n, Cache::<P, Locked>::render_and_update),
        }
    }
}

fn up_to_date(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// The last actor to insert may have made any of the changes.
fn behind(actors: usize) -> Outcomes {
    outcomes(0..actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "stale-cache",
    summary: "a slow refresh replaces a newer version with an old one",
    review: "a cache entry computed before an `.await` and inserted unconditionally after it",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: up_to_date,
    variants: &[
        Variant::safe(
            "single-insert",
            "change the origin and insert, with no await in between",
            &By::NoAwait,
        )
        .on_threads(behind),
        Variant::racy(
            "read-modify-insert",
            "change the origin, await, insert",
            &By::NoLock,
            behind,
        ),
        Variant::safe("locked", "the same under one mutex", &By::OneLock)
            .guarded_by(&[Guard::Mutex]),
    ],
};
