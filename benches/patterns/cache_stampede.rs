//! cache-stampede: what it costs to fetch once. One operation fetches or waits, the rest are hits.

use std::sync::atomic::{AtomicI64, Ordering};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{Locked, Unlocked};
use selvedge::explore::Value;
use selvedge::patterns::cache_stampede::{Cache, OnceCache};
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::{Mutex, OnceCell};
use tokio::task::yield_now;

use crate::group::{Group, repeat};

const OPERATIONS: usize = 800;

/// Measures the variants.
pub fn measure(criterion: &mut Criterion) {
    let intact = [("fetches", 1), ("kept", 1), ("empty-handed", 0)];
    let mut group = Group::new(criterion, "cache-stampede", OPERATIONS, intact);

    group.racy("tokio/unlocked", |c, t| repeat(c, t, Cache::<Tokio, Unlocked>::load));
    group.racy("futures/unlocked", |c, t| repeat(c, t, Cache::<Futures, Unlocked>::load));

    group.safe("by-hand/locked", |c, t| repeat(c, t, HandLocked::load));
    group.safe("tokio/locked", |c, t| repeat(c, t, Cache::<Tokio, Locked>::load));
    group.safe("futures/locked", |c, t| repeat(c, t, Cache::<Futures, Locked>::load));

    group.safe("tokio/in-flight-event", |c, t| repeat(c, t, Cache::<Tokio, Unlocked>::load_once));
    group.safe("futures/in-flight-event", |c, t| {
        repeat(c, t, Cache::<Futures, Unlocked>::load_once)
    });

    group.safe("by-hand/once-cell", |c, t| repeat(c, t, HandOnce::load));
    group.safe("tokio/once-cell", |c, t| repeat(c, t, OnceCache::<Tokio>::load));
    group.safe("futures/once-cell", |c, t| repeat(c, t, OnceCache::<Futures>::load));
}

/// Gives a newer version at each fetch.
#[derive(Default)]
struct Origin(AtomicI64);

impl Origin {
    async fn fetch(&self) -> i64 {
        let version = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        yield_now().await;
        version
    }

    fn outcome(&self, kept: Option<i64>) -> Value {
        let fetches = self.0.load(Ordering::Relaxed);
        [("fetches", fetches), ("kept", kept.unwrap_or_default()), ("empty-handed", 0)].into()
    }
}

struct HandLocked {
    value: Mutex<Option<i64>>,
    origin: Origin,
}

impl HandLocked {
    async fn load(&self) {
        let mut value = self.value.lock().await;
        if value.is_none() {
            *value = Some(self.origin.fetch().await);
        }
    }
}

impl Shared for HandLocked {
    fn new(_operations: usize) -> Self {
        Self { value: Mutex::new(None), origin: Origin::default() }
    }

    fn outcome(&self) -> Value {
        self.origin.outcome(*self.value.try_lock().expect("every actor has finished"))
    }
}

struct HandOnce {
    value: OnceCell<i64>,
    origin: Origin,
}

impl HandOnce {
    async fn load(&self) -> i64 {
        *self.value.get_or_init(|| self.origin.fetch()).await
    }
}

impl Shared for HandOnce {
    fn new(_operations: usize) -> Self {
        Self { value: OnceCell::new(), origin: Origin::default() }
    }

    fn outcome(&self) -> Value {
        self.origin.outcome(self.value.get().copied())
    }
}
