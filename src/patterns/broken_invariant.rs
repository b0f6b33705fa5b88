//! # broken-invariant
//!
//! An auditor adds up two balances while a transfer has taken from one and not yet given to the
//! other: money that was never lost is missing.
//!
//! ```text
//!   teller          checking  savings        auditor
//!   set checking 70     70      100
//!                       70      100          get checking -> 70
//!                       70      100          get savings -> 100        170, not 200
//!   set savings 130     70      130
//! ```
//!
//! **In review, look for** values that must agree, changed on both sides of an `.await`. Nothing
//! is lost and every write is right; the bug is that others can read between the two writes.
//!
//! **The fix** is one lock for those who change the values and those who read them: a lock that
//! only writers take hides nothing. Or never change them: write a new record beside the old one
//! and publish it in one step, so that a reader finds the old record or the new one, never a mix.
//! Publication must order the record before itself: store with `Release`, load with `Acquire`.
//! What happens without is in `message-publication`.
//!
//! One teller publishes here. Several would have to take turns, or publish by compare-exchange;
//! else a record is built from one that is no longer current, which is `lost-update` again.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Role, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Plain, Primitives};

/// What is in each account at first, and what is moved from one to the other.
const BALANCE: i64 = 100;
const AMOUNT: i64 = 30;

/// What the balances add up to, whatever is moved.
const TOTAL: i64 = 2 * BALANCE;

/// Both balances, which do not change once the record is current.
struct Record<P: Primitives> {
    checking: P::Plain,
    savings: P::Plain,
}

/// Two accounts, kept twice: as balances that change, and as records that are replaced.
struct Accounts<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    checking: P::Cell,
    savings: P::Cell,
    records: [Record<P>; 2],
    current: P::Atomic,
    alarms: P::Atomic,
}

impl<P: Primitives, G: Policy> Accounts<P, G> {
    /// Moves the amount, yielding while it is in neither account.
    async fn transfer(&self) {
        let _guard = self.lock.acquire().await;
        self.checking.set(self.checking.get() - AMOUNT);
        P::yield_now().await; // <- the bug, without the lock: an audit here does not add up
        self.savings.set(self.savings.get() + AMOUNT);
    }

    /// Moves the amount in a new record, yielding while that is half written, and publishes it.
    async fn transfer_in_new_record(&self) {
        let [old, new] = &self.records;
        new.checking.write(old.checking.read() - AMOUNT);
        P::yield_now().await;
        new.savings.write(old.savings.read() + AMOUNT);
        self.current.store(1, Ordering::Release);
    }

    /// Checks that the balances add up.
    async fn audit(&self) {
        let _guard = self.lock.acquire().await;
        self.check(self.checking.get() + self.savings.get());
    }

    /// Checks that the balances of the current record add up.
    fn audit_record(&self) {
        let current = &self.records[self.current.load(Ordering::Acquire) as usize];
        self.check(current.checking.read() + current.savings.read());
    }

    fn check(&self, total: i64) {
        if total != TOTAL {
            self.alarms.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl<P: Primitives, G: Policy> Shared for Accounts<P, G> {
    fn new(_actors: usize) -> Self {
        let record = |balance| Record {
            checking: P::Plain::new("checking", balance),
            savings: P::Plain::new("savings", balance),
        };
        Self {
            lock: G::Lock::<P>::new("lock"),
            checking: P::Cell::new("checking", BALANCE),
            savings: P::Cell::new("savings", BALANCE),
            records: [record(BALANCE), record(0)],
            current: P::Atomic::new("current", 0),
            alarms: P::Atomic::new("alarms", 0),
        }
    }

    /// How many audits did not add up.
    fn outcome(&self) -> Value {
        self.alarms.load(Ordering::Relaxed).into()
    }
}

enum By {
    NoLock,
    OneLock,
    NewRecord,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => one_teller(n, Accounts::<P, Unlocked>::transfer, Accounts::audit),
            Self::OneLock => one_teller(n, Accounts::<P, Locked>::transfer, Accounts::audit),
            Self::NewRecord => {
                let audit = async |accounts: &Accounts<P, Unlocked>| accounts.audit_record();
                one_teller(n, Accounts::transfer_in_new_record, audit)
            }
        }
    }
}

/// One actor transfers, the others audit.
fn one_teller<S: Shared>(
    actors: usize,
    transfer: impl AsyncFn(&S) + Copy + 'static,
    audit: impl AsyncFn(&S) + Copy + 'static,
) -> Cast {
    Cast::new(actors, [Role::one("teller", transfer), Role::replicas("auditor", actors - 1, audit)])
}

fn no_alarm(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Each of the auditors may or may not read in the middle of the transfer.
fn any_auditor_alarmed(actors: usize) -> Outcomes {
    let auditors = actors as i64 - 1;
    outcomes(0..=auditors)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "broken-invariant",
    summary: "an auditor adds up two balances in the middle of a transfer",
    review: "values that must agree, changed on both sides of an `.await`",
    sources: &[
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
        "Python asyncio race condition fix, Namit Jain, 2025",
    ],
    allowed: no_alarm,
    variants: &[
        Variant::racy(
            "unlocked",
            "take from one account, await, give to the other",
            &By::NoLock,
            any_auditor_alarmed,
        ),
        Variant::safe(
            "locked",
            "one mutex, held over the transfer and over the audit",
            &By::OneLock,
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::safe("snapshot", "write a new record and publish it in one step", &By::NewRecord)
            .guarded_by(&[Guard::Ordering])
            .unlike("unlocked"),
    ],
};
