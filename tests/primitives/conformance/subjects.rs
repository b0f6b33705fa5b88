//! The primitives, and what is done with them.

use std::cell::Cell;
use std::future::pending;
use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use selvedge::explore::{Model, Traced};
use selvedge::primitives::{
    Abort, Barrier, BoundedQueue, Broadcast, BroadcastReceiver, Event, Extended, Lock, Notify,
    OnceCell, Oneshot, Permit, Primitives, Queue, RwLock, Semaphore, Slot, Tokio, Watch,
    WatchReceiver,
};

use super::{Held, Subject, Wait, assert_alike};

/// Nothing but the end of the wait, or what is given back when it is dropped.
fn kept<'a>(held: impl Sized + 'a) -> Held<'a> {
    Held::new(move || {
        drop(held);
        None
    })
}

/// Waits for something that is given back when it is dropped.
fn guard<'a>(wait: impl Future<Output: Sized> + 'a) -> Wait<'a> {
    async move { (0, kept(wait.await)) }.boxed_local()
}

/// Waits for a word.
fn word<'a>(wait: impl Future<Output = i64> + 'a) -> Wait<'a> {
    async move { (wait.await, kept(())) }.boxed_local()
}

/// Two permits, and two locks.
struct Permits<P: Extended> {
    semaphore: P::Semaphore,
    lock: P::RwLock,
    mutex: P::Mutex,
}

impl<P: Extended> Subject for Permits<P> {
    const WAITS: usize = 4;
    const CALLS: usize = 3;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        let (semaphore, lock) = (P::Semaphore::new("semaphore", 2), P::RwLock::new("lock"));
        Self { semaphore, lock, mutex: P::Mutex::new("mutex") }
    }

    fn wait(&self, kind: usize, _number: i64) -> Wait<'_> {
        match kind {
            0 => {
                let permit = self.semaphore.acquire();
                let forget = |permit: <P::Semaphore as Semaphore>::Permit<'_>| {
                    permit.forget();
                    None
                };
                async move {
                    let permit = permit.await;
                    let held = Held::new(move || forget(permit));
                    (0, held)
                }
                .boxed_local()
            }
            1 => guard(self.lock.read()),
            2 => guard(self.lock.write()),
            _ => guard(self.mutex.acquire()),
        }
    }

    fn call(&self, kind: usize, _number: i64) {
        self.semaphore.add_permits(kind);
    }

    fn look(&self) -> usize {
        self.semaphore.available_permits()
    }
}

struct Once<P: Primitives>(P::OnceCell);

impl<P: Primitives> Subject for Once<P> {
    const WAITS: usize = 3;
    const CALLS: usize = 0;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::OnceCell::new("cell"))
    }

    /// Whose value it is shows whose `init` ran.
    fn wait(&self, kind: usize, number: i64) -> Wait<'_> {
        let init = async move {
            match kind {
                0 => {}
                1 => P::yield_now().await,
                _ => pending().await,
            }
            number
        };
        word(self.0.get_or_init(init))
    }
}

struct Unbounded<P: Primitives>(P::Queue);

impl<P: Primitives> Subject for Unbounded<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::Queue::new("queue"))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        word(self.0.receive())
    }

    fn call(&self, _kind: usize, number: i64) {
        self.0.send(number);
    }
}

struct Bounded<P: Primitives>(P::BoundedQueue);

impl<P: Primitives> Subject for Bounded<P> {
    const WAITS: usize = 3;
    const CALLS: usize = 0;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::BoundedQueue::new("queue", 2))
    }

    fn wait(&self, kind: usize, number: i64) -> Wait<'_> {
        match kind {
            0 => guard(self.0.send(number)),
            1 => {
                let slot = self.0.reserve();
                async move {
                    let slot = slot.await;
                    let fill = Held::new(move || {
                        slot.send(number);
                        None
                    });
                    (0, fill)
                }
                .boxed_local()
            }
            _ => word(self.0.receive()),
        }
    }
}

/// A channel, and whether something was sent: that is done once.
struct Single<P: Primitives>(P::Oneshot, Cell<bool>);

impl<P: Primitives> Subject for Single<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::Oneshot::new("channel"), Cell::new(false))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        word(self.0.receive())
    }

    fn call(&self, _kind: usize, number: i64) {
        if !self.1.replace(true) {
            self.0.send(number);
        }
    }
}

struct Flag<P: Primitives>(P::Event);

impl<P: Primitives> Subject for Flag<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = false;

    fn new() -> Self {
        Self(P::Event::new("event"))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        guard(self.0.wait())
    }

    fn call(&self, _kind: usize, _number: i64) {
        self.0.set();
    }
}

struct Aborted<P: Primitives>(P::Abort);

impl<P: Primitives> Subject for Aborted<P> {
    const WAITS: usize = 2;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = false;

    fn new() -> Self {
        Self(P::Abort::new("abort"))
    }

    fn wait(&self, kind: usize, number: i64) -> Wait<'_> {
        let work = async move {
            P::yield_now().await;
            if kind == 0 { pending().await } else { number }
        };
        let end = self.0.run(work);
        word(async { end.await.unwrap_or(-1) })
    }

    fn call(&self, _kind: usize, _number: i64) {
        self.0.abort();
    }
}

struct Meeting<P: Extended>(P::Barrier);

impl<P: Extended> Subject for Meeting<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 0;
    const WAKES_IN_ORDER: bool = false;

    fn new() -> Self {
        Self(P::Barrier::new("barrier", 3))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        guard(self.0.wait())
    }
}

struct Notified<P: Extended>(P::Notify);

impl<P: Extended> Subject for Notified<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 2;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::Notify::new("notify"))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        guard(self.0.notified())
    }

    fn call(&self, kind: usize, _number: i64) {
        if kind == 0 { self.0.notify_one() } else { self.0.notify_waiters() }
    }
}

struct Watched<P: Extended>(P::Watch);

/// Waits for a change, and can do so again.
fn changed<'a>(mut receiver: impl WatchReceiver + 'a) -> Wait<'a> {
    async move {
        receiver.changed().await;
        let again = Held::new(move || Some(changed(receiver)));
        (0, again)
    }
    .boxed_local()
}

impl<P: Extended> Subject for Watched<P> {
    const WAITS: usize = 3;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = false;

    fn new() -> Self {
        Self(P::Watch::new("watch", 1))
    }

    fn wait(&self, kind: usize, number: i64) -> Wait<'_> {
        let receiver = self.0.subscribe();
        match kind {
            0 => changed(receiver),
            1 => word(receiver.wait_for(|value| value % 3 == 0)),
            _ => word(receiver.wait_for(move |value| value > number)),
        }
    }

    fn call(&self, _kind: usize, number: i64) {
        self.0.send(number);
    }
}

struct Spread<P: Extended>(P::Broadcast);

/// Receives an item, and can do so again; -1 where the receiver lags behind.
fn received<'a>(mut receiver: impl BroadcastReceiver + 'a) -> Wait<'a> {
    async move {
        let item = AssertUnwindSafe(receiver.receive()).catch_unwind().await.unwrap_or(-1);
        let again = Held::new(move || Some(received(receiver)));
        (item, again)
    }
    .boxed_local()
}

impl<P: Extended> Subject for Spread<P> {
    const WAITS: usize = 1;
    const CALLS: usize = 1;
    const WAKES_IN_ORDER: bool = true;

    fn new() -> Self {
        Self(P::Broadcast::new("channel", 2))
    }

    fn wait(&self, _kind: usize, _number: i64) -> Wait<'_> {
        received(self.0.subscribe())
    }

    fn call(&self, _kind: usize, number: i64) {
        self.0.send(number);
    }
}

#[test]
fn permits_and_locks() {
    assert_alike::<Permits<Model>, Permits<Tokio>>();
    assert_alike::<Permits<Traced<Tokio>>, Permits<Tokio>>();
}

#[test]
fn once_cells() {
    assert_alike::<Once<Model>, Once<Tokio>>();
    assert_alike::<Once<Traced<Tokio>>, Once<Tokio>>();
}

#[test]
fn queues() {
    assert_alike::<Unbounded<Model>, Unbounded<Tokio>>();
    assert_alike::<Unbounded<Traced<Tokio>>, Unbounded<Tokio>>();
}

#[test]
fn bounded_queues() {
    assert_alike::<Bounded<Model>, Bounded<Tokio>>();
    assert_alike::<Bounded<Traced<Tokio>>, Bounded<Tokio>>();
}

#[test]
fn one_shot_channels() {
    assert_alike::<Single<Model>, Single<Tokio>>();
    assert_alike::<Single<Traced<Tokio>>, Single<Tokio>>();
}

#[test]
fn events() {
    assert_alike::<Flag<Model>, Flag<Tokio>>();
    assert_alike::<Flag<Traced<Tokio>>, Flag<Tokio>>();
}

#[test]
fn abort_handles() {
    assert_alike::<Aborted<Model>, Aborted<Tokio>>();
    assert_alike::<Aborted<Traced<Tokio>>, Aborted<Tokio>>();
}

#[test]
fn barriers() {
    assert_alike::<Meeting<Model>, Meeting<Tokio>>();
    assert_alike::<Meeting<Traced<Tokio>>, Meeting<Tokio>>();
}

#[test]
fn notifications() {
    assert_alike::<Notified<Model>, Notified<Tokio>>();
    assert_alike::<Notified<Traced<Tokio>>, Notified<Tokio>>();
}

#[test]
fn watches() {
    assert_alike::<Watched<Model>, Watched<Tokio>>();
    assert_alike::<Watched<Traced<Tokio>>, Watched<Tokio>>();
}

#[test]
fn broadcasts() {
    assert_alike::<Spread<Model>, Spread<Tokio>>();
    assert_alike::<Spread<Traced<Tokio>>, Spread<Tokio>>();
}
