//! `futures::lock` and `futures::channel`: the same vocabulary without a runtime's types.

mod abort;
mod bounded_queue;
mod oneshot;

use std::sync::atomic::{Ordering, fence};
use std::sync::{Mutex, PoisonError};

pub use abort::FuturesAbort;
pub use bounded_queue::FuturesBoundedQueue;
pub use oneshot::FuturesOneshot;

use futures::channel::mpsc;
use futures::channel::oneshot::{Receiver, Sender, channel};
use futures::future::Shared;
use futures::lock::MutexGuard;
use futures::{FutureExt, StreamExt};

use super::word::Word;
use crate::primitives::{Event, Lock, OnceCell, Primitives, Queue, StdMutex, YieldNow};

/// The family of the futures crate's types. Everything in it is `Send` and `Sync`.
pub struct Futures;

impl Primitives for Futures {
    type Cell = Word;
    type Atomic = Word;
    type Plain = Word;
    type Mutex = FuturesMutex;
    type BlockingMutex = StdMutex;
    type Event = FuturesEvent;
    type OnceCell = FuturesOnceCell;
    type Oneshot = FuturesOneshot;
    type Queue = FuturesQueue;
    type BoundedQueue = FuturesBoundedQueue;
    type Abort = FuturesAbort;

    fn yield_now() -> impl Future<Output = ()> {
        YieldNow::default()
    }

    fn fence(order: Ordering) {
        fence(order);
    }
}

/// `futures::lock::Mutex`: not fair, a newcomer may overtake the waiters.
pub struct FuturesMutex(futures::lock::Mutex<()>);

impl Lock for FuturesMutex {
    type Guard<'a> = MutexGuard<'a, ()>;

    fn new(_name: &'static str) -> Self {
        Self(futures::lock::Mutex::new(()))
    }

    fn acquire(&self) -> impl Future<Output = MutexGuard<'_, ()>> {
        self.0.lock()
    }
}

/// A one-shot channel whose receiving end everyone shares.
pub struct FuturesEvent {
    sender: Mutex<Option<Sender<()>>>,
    receiver: Shared<Receiver<()>>,
}

impl Event for FuturesEvent {
    fn new(_name: &'static str) -> Self {
        let (sender, receiver) = channel();
        Self { sender: Mutex::new(Some(sender)), receiver: receiver.shared() }
    }

    fn set(&self) {
        let sender = self.sender.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(sender) = sender {
            sender.send(()).expect("the receiver lives as long as the event");
        }
    }

    async fn wait(&self) {
        self.receiver.clone().await.expect("the sender is dropped only after sending");
    }
}

/// `futures::lock::Mutex` around an option: the crate has no once-cell of its own.
pub struct FuturesOnceCell(futures::lock::Mutex<Option<i64>>);

impl OnceCell for FuturesOnceCell {
    fn new(_name: &'static str) -> Self {
        Self(futures::lock::Mutex::new(None))
    }

    async fn get_or_init(&self, init: impl Future<Output = i64>) -> i64 {
        let mut value = self.0.lock().await;
        if let Some(value) = *value {
            return value;
        }
        *value.insert(init.await)
    }
}

/// `futures::channel::mpsc::unbounded`, its receiver shared behind `futures::lock::Mutex`.
pub struct FuturesQueue {
    sender: mpsc::UnboundedSender<i64>,
    receiver: futures::lock::Mutex<mpsc::UnboundedReceiver<i64>>,
}

impl Queue for FuturesQueue {
    fn new(_name: &'static str) -> Self {
        let (sender, receiver) = mpsc::unbounded();
        Self { sender, receiver: futures::lock::Mutex::new(receiver) }
    }

    fn send(&self, item: i64) {
        self.sender.unbounded_send(item).expect("the receiver lives as long as the queue");
    }

    async fn receive(&self) -> i64 {
        let item = self.receiver.lock().await.next().await;
        item.expect("a sender lives as long as the queue")
    }
}
