//! Bounded queues as the futures crate makes them.

use std::future::poll_fn;

use futures::StreamExt;
use futures::channel::mpsc;
use futures::lock::{Mutex, MutexGuard};

use crate::primitives::{BoundedQueue, Slot};

/// `futures::channel::mpsc::channel`, both its ends shared behind `futures::lock::Mutex`.
///
/// Each sender of such a channel has room for one item beside the buffer, so a capacity is kept only
/// by a single sender.
pub struct FuturesBoundedQueue {
    sender: Mutex<mpsc::Sender<i64>>,
    receiver: Mutex<mpsc::Receiver<i64>>,
}

impl BoundedQueue for FuturesBoundedQueue {
    type Slot<'a> = FuturesSlot<'a>;

    fn new(_name: &'static str, capacity: usize) -> Self {
        let buffer = capacity.checked_sub(1).expect("a queue has room for an item");
        let (sender, receiver) = mpsc::channel(buffer);
        Self { sender: Mutex::new(sender), receiver: Mutex::new(receiver) }
    }

    async fn send(&self, item: i64) {
        self.reserve().await.send(item);
    }

    async fn reserve(&self) -> FuturesSlot<'_> {
        let mut sender = self.sender.lock().await;
        let ready = poll_fn(|context| sender.poll_ready(context)).await;
        ready.expect("the receiver lives as long as the queue");
        FuturesSlot(sender)
    }

    async fn receive(&self) -> i64 {
        let item = self.receiver.lock().await.next().await;
        item.expect("a sender lives as long as the queue")
    }
}

/// The sender, while it has room.
pub struct FuturesSlot<'a>(MutexGuard<'a, mpsc::Sender<i64>>);

impl Slot for FuturesSlot<'_> {
    fn send(mut self, item: i64) {
        self.0.start_send(item).expect("the sender has been found ready");
    }
}
