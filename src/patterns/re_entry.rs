//! # re-entry
//!
//! A function that holds a lock calls another that acquires the same lock, and waits for itself.
//!
//! ```text
//!   actor 1                          lock
//!   add_pair: acquire                  1
//!     add: acquire...                  1        the holder waits, so nobody releases it
//! ```
//!
//! It takes no second actor: the first call deadlocks, in every world.
//!
//! **In review, look for** a call, under a lock, of a public function of the same type: public
//! functions acquire the lock themselves. No mutex of tokio, futures or std is re-entrant; and as a
//! task may change threads at any `.await`, the thread would not tell who holds an asynchronous
//! lock.
//!
//! **The fix** is a private function that does the work and takes the guard as proof that the lock
//! is held; the public ones acquire it and pass it down. Where the lock owns the data, `&mut` of
//! the data is the better proof: a guard may belong to another lock.

use crate::catalogue::{Cast, Pattern, Program, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Cell, Guard, Lock, Primitives};

/// A journal that is added to one entry at a time, or two.
pub struct Journal<P: Primitives> {
    lock: P::Mutex,
    entries: P::Cell,
}

/// What proves that the journal's lock is held.
type Held<'a, P> = <<P as Primitives>::Mutex as Lock>::Guard<'a>;

impl<P: Primitives> Journal<P> {
    /// Adds one entry.
    pub async fn add(&self) {
        let held = self.lock.acquire().await;
        self.add_held(&held).await;
    }

    /// Adds two entries with no other between them, by the public function. Never returns.
    pub async fn add_pair(&self) {
        let _held = self.lock.acquire().await;
        self.add().await; // <- the bug: `add` waits for the lock held here
        self.add().await;
    }

    /// The same, passing the guard down.
    pub async fn add_pair_held(&self) {
        let held = self.lock.acquire().await;
        self.add_held(&held).await;
        self.add_held(&held).await;
    }

    /// Adds one entry; the caller holds the lock.
    async fn add_held(&self, _held: &Held<'_, P>) {
        let entries = self.entries.get();
        P::yield_now().await;
        self.entries.set(entries + 1);
    }
}

impl<P: Primitives> Shared for Journal<P> {
    fn new(_actors: usize) -> Self {
        Self { lock: P::Mutex::new("lock"), entries: P::Cell::new("entries", 0) }
    }

    fn outcome(&self) -> Value {
        self.entries.get().into()
    }
}

enum By {
    NestedLock,
    LockPassedDown,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NestedLock => Cast::replicas("task", n, Journal::<P>::add_pair),
            Self::LockPassedDown => Cast::replicas("task", n, Journal::<P>::add_pair_held),
        }
    }
}

fn every_pair_added(actors: usize) -> Outcomes {
    outcomes([2 * actors as i64])
}

/// The first to hold the lock waits for itself, and the others for the first.
fn nobody_gets_through(_actors: usize) -> Outcomes {
    [Outcome::Deadlock].into()
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "re-entry",
    summary: "a function acquires a lock that its caller holds, and waits for itself",
    review: "a call, under a lock, of a function that acquires the same lock",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    allowed: every_pair_added,
    variants: &[
        Variant::racy(
            "nested-lock",
            "acquire the lock, call a function that acquires it again",
            &By::NestedLock,
            nobody_gets_through,
        ),
        Variant::safe(
            "lock-passed-down",
            "acquire the lock, pass the guard to a function that asks for it",
            &By::LockPassedDown,
        )
        .guarded_by(&[Guard::Mutex])
        .unlike("nested-lock"),
    ],
};
