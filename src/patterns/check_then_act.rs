//! # check-then-act
//!
//! Two actors find enough in an account, and both take it: the check no longer holds when the
//! actor acts on it.
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
//! it. That the write reads the balance afresh does not help: what is stale is the decision.
//!
//! **The fix** is to let nobody in between the check and the act: one lock held over both, or a
//! compare-exchange that acts only if what was checked is still so. On an event loop, checking
//! again after the last `.await` is enough; on threads it narrows the gap and does not close it.
//!
//! On threads the subtraction itself can lose an update, and then the balance looks right although
//! the money went out twice. So the outcome counts the debits that were granted beside the balance.
//!
//! **A test that cannot fail**: where the debits add up to no more than the balance, as with ten
//! debits of 10 from 100, every check holds and no lock is missed on an event loop. `covered` is
//! that test without a lock.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{Locked, Policy, Unlocked};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
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
    /// Takes `amount` if it is there, giving way between the check and the subtraction.
    pub async fn debit(&self, amount: i64) {
        let _guard = self.lock.acquire().await;
        if self.balance.get() >= amount {
            P::yield_now().await;
            self.subtract(amount); // <- the race: without the lock, others may have taken it by now
        }
    }

    /// The same, checking again after giving way.
    pub async fn debit_with_recheck(&self, amount: i64) {
        let _guard = self.lock.acquire().await;
        if self.balance.get() >= amount {
            P::yield_now().await;
            if self.balance.get() >= amount {
                self.subtract(amount); // <- the race, but only between threads
            }
        }
    }

    /// Takes `amount`, whatever is there. Reads the balance afresh.
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
    /// Takes `amount` if it is there, giving way before every attempt to subtract.
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

/// A debit that empties the account, so that only one can be granted.
struct DebitAll<G>(PhantomData<G>);
struct Recheck;
struct CompareExchange;
/// A debit of so little that all can be granted.
struct Covered;

impl<P: Primitives, G: Policy> Scenario<P> for DebitAll<G> {
    type State = Account<P, G>;
    fn roles(actors: usize) -> Vec<Role<Account<P, G>>> {
        vec![Role::replicas("customer", actors, async |account: &Account<P, G>| {
            account.debit(BALANCE).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for Recheck {
    type State = Account<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Account<P, Unlocked>>> {
        vec![Role::replicas("customer", actors, async |account: &Account<P, Unlocked>| {
            account.debit_with_recheck(BALANCE).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for CompareExchange {
    type State = AtomicAccount<P>;
    fn roles(actors: usize) -> Vec<Role<AtomicAccount<P>>> {
        vec![Role::replicas("customer", actors, async |account: &AtomicAccount<P>| {
            account.debit(BALANCE).await;
        })]
    }
}

impl<P: Primitives> Scenario<P> for Covered {
    type State = Account<P, Unlocked>;
    fn roles(actors: usize) -> Vec<Role<Account<P, Unlocked>>> {
        let share = share(actors);
        vec![Role::replicas("customer", actors, async move |account: &Account<P, Unlocked>| {
            account.debit(share).await;
        })]
    }
}

/// What each of so many actors can take without overdrawing the account.
fn share(actors: usize) -> i64 {
    BALANCE / actors as i64
}

fn one_granted(_actors: usize) -> Outcomes {
    outcomes([statement(1, 0)])
}

/// Whoever checks before the first subtraction is granted its debit, and no debit is lost.
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

/// The same where every check holds.
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
    variants: &[
        Variant::new::<DebitAll<Unlocked>>(
            "unlocked",
            "check, await, subtract",
            one_granted,
            Reaches::everywhere(overdrawn).on_threads(overdrawn_and_miscounted),
        )
        .with_weak_memory_actors(2),
        Variant::new::<DebitAll<Locked>>(
            "locked",
            "one mutex, held over check, await and subtraction",
            one_granted,
            Reaches::everywhere(one_granted),
        )
        .guarded_by(&[Guard::Mutex]),
        Variant::new::<Recheck>(
            "recheck",
            "check again after the await, without a lock",
            one_granted,
            Reaches::everywhere(one_granted).on_threads(overdrawn_and_miscounted),
        )
        .with_weak_memory_actors(2),
        Variant::new::<CompareExchange>(
            "compare-exchange",
            "subtract only if the balance is still what was checked, else check again",
            one_granted,
            Reaches::everywhere(one_granted),
        )
        .guarded_by(&[Guard::CompareExchange]),
        Variant::new::<Covered>(
            "covered",
            "check, await, subtract, where the balance covers every debit",
            all_granted,
            Reaches::everywhere(all_granted).on_threads(all_granted_but_miscounted),
        )
        .with_weak_memory_actors(2),
    ],
};
