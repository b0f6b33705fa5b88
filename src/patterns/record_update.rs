//! # record-update
//!
//! Two transactions read a row, compute, and write it back; the second write erases the first. A
//! lock in memory cannot stop them if they run in two processes.
//!
//! ```text
//!   process A        row     process B
//!   acquire A's       0
//!   load -> 0         0
//!                     0      acquire B's      nobody else holds that one
//!                     0      load -> 0
//!   store 1           1
//!                     1      store 1          two updates, one is left
//! ```
//!
//! **In review, look for** a row that is read in one statement and written back in another, and for
//! a lock in memory that is meant to protect what other processes can write to.
//!
//! **The fix** belongs where the row is: lock it there for the whole transaction (`pessimistic`, as
//! `SELECT … FOR UPDATE` does), or write only if its version is still the one that was read, and
//! start again if it is not (`optimistic`). A lock in memory guards the row only as long as every
//! writer shares it, which ends with the second process.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Role, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Lock, Primitives};

/// A row is one word, so that each statement is indivisible: the value in its last nine digits, and
/// before them the version, which every update increments.
const VERSION: i64 = 1_000_000_000;

/// A row of a database, the lock that the database has for it, and a lock in each of two processes.
pub struct Record<P: Primitives, G: Policy> {
    row: P::Atomic,
    row_lock: G::Lock<P>,
    process_locks: [P::Mutex; 2],
}

impl<P: Primitives, G: Policy> Record<P, G> {
    /// Adds one to the value while holding `lock`: reads the row, awaits the round trip, writes it
    /// back. Unless all writers share the lock, the row may have changed in between.
    async fn update_under(&self, lock: &impl Lock) {
        let _guard = lock.acquire().await;
        let seen = self.row.load(Ordering::Relaxed);
        P::yield_now().await;
        self.row.store(updated(seen), Ordering::Relaxed); // <- the bug, without a shared lock
    }

    /// Adds one under the row's lock, if it has one.
    pub async fn update(&self) {
        self.update_under(&self.row_lock).await;
    }

    /// Adds one under the lock of this process, 0 or 1.
    pub async fn update_in(&self, process: usize) {
        self.update_under(&self.process_locks[process]).await;
    }

    /// Adds one if the row still has the version that was read, and starts again if it has not.
    pub async fn update_if_unchanged(&self) {
        loop {
            let seen = self.row.load(Ordering::Relaxed);
            P::yield_now().await;
            if self.row.compare_exchange(seen, updated(seen), Ordering::Relaxed).is_ok() {
                return;
            }
        }
    }
}

/// The row after one more update.
const fn updated(row: i64) -> i64 {
    row + VERSION + 1
}

impl<P: Primitives, G: Policy> Shared for Record<P, G> {
    fn new(_actors: usize) -> Self {
        Self {
            row: P::Atomic::new("row", 0),
            row_lock: G::Lock::<P>::new("row lock"),
            process_locks: [P::Mutex::new("first's lock"), P::Mutex::new("second's lock")],
        }
    }

    /// The value, without the version.
    fn outcome(&self) -> Value {
        (self.row.load(Ordering::Relaxed) % VERSION).into()
    }
}

enum By {
    NoLock,
    RowLock,
    Version,
    ProcessLock,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => Cast::replicas("transaction", n, Record::<P, Unlocked>::update),
            Self::RowLock => Cast::replicas("transaction", n, Record::<P, Locked>::update),
            Self::Version => {
                Cast::replicas("transaction", n, Record::<P, Unlocked>::update_if_unchanged)
            }
            Self::ProcessLock => {
                let first = async |record: &Record<P, Unlocked>| record.update_in(0).await;
                let second = async |record: &Record<P, Unlocked>| record.update_in(1).await;
                let first = Role::replicas("first", n - n / 2, first);
                Cast::new(n, [first, Role::replicas("second", n / 2, second)])
            }
        }
    }
}

fn every_update_kept(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// The last to write adds one to what it had read: to nothing, to all that the others wrote, or to
/// anything in between.
fn at_least_one_kept(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// Within a process, each update reads after the one before has written, and so reads at least 1.
/// Where both processes make several, the last write of all follows another of its own process, and
/// writes at least 2.
fn kept_by_two_processes(actors: usize) -> Outcomes {
    match actors {
        1..=3 => at_least_one_kept(actors),
        _ => outcomes(2..=actors as i64),
    }
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "record-update",
    summary: "two transactions read a row and write it back, and one of the updates is erased",
    review: "a row that is read and written back in two statements, or guarded by a lock in memory",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: every_update_kept,
    variants: &[
        Variant::racy("unlocked", "read, await, write", &By::NoLock, at_least_one_kept),
        Variant::safe("pessimistic", "the row locked from the read to the write", &By::RowLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::safe(
            "optimistic",
            "written only if the version is the one that was read, else tried again",
            &By::Version,
        )
        .guarded_by(&[Guard::CompareExchange]),
        Variant::racy(
            "in-process-lock-two-processes",
            "two processes, each with a lock of its own",
            &By::ProcessLock,
            kept_by_two_processes,
        ),
    ],
};
