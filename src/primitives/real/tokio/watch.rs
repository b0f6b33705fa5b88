//! A channel that keeps the last value only.

use tokio::sync::watch;

use crate::primitives::{Watch, WatchReceiver};

/// `tokio::sync::watch`.
pub struct TokioWatch(watch::Sender<i64>);

impl Watch for TokioWatch {
    type Receiver<'a> = watch::Receiver<i64>;

    fn new(_name: &'static str, value: i64) -> Self {
        Self(watch::Sender::new(value))
    }

    fn send(&self, value: i64) {
        self.0.send_replace(value);
    }

    fn subscribe(&self) -> watch::Receiver<i64> {
        self.0.subscribe()
    }
}

impl WatchReceiver for watch::Receiver<i64> {
    async fn changed(&mut self) {
        let changed = watch::Receiver::changed(self).await;
        changed.expect("the sender lives as long as the channel");
    }

    async fn wait_for(mut self, condition: impl Fn(i64) -> bool) -> i64 {
        let value = watch::Receiver::wait_for(&mut self, |&value| condition(value)).await;
        *value.expect("the sender lives as long as the channel")
    }
}
