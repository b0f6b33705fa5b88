//! # read-write-upgrade
//!
//! A reader asks to write while it holds its read guard, and waits for every reader to release the
//! lock, itself included.
//!
//! ```text
//!   actor 1            lock                    actor 2
//!   read               actor 1 reads
//!   write...           actor 1 reads                          waits for its own guard
//!                      actor 1 reads           read...        waits behind the writer
//! ```
//!
//! One actor is enough. With a fair lock, as tokio's is, everyone else is stuck from then on, because a
//! waiting writer keeps later readers out. Ignoring the caller's own guard would not help two readers
//! that both ask: each would wait for the other.
//!
//! **In review, look for** a `write().await` in the scope of a read guard, including a temporary one:
//! the guard in `match lock.read().await.get(key)` lives until the end of the `match`, and before the
//! 2024 edition that of an `if let` lived on in its `else`.
//!
//! **The fix** is to ask to write from the start wherever a write may be needed; or to release the read
//! guard, ask to write, and check again, because others may have written in between.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Shared, Variant, WithoutFutures};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Extended, Guard, RwLock};

/// What the cache holds before and after it is filled.
const EMPTY: i64 = 0;
const FILLED: i64 = 1;

/// A value that everyone looks up, computed by the actor that finds it missing.
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
            let _writing = self.lock.write().await; // <- the bug: waits for its own `_reading`
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

    /// Looks the value up under a read guard; if it is missing, looks again under a write guard.
    pub async fn release_and_recheck(&self) {
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

enum By {
    Upgrade,
    WriteFirst,
    Recheck,
}

impl ExtendedProgram for By {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        match self {
            Self::Upgrade => Cast::replicas("reader", n, Cache::<P>::upgrade),
            Self::WriteFirst => Cast::replicas("reader", n, Cache::<P>::write_first),
            Self::Recheck => Cast::replicas("reader", n, Cache::<P>::release_and_recheck),
        }
    }
}

fn computed_once(_actors: usize) -> Outcomes {
    outcomes([1])
}

/// The first to read finds nothing, and nobody can write while it holds its guard, which is forever.
fn nobody_finishes(_actors: usize) -> Outcomes {
    [Outcome::Deadlock].into()
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "read-write-upgrade",
    summary: "a reader asks to write while it holds its read guard, and waits for itself",
    review: "a `write().await` in the scope of a read guard, including a temporary one",
    sources: &[],
    allowed: computed_once,
    variants: &[
        Variant::racy(
            "upgrade",
            "look up under a read guard, ask to write in its scope",
            &WithoutFutures(By::Upgrade),
            nobody_finishes,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "write-first",
            "look up and fill in under one write guard",
            &WithoutFutures(By::WriteFirst),
        )
        .guarded_by(&[Guard::RwLock])
        .unlike("upgrade"),
        Variant::safe(
            "recheck",
            "release the read guard, ask to write, look up again",
            &WithoutFutures(By::Recheck),
        )
        .guarded_by(&[Guard::RwLock])
        .unlike("upgrade")
        .with_weak_memory_actors(2),
    ],
};
