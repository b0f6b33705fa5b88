//! A channel whose every receiver gets every item.

use tokio::sync::broadcast;

use crate::primitives::{Broadcast, BroadcastReceiver};

/// `tokio::sync::broadcast`.
pub struct TokioBroadcast(broadcast::Sender<i64>);

impl Broadcast for TokioBroadcast {
    type Receiver<'a> = broadcast::Receiver<i64>;

    fn new(_name: &'static str, capacity: usize) -> Self {
        Self(broadcast::Sender::new(capacity))
    }

    fn send(&self, item: i64) {
        // The error says that nobody is subscribed, and that is none here.
        let _ = self.0.send(item);
    }

    fn subscribe(&self) -> broadcast::Receiver<i64> {
        self.0.subscribe()
    }
}

impl BroadcastReceiver for broadcast::Receiver<i64> {
    async fn receive(&mut self) -> i64 {
        self.recv().await.expect("the receiver has not lagged behind the capacity")
    }
}
