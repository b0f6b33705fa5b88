//! Bounded queues as tokio makes them.

use tokio::sync::{Mutex, mpsc};

use crate::primitives::{BoundedQueue, Slot};

/// `tokio::sync::mpsc::channel`, its receiver shared behind `tokio::sync::Mutex`.
pub struct TokioBoundedQueue {
    sender: mpsc::Sender<i64>,
    receiver: Mutex<mpsc::Receiver<i64>>,
}

impl BoundedQueue for TokioBoundedQueue {
    type Slot<'a> = mpsc::Permit<'a, i64>;

    fn new(_name: &'static str, capacity: usize) -> Self {
        let (sender, receiver) = mpsc::channel(capacity);
        Self { sender, receiver: Mutex::new(receiver) }
    }

    async fn send(&self, item: i64) {
        self.sender.send(item).await.expect("the receiver lives as long as the queue");
    }

    async fn reserve(&self) -> mpsc::Permit<'_, i64> {
        self.sender.reserve().await.expect("the receiver lives as long as the queue")
    }

    async fn receive(&self) -> i64 {
        let item = self.receiver.lock().await.recv().await;
        item.expect("a sender lives as long as the queue")
    }
}

impl Slot for mpsc::Permit<'_, i64> {
    fn send(self, item: i64) {
        self.send(item);
    }
}
