//! # read-write-upgrade
//!
//! A reader asks to write while it holds its read guard, and waits for every reader to let go, itself
//! included.
//!
//! ```text
//!   actor 1            lock                    actor 2
//!   read               actor 1 reads
//!   write...           actor 1 reads                          waits for its own guard
//!                      actor 1 reads           read...        waits behind the writer
//! ```
//!
//! It takes no second actor. A fair lock, as tokio's is, is then stuck for everyone, because a writer
//! that waits keeps later readers out. To overlook the asker's own guard would not help two readers
//! that both ask: each would wait for the other.
//!
//! **In review, look for** a `write().await` in the scope of a read guard, also of one without a
//! name: the guard in `match lock.read().await.get(key)` lives until the end of the `match`, and before
//! the 2024 edition that of an `if let` lived on in its `else`.
//!
//! **The fix** is to ask to write at once wherever one may have to write; or to let go of the read
//! guard, ask to write, and check again, because others come in between.

use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Extended, Guard, RwLock};

/// What the cache holds before and after it is filled.
const EMPTY: i64 = 0;
const FILLED: i64 = 1;

/// A value that is looked up by everyone, and computed by whoever finds it missing.
pub struct Cache<P: Extended> {
    lock: P::RwLock,
    value: P::Cell,
    computed: P::Atomic,
}

impl<P: Extended> Cache<P> {
    /// Looks the value up, and asks to write in the scope of the read guard.
    pub async fn upgrade(&self) {
        let _reading = self.lock.read().await;
        if self.value.get() == EMPTY {
            let _writing = self.lock.write().await; // <- the race: waits for its own `_reading`
            self.fill().await;
        }
    }

    /// Looks the value up and fills it in under one write guard.
    pub async fn write_first(&self) {
        let _writing = self.lock.write().await;
        if self.value.get() == EMPTY {
            self.fill().await;
        }
    }

    /// Looks the value up and lets go; if it is missing, looks again under a write guard.
    pub async fn let_go_and_recheck(&self) {
        if self.look_up().await == EMPTY {
            self.write_first().await;
        }
    }

    async fn look_up(&self) -> i64 {
        let _reading = self.lock.read().await;
        self.value.get()
    }

    /// Computes the value, which takes a while.
    async fn fill(&self) {
        P::yield_now().await;
        self.computed.fetch_add(1, Ordering::Relaxed);
        self.value.set(FILLED);
    }
}

impl<P: Extended> Shared for Cache<P> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: P::RwLock::new("lock"),
            value: P::Cell::new("value", EMPTY),
            computed: P::Atomic::new("computed", 0),
        }
    }

    /// How often the value was computed.
    fn outcome(&self) -> Value {
        self.computed.load(Ordering::Relaxed).into()
    }
}

struct Upgrade;
struct WriteFirst;
struct Recheck;

impl<P: Extended> Scenario<P> for Upgrade {
    type State = Cache<P>;
    fn roles(actors: usize) -> Vec<Role<Cache<P>>> {
        vec![Role::replicas("reader", actors, Cache::upgrade)]
    }
}

impl<P: Extended> Scenario<P> for WriteFirst {
    type State = Cache<P>;
    fn roles(actors: usize) -> Vec<Role<Cache<P>>> {
        vec![Role::replicas("reader", actors, Cache::write_first)]
    }
}

impl<P: Extended> Scenario<P> for Recheck {
    type State = Cache<P>;
    fn roles(actors: usize) -> Vec<Role<Cache<P>>> {
        vec![Role::replicas("reader", actors, Cache::let_go_and_recheck)]
    }
}

fn computed_once(_actors: usize) -> Outcomes {
    outcomes([1])
}

/// The first to read finds nothing, and nobody writes while it holds its guard, which it does for ever.
fn nobody_gets_through(_actors: usize) -> Outcomes {
    [Outcome::Deadlock].into()
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "read-write-upgrade",
    summary: "a reader asks to write while it holds its read guard, and waits for itself",
    review: "a `write().await` in the scope of a read guard, also of one without a name",
    sources: &[],
    variants: &[
        Variant::without_futures::<Upgrade>(
            "upgrade",
            "look up under a read guard, ask to write in its scope",
            computed_once,
            Reaches::everywhere(nobody_gets_through),
        )
        .with_weak_memory_actors(2),
        Variant::without_futures::<WriteFirst>(
            "write-first",
            "look up and fill in under one write guard",
            computed_once,
            Reaches::everywhere(computed_once),
        )
        .guarded_by(&[Guard::RwLock])
        .unlike("upgrade"),
        Variant::without_futures::<Recheck>(
            "recheck",
            "let go of the read guard, ask to write, look up again",
            computed_once,
            Reaches::everywhere(computed_once),
        )
        .guarded_by(&[Guard::RwLock])
        .unlike("upgrade")
        .with_weak_memory_actors(2),
    ],
};
