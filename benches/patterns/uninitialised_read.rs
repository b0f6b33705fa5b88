//! uninitialised-read: what it costs to read only what is there. The first actor produces, then
//! everyone consumes; all but the first reads find the configuration ready.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::explore::Value;
use selvedge::patterns::uninitialised_read::Config;
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::watch;
use tokio::task::yield_now;

use crate::group::{Group, repeat};
use crate::setting::Turns;

const OPERATIONS: usize = 800;

/// Measures the variants.
pub fn measure(criterion: &mut Criterion) {
    let mut group = Group::new(criterion, "uninitialised-read", OPERATIONS, 0);

    group.racy("tokio/unlocked", |c, t| {
        let consume = async |c: &Config<Tokio>| c.consume();
        produce_then_consume(c, t, Config::<Tokio>::produce, consume)
    });
    group.racy("futures/unlocked", |c, t| {
        let consume = async |c: &Config<Futures>| c.consume();
        produce_then_consume(c, t, Config::<Futures>::produce, consume)
    });

    group.safe("by-hand/event", |c, t| {
        produce_then_consume(c, t, HandWatched::produce, HandWatched::wait_and_consume)
    });
    group.safe("tokio/event", |c, t| {
        produce_then_consume(c, t, Config::<Tokio>::produce, Config::<Tokio>::wait_and_consume)
    });
    group.safe("futures/event", |c, t| {
        produce_then_consume(c, t, Config::<Futures>::produce, Config::<Futures>::wait_and_consume)
    });
}

/// An actor that produces, if it is the first, and then consumes at every turn.
async fn produce_then_consume<S>(
    config: Arc<S>,
    turns: Turns,
    produce: impl AsyncFn(&S),
    consume: impl AsyncFn(&S),
) {
    if turns.start == 0 {
        produce(&config).await;
    }
    repeat(config, turns, consume).await;
}

struct HandWatched {
    value: AtomicI64,
    ready: watch::Sender<bool>,
    early_reads: AtomicI64,
}

impl HandWatched {
    async fn produce(&self) {
        yield_now().await;
        self.value.store(1, Ordering::Relaxed);
        self.ready.send_replace(true);
    }

    async fn wait_and_consume(&self) {
        let mut ready = self.ready.subscribe();
        ready.wait_for(|&ready| ready).await.expect("the sender is borrowed, so it cannot be gone");
        if self.value.load(Ordering::Relaxed) == 0 {
            self.early_reads.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Shared for HandWatched {
    fn new(_operations: usize) -> Self {
        Self {
            value: AtomicI64::new(0),
            ready: watch::Sender::new(false),
            early_reads: AtomicI64::new(0),
        }
    }

    fn outcome(&self) -> Value {
        self.early_reads.load(Ordering::Relaxed).into()
    }
}
