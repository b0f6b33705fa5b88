//! check-then-act: what it costs not to overdraw an account.

use std::sync::atomic::{AtomicI64, Ordering};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{Locked, Unlocked};
use selvedge::explore::Value;
use selvedge::patterns::check_then_act::{Account, AtomicAccount};
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::group::{Group, repeat};

/// What every account holds at first.
const BALANCE: i64 = 100;

/// Debits of one each: half are granted, half find the account empty.
const OPERATIONS: usize = 2 * BALANCE as usize;

/// Measures the variants.
pub fn measure(criterion: &mut Criterion) {
    let intact = [("granted", BALANCE), ("balance", 0)];
    let mut group = Group::new(criterion, "check-then-act", OPERATIONS, intact);

    group.racy("tokio/unlocked", |a, t| {
        repeat(a, t, async |a: &Account<Tokio, Unlocked>| a.debit(1).await)
    });
    group.racy("futures/unlocked", |a, t| {
        repeat(a, t, async |a: &Account<Futures, Unlocked>| a.debit(1).await)
    });

    group.safe("by-hand/locked", |a, t| repeat(a, t, async |a: &HandLocked| a.debit(1).await));
    group.safe("tokio/locked", |a, t| {
        repeat(a, t, async |a: &Account<Tokio, Locked>| a.debit(1).await)
    });
    group.safe("futures/locked", |a, t| {
        repeat(a, t, async |a: &Account<Futures, Locked>| a.debit(1).await)
    });

    group.safe("by-hand/compare-exchange", |a, t| {
        repeat(a, t, async |a: &HandAtomic| a.debit(1).await)
    });
    group.safe("tokio/compare-exchange", |a, t| {
        repeat(a, t, async |a: &AtomicAccount<Tokio>| a.debit(1).await)
    });
    group.safe("futures/compare-exchange", |a, t| {
        repeat(a, t, async |a: &AtomicAccount<Futures>| a.debit(1).await)
    });
}

struct HandLocked {
    balance: Mutex<i64>,
    granted: AtomicI64,
}

impl HandLocked {
    async fn debit(&self, amount: i64) {
        let mut balance = self.balance.lock().await;
        if *balance >= amount {
            yield_now().await;
            *balance -= amount;
            self.granted.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Shared for HandLocked {
    fn new(_operations: usize) -> Self {
        Self { balance: Mutex::new(BALANCE), granted: AtomicI64::new(0) }
    }

    fn outcome(&self) -> Value {
        let balance = *self.balance.try_lock().expect("every actor has finished");
        [("granted", self.granted.load(Ordering::Relaxed)), ("balance", balance)].into()
    }
}

struct HandAtomic {
    balance: AtomicI64,
    granted: AtomicI64,
}

impl HandAtomic {
    async fn debit(&self, amount: i64) {
        let mut seen = self.balance.load(Ordering::Relaxed);
        while seen >= amount {
            yield_now().await;
            let left = seen - amount;
            match self.balance.compare_exchange(seen, left, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    self.granted.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                Err(found) => seen = found,
            }
        }
    }
}

impl Shared for HandAtomic {
    fn new(_operations: usize) -> Self {
        Self { balance: AtomicI64::new(BALANCE), granted: AtomicI64::new(0) }
    }

    fn outcome(&self) -> Value {
        let [granted, balance] =
            [&self.granted, &self.balance].map(|word| word.load(Ordering::Relaxed));
        [("granted", granted), ("balance", balance)].into()
    }
}
