//! Aborting without a runtime.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

use crate::primitives::{Abort, Aborted};

/// A `tokio::sync::watch` of a flag that is polled before the future, as
/// `tokio_util::sync::CancellationToken::run_until_cancelled` does: tokio's own `AbortHandle` belongs
/// to a task of its runtime, and only that can make one.
pub struct TokioAbort(watch::Sender<bool>);

impl Abort for TokioAbort {
    fn new(_name: &'static str) -> Self {
        Self(watch::Sender::new(false))
    }

    fn abort(&self) {
        self.0.send_replace(true);
    }

    async fn run<F: Future>(&self, future: F) -> Result<F::Output, Aborted> {
        let mut flag = self.0.subscribe();
        let mut aborted = pin!(flag.wait_for(|&aborted| aborted));
        let mut future = pin!(future);
        poll_fn(|context| {
            if aborted.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(Aborted));
            }
            future.as_mut().poll(context).map(Ok)
        })
        .await
    }
}
