//! `tokio::sync`, as it is: what production code uses, and what the benchmarks price.

mod abort;
mod barrier;
mod bounded_queue;
mod broadcast;
mod notify;
mod oneshot;
mod permits;
mod watch;

use std::panic;
use std::sync::atomic::{Ordering, fence};

use tokio::sync::{MutexGuard, mpsc};

pub use abort::TokioAbort;
pub use barrier::TokioBarrier;
pub use bounded_queue::TokioBoundedQueue;
pub use broadcast::TokioBroadcast;
pub use notify::TokioNotify;
pub use oneshot::TokioOneshot;
pub use permits::{TokioRwLock, TokioSemaphore};
pub use watch::TokioWatch;

use super::word::Word;
use crate::primitives::{Event, Extended, Lock, OnceCell, Primitives, Queue, StdMutex};

/// The family of tokio's types. Everything in it is `Send` and `Sync`.
pub struct Tokio;

impl Primitives for Tokio {
    type Cell = Word;
    type Atomic = Word;
    type Plain = Word;
    type Mutex = TokioMutex;
    type BlockingMutex = StdMutex;
    type Event = TokioEvent;
    type OnceCell = TokioOnceCell;
    type Oneshot = TokioOneshot;
    type Queue = TokioQueue;
    type BoundedQueue = TokioBoundedQueue;
    type Abort = TokioAbort;

    fn yield_now() -> impl Future<Output = ()> {
        tokio::task::yield_now()
    }

    fn fence(order: Ordering) {
        fence(order);
    }
}

impl Extended for Tokio {
    type Semaphore = TokioSemaphore;
    type RwLock = TokioRwLock;
    type Notify = TokioNotify;
    type Watch = TokioWatch;
    type Broadcast = TokioBroadcast;
    type Barrier = TokioBarrier;
    fn spawn(
        _name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()> {
        let handle = tokio::task::spawn_local(future);
        async move {
            if let Err(error) = handle.await {
                // Nobody has aborted it; a runtime that shuts down drops this before the handle.
                panic::resume_unwind(error.into_panic());
            }
        }
    }
}

/// `tokio::sync::Mutex`: fair, cancel safe.
pub struct TokioMutex(tokio::sync::Mutex<()>);

impl Lock for TokioMutex {
    type Guard<'a> = MutexGuard<'a, ()>;

    fn new(_name: &'static str) -> Self {
        Self(tokio::sync::Mutex::new(()))
    }

    fn acquire(&self) -> impl Future<Output = MutexGuard<'_, ()>> {
        self.0.lock()
    }
}

/// `tokio::sync::watch` of a flag: a late waiter sees that it is set.
pub struct TokioEvent(tokio::sync::watch::Sender<bool>);

impl Event for TokioEvent {
    fn new(_name: &'static str) -> Self {
        Self(tokio::sync::watch::Sender::new(false))
    }

    fn set(&self) {
        self.0.send_replace(true);
    }

    async fn wait(&self) {
        let set = self.0.subscribe().wait_for(|&set| set).await.is_ok();
        assert!(set, "the sender is borrowed, so it cannot be gone");
    }
}

/// `tokio::sync::OnceCell`: cancel safe, the next waiter computes.
pub struct TokioOnceCell(tokio::sync::OnceCell<i64>);

impl OnceCell for TokioOnceCell {
    fn new(_name: &'static str) -> Self {
        Self(tokio::sync::OnceCell::new())
    }

    async fn get_or_init(&self, init: impl Future<Output = i64>) -> i64 {
        *self.0.get_or_init(|| init).await
    }
}

/// `tokio::sync::mpsc::unbounded_channel`, its receiver shared behind `tokio::sync::Mutex`.
pub struct TokioQueue {
    sender: mpsc::UnboundedSender<i64>,
    receiver: tokio::sync::Mutex<mpsc::UnboundedReceiver<i64>>,
}

impl Queue for TokioQueue {
    fn new(_name: &'static str) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self { sender, receiver: tokio::sync::Mutex::new(receiver) }
    }

    fn send(&self, item: i64) {
        self.sender.send(item).expect("the receiver lives as long as the queue");
    }

    async fn receive(&self) -> i64 {
        let item = self.receiver.lock().await.recv().await;
        item.expect("a sender lives as long as the queue")
    }
}
