//! # record-update
//!
//! Two transactions read a row, compute, and write it back; the second write erases the first. The
//! lock that would stop them lives in one process, and the row does not.
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
//! **The fix** lies where the row lies: lock it there for the whole transaction (`pessimistic`, as
//! `SELECT … FOR UPDATE` does), or write only if its version is still the one that was read, and
//! else begin again (`optimistic`). A lock in memory guards the row only as long as every writer
//! shares it, which ends with the second process.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Lock, Primitives};

/// A row is one word, so that one statement is indivisible: the value in its lower half, and in its
/// upper half the version, which every update counts up.
const VERSION: i64 = 1 << 32;
const VALUE: i64 = VERSION - 1;

/// A row of a database, the lock that the database has for it, and a lock in each of two processes.
pub struct Record<P: Primitives, G: Policy> {
    row: P::Atomic,
    row_lock: G::Lock<P>,
    process_locks: [P::Mutex; 2],
}

/// The processes, by the place of their lock.
const FIRST: usize = 0;
const SECOND: usize = 1;

impl<P: Primitives, G: Policy> Record<P, G> {
    /// Adds one to the value: reads the row, awaits the round trip, writes it. A race, unless
    /// everyone who writes holds the same `lock`.
    async fn update_under(&self, lock: &impl Lock) {
        let _guard = lock.acquire().await;
        let seen = self.row.load(Ordering::Relaxed);
        P::yield_now().await;
        self.row.store(updated(seen), Ordering::Relaxed); // <- the race: the row may have changed
    }

    /// Adds one under the row's lock, if it has one.
    pub async fn update(&self) {
        self.update_under(&self.row_lock).await;
    }

    /// Adds one under the lock of this process, 0 or 1.
    pub async fn update_in(&self, process: usize) {
        self.update_under(&self.process_locks[process]).await;
    }

    /// Adds one if the row still has the version that was read, and else begins again.
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
        (self.row.load(Ordering::Relaxed) & VALUE).into()
    }
}

struct Update<G>(PhantomData<G>);
struct Optimistic;
struct TwoProcesses;

impl<P: Primitives, G: Policy> Scenario<P> for Update<G> {
    type State = Record<P, G>;
    fn roles(actors: usize) -> Vec<Role<Record<P, G>>> {
        vec![Role::replicas("transaction", actors, Record::update)]
    }
}

impl<P: Primitives> Scenario<P> for Optimistic {
    type State = Record<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Record<P, Unlocked>>> {
        vec![Role::replicas("transaction", actors, Record::update_if_unchanged)]
    }
}

impl<P: Primitives> Scenario<P> for TwoProcesses {
    type State = Record<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Record<P, Unlocked>>> {
        let first = async |record: &Record<P, Unlocked>| record.update_in(FIRST).await;
        let second = async |record: &Record<P, Unlocked>| record.update_in(SECOND).await;
        let in_second = actors / 2;
        vec![
            Role::replicas("first", actors - in_second, first),
            Role::replicas("second", in_second, second),
        ]
    }
}

fn every_update_kept(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

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
    variants: &[
        Variant::new::<Update<Unlocked>>(
            "unlocked",
            "read, await, write",
            every_update_kept,
            Reaches::everywhere(at_least_one_kept),
        ),
        Variant::new::<Update<Locked>>(
            "pessimistic",
            "the row locked from the read to the write",
            every_update_kept,
            Reaches::everywhere(every_update_kept),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<Optimistic>(
            "optimistic",
            "written only if the version is the one that was read, else once more",
            every_update_kept,
            Reaches::everywhere(every_update_kept),
        )
        .guarded_by(&[Guard::CompareExchange]),
        Variant::new::<TwoProcesses>(
            "in-process-lock-two-processes",
            "two processes, each with a lock of its own",
            every_update_kept,
            Reaches::everywhere(kept_by_two_processes),
        ),
    ],
};
