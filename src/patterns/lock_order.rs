//! # lock-order
//!
//! Two actors need the same two locks; each takes one and waits for the other's, forever.
//!
//! ```text
//!   actor 1               checking  savings   actor 2
//!   acquire checking        1          -
//!                           1          2      acquire savings
//!   acquire savings...      1          2
//!                           1          2      acquire checking...      neither releases
//! ```
//!
//! **In review, look for** a lock that is acquired while another is held, and for a second place
//! that acquires the same two the other way round: often one function, called with its arguments
//! swapped.
//!
//! **The fix** is an order among the locks that everyone follows, whatever the order of the
//! arguments, or one lock over everything that is changed together.
//!
//! Whenever all transfers finish, the balances are exact: no check of the sums finds this.

use crate::catalogue::{Cast, NoLock, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Cell, Guard, Lock, Primitives};

/// What each account has at first, and what a transfer moves.
const BALANCE: i64 = 100;
const AMOUNT: i64 = 10;

/// A balance with its own lock.
struct Account<P: Primitives> {
    lock: P::Mutex,
    balance: P::Cell,
}

/// Two accounts, between which money is moved in both directions.
pub struct Bank<P: Primitives> {
    accounts: [Account<P>; 2],
    lock: P::Mutex,
}

/// The accounts' places in the bank.
const CHECKING: usize = 0;
const SAVINGS: usize = 1;

impl<P: Primitives> Bank<P> {
    /// Moves the amount to the other account under `first` and `second`, yielding in between.
    async fn transfer_under(&self, first: &impl Lock, second: &impl Lock, from: usize) {
        let _first = first.acquire().await;
        P::yield_now().await;
        let _second = second.acquire().await; // <- the bug, if its holder may wait for `first`
        self.add(from, -AMOUNT);
        self.add(other(from), AMOUNT);
    }

    /// Locks the account that the amount is taken from, and then the other.
    pub async fn transfer_in_own_order(&self, from: usize) {
        let [first, second] = [&self.accounts[from], &self.accounts[other(from)]];
        self.transfer_under(&first.lock, &second.lock, from).await;
    }

    /// Locks both accounts, in the same order whatever the direction.
    pub async fn transfer_in_one_order(&self, from: usize) {
        let [first, second] = &self.accounts;
        self.transfer_under(&first.lock, &second.lock, from).await;
    }

    /// Locks the bank.
    pub async fn transfer_under_one_lock(&self, from: usize) {
        self.transfer_under(&self.lock, &NoLock, from).await;
    }

    fn add(&self, account: usize, amount: i64) {
        let balance = &self.accounts[account].balance;
        balance.set(balance.get() + amount);
    }
}

fn other(account: usize) -> usize {
    1 - account
}

impl<P: Primitives> Shared for Bank<P> {
    fn new(_actors: usize) -> Self {
        let account = |lock, balance| Account {
            lock: P::Mutex::new(lock),
            balance: P::Cell::new(balance, BALANCE),
        };
        let checking = account("checking lock", "checking");
        let savings = account("savings lock", "savings");
        Self { accounts: [checking, savings], lock: P::Mutex::new("lock") }
    }

    fn outcome(&self) -> Value {
        let [checking, savings] = &self.accounts;
        balances(checking.balance.get(), savings.balance.get())
    }
}

fn balances(checking: i64, savings: i64) -> Value {
    [("checking", checking), ("savings", savings)].into()
}

enum Under {
    OwnOrder,
    OneOrder,
    OneLock,
}

impl Program for Under {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::OwnOrder => both_ways(n, Bank::<P>::transfer_in_own_order),
            Self::OneOrder => both_ways(n, Bank::<P>::transfer_in_one_order),
            Self::OneLock => both_ways(n, Bank::<P>::transfer_under_one_lock),
        }
    }
}

/// As many actors one way as the other, or one more.
fn both_ways<P: Primitives>(
    actors: usize,
    transfer: impl AsyncFn(&Bank<P>, usize) + Copy + 'static,
) -> Cast {
    let spenders = actors / 2;
    let save = async move |bank: &Bank<P>| transfer(bank, CHECKING).await;
    let spend = async move |bank: &Bank<P>| transfer(bank, SAVINGS).await;
    let savers = Role::replicas("saver", actors - spenders, save);
    Cast::new(actors, [savers, Role::replicas("spender", spenders, spend)])
}

/// What one saves another spends, except for the amount of a saver without a counterpart.
fn every_transfer_made(actors: usize) -> Outcomes {
    let saved = AMOUNT * (actors % 2) as i64;
    outcomes([balances(BALANCE - saved, BALANCE + saved)])
}

/// It takes one actor each way, so at least two.
fn every_transfer_made_or_deadlock(actors: usize) -> Outcomes {
    let mut reached = every_transfer_made(actors);
    if actors > 1 {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lock-order",
    summary: "two actors acquire the same two locks in opposite orders, and wait for each other",
    review: "a lock that is acquired while another is held, and elsewhere the other way round",
    sources: &[],
    allowed: every_transfer_made,
    variants: &[
        Variant::racy(
            "opposite",
            "the lock of the account to take from first, then that of the other",
            &Under::OwnOrder,
            every_transfer_made_or_deadlock,
        )
        .with_weak_memory_actors(2),
        Variant::safe("ordered", "both locks, in the same order for everyone", &Under::OneOrder)
            .guarded_by(&[Guard::Mutex])
            .unlike("opposite"),
        Variant::safe("single-lock", "one mutex for both accounts", &Under::OneLock)
            .guarded_by(&[Guard::Mutex])
            .unlike("opposite"),
    ],
};
