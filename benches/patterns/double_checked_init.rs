//! double-checked-init: what it costs to publish a value. One operation writes or waits, the rest
//! take the fast path.

use std::sync::atomic::{AtomicI64, Ordering};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{AcquireRelease, Relaxed};
use selvedge::explore::Value;
use selvedge::patterns::double_checked_init::Lazy;
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::OnceCell;
use tokio::task::yield_now;

use crate::group::{Group, repeat};

const OPERATIONS: usize = 800;

/// Measures the variants. In all of them the value is written once; what the relaxed flag breaks
/// is how it is read.
pub fn measure(criterion: &mut Criterion) {
    let intact = [("initialisations", 1), ("misreads", 0)];
    let mut group = Group::new(criterion, "double-checked-init", OPERATIONS, intact);

    group.safe("tokio/relaxed", |l, t| repeat(l, t, Lazy::<Tokio, Relaxed>::get));
    group.safe("futures/relaxed", |l, t| repeat(l, t, Lazy::<Futures, Relaxed>::get));

    group.safe("tokio/acquire-release", |l, t| repeat(l, t, Lazy::<Tokio, AcquireRelease>::get));
    group
        .safe("futures/acquire-release", |l, t| repeat(l, t, Lazy::<Futures, AcquireRelease>::get));

    group.safe("by-hand/once-cell", |l, t| repeat(l, t, HandOnce::get));
    group.safe("tokio/once-cell", |l, t| repeat(l, t, Lazy::<Tokio, Relaxed>::get_once));
    group.safe("futures/once-cell", |l, t| repeat(l, t, Lazy::<Futures, Relaxed>::get_once));
}

struct HandOnce {
    value: OnceCell<i64>,
    initialisations: AtomicI64,
}

impl HandOnce {
    async fn get(&self) -> i64 {
        let initialise = async || {
            yield_now().await;
            self.initialisations.fetch_add(1, Ordering::Relaxed);
            42
        };
        *self.value.get_or_init(initialise).await
    }
}

impl Shared for HandOnce {
    fn new(_operations: usize) -> Self {
        Self { value: OnceCell::new(), initialisations: AtomicI64::new(0) }
    }

    fn outcome(&self) -> Value {
        let initialisations = self.initialisations.load(Ordering::Relaxed);
        [("initialisations", initialisations), ("misreads", 0)].into()
    }
}
