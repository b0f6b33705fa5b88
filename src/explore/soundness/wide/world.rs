//! One of every primitive.

use std::cell::Cell;
use std::sync::atomic::Ordering::SeqCst;

use super::chance::Chance;
use super::program::{Call, Wait};
use crate::explore::Value;
use crate::primitives::{
    Abort, Atomic, Barrier, BoundedQueue, Broadcast, Cell as _, Event, Extended, Lock, Notify,
    OnceCell, Oneshot, Queue, RwLock, Semaphore, Slot, Watch, WatchReceiver,
};

pub(super) struct World<P: Extended> {
    pub(super) cell: P::Cell,
    pub(super) atomic: P::Atomic,
    mutex: P::Mutex,
    lock: P::RwLock,
    semaphore: P::Semaphore,
    event: P::Event,
    once: P::OnceCell,
    oneshot: P::Oneshot,
    /// Whether the one-shot channel has been sent to, and received from.
    sent: P::Atomic,
    received: P::Atomic,
    queue: P::Queue,
    bounded: P::BoundedQueue,
    notify: P::Notify,
    pub(super) watch: P::Watch,
    pub(super) broadcast: P::Broadcast,
    barrier: P::Barrier,
    pub(super) abort: P::Abort,
    /// Whether somebody has run what can be aborted.
    pub(super) ran: P::Atomic,
    pub(super) sink: P::Atomic,
    pub(super) chance: Chance,
    /// How often something was left to chance.
    pub(super) draws: Cell<i64>,
}

/// Anything that is given back when it is dropped.
pub(super) trait Held {}

impl<T> Held for T {}

impl<P: Extended> World<P> {
    pub(super) fn new(chance: Chance) -> Self {
        Self {
            cell: P::Cell::new("cell", 0),
            atomic: Atomic::new("atomic", 0),
            mutex: Lock::new("mutex"),
            lock: RwLock::new("lock"),
            semaphore: Semaphore::new("semaphore", 1),
            event: Event::new("event"),
            once: OnceCell::new("once"),
            oneshot: Oneshot::new("one-shot"),
            sent: Atomic::new("sent", 0),
            received: Atomic::new("received", 0),
            queue: Queue::new("queue"),
            bounded: BoundedQueue::new("bounded", 1),
            notify: Notify::new("notify"),
            watch: Watch::new("watch", 0),
            broadcast: Broadcast::new("broadcast", 16),
            barrier: Barrier::new("barrier", 2),
            abort: Abort::new("abort"),
            ran: Atomic::new("ran", 0),
            sink: Atomic::new("sink", 0),
            chance,
            draws: Cell::new(0),
        }
    }

    pub(super) fn outcome(&self) -> Value {
        Value::from([
            ("cell", self.cell.get()),
            ("atomic", self.atomic.load(SeqCst)),
            ("permits", self.semaphore.available_permits() as i64),
            ("sink", self.sink.load(SeqCst)),
        ])
    }

    pub(super) fn call(&self, call: Call, last: i64) {
        match call {
            Call::Set => self.event.set(),
            Call::Send => self.queue.send(last),
            Call::NotifyOne => self.notify.notify_one(),
            Call::NotifyWaiters => self.notify.notify_waiters(),
            Call::Watch => self.watch.send(1 + last),
            Call::Broadcast => self.broadcast.send(last),
            Call::AddPermit => self.semaphore.add_permits(1),
            Call::Oneshot => {
                if self.sent.fetch_add(1, SeqCst) == 0 {
                    self.oneshot.send(last);
                }
            }
            Call::Abort => self.abort.abort(),
            Call::Subscribe => unreachable!("an actor keeps its subscriptions itself"),
        }
    }

    /// Gives back what was waited for, and what is held from then on.
    pub(super) async fn wait(&self, wait: Wait, last: i64) -> (i64, Option<Box<dyn Held + '_>>) {
        let held: Box<dyn Held + '_> = match wait {
            Wait::Mutex => Box::new(self.mutex.acquire().await),
            Wait::Read => Box::new(self.lock.read().await),
            Wait::Write => Box::new(self.lock.write().await),
            Wait::Permit => Box::new(self.semaphore.acquire().await),
            _ => return (self.wait_for_value(wait, last).await, None),
        };
        (0, Some(held))
    }

    async fn wait_for_value(&self, wait: Wait, last: i64) -> i64 {
        match wait {
            Wait::Event => self.event.wait().await,
            Wait::Receive => return self.queue.receive().await,
            Wait::Send => self.bounded.send(last).await,
            Wait::Reserve => {
                let slot = self.bounded.reserve().await;
                P::yield_now().await;
                slot.send(last);
            }
            Wait::ReceiveBounded => return self.bounded.receive().await,
            Wait::Notified => self.notify.notified().await,
            Wait::AtLeast(bound) => {
                return self.watch.subscribe().wait_for(|value| value >= bound).await;
            }
            Wait::Barrier => self.barrier.wait().await,
            Wait::Once(yields) => {
                let init = async {
                    if yields {
                        P::yield_now().await;
                    }
                    last
                };
                return self.once.get_or_init(init).await;
            }
            // Whoever comes to it second would panic.
            Wait::Oneshot if self.received.fetch_add(1, SeqCst) == 0 => {
                return self.oneshot.receive().await;
            }
            Wait::Oneshot | Wait::Mutex | Wait::Read | Wait::Write | Wait::Permit => {}
            Wait::Changed | Wait::Broadcast => {
                unreachable!("an actor keeps its subscriptions itself")
            }
        }
        0
    }
}
