//! # check-then-act
//!
//! Two actors find enough in an account, and both take it: what the check found no longer holds
//! when the actor acts on it.
//!
//! ```text
//!   actor 1            balance        actor 2
//!   get -> 100           100
//!                        100          get -> 100
//!                          0          get -> 100, set 0
//!   get -> 0, set -100  -100                               100 was there, 200 was taken
//! ```
//!
//! **In review, look for** a condition that is checked before an `.await` and relied upon after
//! it. Reading the balance again in order to write it does not help: it is the decision that is
//! stale.
//!
//! **The fix** is to keep others out between the check and the act: one lock held over both, or a
//! compare-exchange that acts only if what was checked still holds. On an event loop, checking
//! again after the last `.await` is enough; on threads it narrows the window without closing it.
//!
//! On threads the subtraction itself can lose an update, and then the balance looks right although
//! the money went out twice. So the outcome counts the debits that were granted beside the balance.
//!
//! **A test that cannot fail**: where the debits add up to no more than the balance, as ten debits
//! of 10 from 100 do, every check holds, and on an event loop nothing shows that the lock is
//! missing. `covered` is that test without a lock.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Locked, Pattern, Policy, Program, Shared, Unlocked, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Guard, Lock, Primitives};

/// What is in the account at first.
const BALANCE: i64 = 100;

/// An account that several actors debit.
pub struct Account<P: Primitives, G: Policy> {
    lock: G::Lock<P>,
    balance: P::Cell,
    granted: P::Atomic,
}

impl<P: Primitives, G: Policy> Account<P, G> {
    /// Takes `amount` if it is there, yielding between the check and the subtraction.
    pub async fn debit(&self, amount: i64) {
        let _guard = self.lock.acquire().await;
        if self.balance.get() >= amount {
            P::yield_now().await;
            self.subtract(amount); // <- the bug, without the lock: others may have taken it by now
        }
    }

    /// The same, checking again after yielding.
    pub async fn debit_with_recheck(&self, amount: i64) {
        let _guard = self.lock.acquire().await;
        if self.balance.get() >= amount {
            P::yield_now().await;
            if self.balance.get() >= amount {
                self.subtract(amount); // <- the bug, on threads: others may still come in between
            }
        }
    }

    /// Takes `amount` from the balance of this moment, whatever that is.
    fn subtract(&self, amount: i64) {
        let now = self.balance.get();
        self.balance.set(now - amount);
        self.granted.fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Primitives, G: Policy> Shared for Account<P, G> {
    fn new(_actors: usize) -> Self {
        Self {
            lock: G::Lock::<P>::new("lock"),
            balance: P::Cell::new("balance", BALANCE),
            granted: P::Atomic::new("granted", 0),
        }
    }

    /// How many debits were granted, and what is left.
    fn outcome(&self) -> Value {
        statement(self.granted.load(Ordering::Relaxed), self.balance.get())
    }
}

/// An account whose balance changes by compare-exchange only.
pub struct AtomicAccount<P: Primitives> {
    balance: P::Atomic,
    granted: P::Atomic,
}

impl<P: Primitives> AtomicAccount<P> {
    /// Takes `amount` if it is there, yielding before every attempt to subtract.
    pub async fn debit(&self, amount: i64) {
        let mut seen = self.balance.load(Ordering::Relaxed);
        while seen >= amount {
            P::yield_now().await;
            match self.balance.compare_exchange(seen, seen - amount, Ordering::Relaxed) {
                Ok(_) => {
                    self.granted.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                Err(found) => seen = found,
            }
        }
    }
}

impl<P: Primitives> Shared for AtomicAccount<P> {
    fn new(_actors: usize) -> Self {
        Self { balance: P::Atomic::new("balance", BALANCE), granted: P::Atomic::new("granted", 0) }
    }

    fn outcome(&self) -> Value {
        statement(self.granted.load(Ordering::Relaxed), self.balance.load(Ordering::Relaxed))
    }
}

fn statement(granted: i64, balance: i64) -> Value {
    [("granted", granted), ("balance", balance)].into()
}

enum By {
    NoLock,
    OneLock,
    Recheck,
    CompareExchange,
    NoShortage,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::NoLock => customers(n, BALANCE, Account::<P, Unlocked>::debit),
            Self::OneLock => customers(n, BALANCE, Account::<P, Locked>::debit),
            Self::Recheck => customers(n, BALANCE, Account::<P, Unlocked>::debit_with_recheck),
            Self::CompareExchange => customers(n, BALANCE, AtomicAccount::<P>::debit),
            Self::NoShortage => customers(n, share(n), Account::<P, Unlocked>::debit),
        }
    }
}

/// Actors that each debit `amount`.
fn customers<S: Shared>(
    actors: usize,
    amount: i64,
    debit: impl AsyncFn(&S, i64) + Copy + 'static,
) -> Cast {
    Cast::replicas("customer", actors, async move |account: &S| debit(account, amount).await)
}

/// What each of so many actors can take without overdrawing the account.
fn share(actors: usize) -> i64 {
    BALANCE / actors as i64
}

/// A debit of the whole balance can be granted once.
fn one_granted(_actors: usize) -> Outcomes {
    outcomes([statement(1, 0)])
}

/// Every actor that checks before the first subtraction is granted its debit, and the balance shows
/// every debit.
fn overdrawn(actors: usize) -> Outcomes {
    outcomes((1..=actors as i64).map(|granted| statement(granted, BALANCE - granted * BALANCE)))
}

/// Subtractions can also overwrite each other: the balance shows at least one of the debits that
/// were granted, and may have lost any of the others.
fn overdrawn_and_miscounted(actors: usize) -> Outcomes {
    let counted = |granted| (1..=granted).map(move |counted| (granted, counted));
    let each = (1..=actors as i64).flat_map(counted);
    outcomes(each.map(|(granted, counted)| statement(granted, BALANCE - counted * BALANCE)))
}

fn all_granted(actors: usize) -> Outcomes {
    outcomes([statement(actors as i64, BALANCE - actors as i64 * share(actors))])
}

/// Every check holds, but subtractions overwrite each other: the balance shows at least one.
fn all_granted_but_miscounted(actors: usize) -> Outcomes {
    let granted = actors as i64;
    outcomes((1..=granted).map(|counted| statement(granted, BALANCE - counted * share(actors))))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "check-then-act",
    summary: "two actors check the same balance, and both take what is there only once",
    review: "a condition that is checked before an `.await` and relied upon after it",
    sources: &["Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026"],
    allowed: one_granted,
    variants: &[
        Variant::racy("unlocked", "check, await, subtract", &By::NoLock, overdrawn)
            .on_threads(overdrawn_and_miscounted)
            .with_weak_memory_actors(2),
        Variant::safe("locked", "one mutex, held over check, await and subtraction", &By::OneLock)
            .guarded_by(&[Guard::Mutex]),
        Variant::safe("recheck", "check again after the await, without a lock", &By::Recheck)
            .on_threads(overdrawn_and_miscounted)
            .with_weak_memory_actors(2),
        Variant::safe(
            "compare-exchange",
            "subtract only if the balance is still what was checked, else check again",
            &By::CompareExchange,
        )
        .guarded_by(&[Guard::CompareExchange]),
        Variant::safe(
            "covered",
            "check, await, subtract, where the balance covers every debit",
            &By::NoShortage,
        )
        .allowing(all_granted)
        .on_threads(all_granted_but_miscounted)
        .with_weak_memory_actors(2),
    ],
};
