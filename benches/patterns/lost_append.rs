//! lost-append: what it costs to keep every item of a shared list.

use std::sync::Arc;

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{Locked, Unlocked};
use selvedge::explore::Value;
use selvedge::patterns::lost_append::List;
use selvedge::primitives::{Futures, Tokio};
use tokio::sync::Mutex;
use tokio::task::yield_now;

use crate::group::{Group, repeat};
use crate::setting::Turns;

/// Few, because an append copies the list.
const OPERATIONS: usize = 64;

/// What is appended.
const ITEM: i64 = 1;

/// Measures the variants.
pub fn measure(criterion: &mut Criterion) {
    let mut group = Group::new(criterion, "lost-append", OPERATIONS, OPERATIONS as i64);

    group.racy("tokio/read-transform-write", |l, t| {
        repeat(l, t, async |l: &List<Tokio, Unlocked>| l.copy_and_replace(ITEM).await)
    });
    group.racy("futures/read-transform-write", |l, t| {
        repeat(l, t, async |l: &List<Futures, Unlocked>| l.copy_and_replace(ITEM).await)
    });

    group.safe("by-hand/locked", |l, t| repeat(l, t, HandLocked::copy_and_replace));
    group.safe("tokio/locked", |l, t| {
        repeat(l, t, async |l: &List<Tokio, Locked>| l.copy_and_replace(ITEM).await)
    });
    group.safe("futures/locked", |l, t| {
        repeat(l, t, async |l: &List<Futures, Locked>| l.copy_and_replace(ITEM).await)
    });

    group.safe("tokio/message-passing", |l, t| {
        let send = async |l: &List<Tokio, Unlocked>| l.send(ITEM).await;
        send_then_own(l, t, send, List::<Tokio, Unlocked>::own)
    });
    group.safe("futures/message-passing", |l, t| {
        let send = async |l: &List<Futures, Unlocked>| l.send(ITEM).await;
        send_then_own(l, t, send, List::<Futures, Unlocked>::own)
    });
}

/// An actor that sends its items and then, if it is the first, appends everyone's.
async fn send_then_own<S>(
    list: Arc<S>,
    turns: Turns,
    send: impl AsyncFn(&S),
    own: impl AsyncFn(&S),
) {
    let is_owner = turns.start == 0;
    repeat(Arc::clone(&list), turns, send).await;
    if is_owner {
        own(&list).await;
    }
}

struct HandLocked(Mutex<Vec<i64>>);

impl HandLocked {
    async fn copy_and_replace(&self) {
        let mut list = self.0.lock().await;
        let mut items = list.clone();
        yield_now().await;
        items.push(ITEM);
        *list = items;
    }
}

impl Shared for HandLocked {
    fn new(_operations: usize) -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn outcome(&self) -> Value {
        (self.0.try_lock().expect("every actor has finished").len() as i64).into()
    }
}
