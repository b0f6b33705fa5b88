//! lost-update: what it costs to lose no increment.

use std::sync::atomic::{AtomicI64, Ordering};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{Locked, Unlocked};
use selvedge::explore::Value;
use selvedge::patterns::lost_update::Counter;
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::group::{Group, repeat};

const OPERATIONS: usize = 800;

/// Measures the variants.
pub fn measure(criterion: &mut Criterion) {
    let mut group = Group::new(criterion, "lost-update", OPERATIONS, OPERATIONS as i64);

    group.racy("by-hand/unlocked", |c, t| repeat(c, t, HandAtomic::increment_in_two_steps));
    group.racy("tokio/unlocked", |c, t| repeat(c, t, Counter::<Tokio, Unlocked>::increment));
    group.racy("futures/unlocked", |c, t| repeat(c, t, Counter::<Futures, Unlocked>::increment));

    group.safe("by-hand/locked", |c, t| repeat(c, t, HandLocked::increment));
    group.safe("tokio/locked", |c, t| repeat(c, t, Counter::<Tokio, Locked>::increment));
    group.safe("futures/locked", |c, t| repeat(c, t, Counter::<Futures, Locked>::increment));

    group.safe("by-hand/atomic", |c, t| repeat(c, t, HandAtomic::increment));
    group.safe("tokio/atomic", |c, t| {
        repeat(c, t, Counter::<Tokio, Unlocked>::increment_atomically)
    });
    group.safe("futures/atomic", |c, t| {
        repeat(c, t, Counter::<Futures, Unlocked>::increment_atomically)
    });
}

struct HandAtomic(AtomicI64);

impl HandAtomic {
    async fn increment_in_two_steps(&self) {
        let seen = self.0.load(Ordering::Relaxed);
        yield_now().await;
        self.0.store(seen + 1, Ordering::Relaxed); // <- the bug: `seen` may be stale
    }

    async fn increment(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
        yield_now().await;
    }
}

impl Shared for HandAtomic {
    fn new(_operations: usize) -> Self {
        Self(AtomicI64::new(0))
    }

    fn outcome(&self) -> Value {
        self.0.load(Ordering::Relaxed).into()
    }
}

struct HandLocked(Mutex<i64>);

impl HandLocked {
    async fn increment(&self) {
        let mut value = self.0.lock().await;
        let seen = *value;
        yield_now().await;
        *value = seen + 1;
    }
}

impl Shared for HandLocked {
    fn new(_operations: usize) -> Self {
        Self(Mutex::new(0))
    }

    fn outcome(&self) -> Value {
        (*self.0.try_lock().expect("every actor has finished")).into()
    }
}
