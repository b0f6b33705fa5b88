//! The combinators of generated programs, wherever they run.

use futures::StreamExt;
use futures::future::{Either, select};
use futures::stream::FuturesUnordered;

/// Which of two futures ends first.
pub(super) async fn winner([left, right]: [impl Future<Output = ()> + Unpin; 2]) -> i64 {
    match select(left, right).await {
        Either::Left(_) => 0,
        Either::Right(_) => 1,
    }
}

/// Tells `learn` which of two futures ends, in the order in which they do.
pub(super) async fn as_they_end<F: Future<Output = ()>>(both: [F; 2], learn: impl Fn(i64)) {
    let mut both: FuturesUnordered<_> = (0..)
        .zip(both)
        .map(|(index, part)| async move {
            part.await;
            index
        })
        .collect();
    while let Some(index) = both.next().await {
        learn(index);
    }
}
