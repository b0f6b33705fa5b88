//! Meeting before going on.

use crate::primitives::Barrier;

/// `tokio::sync::Barrier`, whichever actor leads.
pub struct TokioBarrier(tokio::sync::Barrier);

impl Barrier for TokioBarrier {
    fn new(_name: &'static str, actors: usize) -> Self {
        Self(tokio::sync::Barrier::new(actors))
    }

    async fn wait(&self) {
        self.0.wait().await;
    }
}
