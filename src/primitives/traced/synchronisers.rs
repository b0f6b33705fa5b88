//! What actors wait for, known by its history.

use std::future::poll_fn;
use std::pin::pin;

use super::TracedType;
use super::any_order::waking_in_any_order;
use super::future::TracedFuture;
use super::guard::TracedGuard;
use crate::observe::{Call, Observed, Seen};
use crate::primitives::{Barrier, BlockingLock, Event, Lock, Notify, OnceCell, Oneshot, Queue};

impl<T: Lock> Lock for TracedType<T> {
    type Guard<'a> = TracedGuard<'a, T::Guard<'a>>;

    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn acquire(&self) -> impl Future<Output = TracedGuard<'_, T::Guard<'_>>> {
        let call = Call::synchronise("acquire");
        TracedGuard::of(&self.object, call, self.inner.acquire())
    }
}

/// It is explored where nobody can hold the lock across an await: waiting would block the explorer.
impl<T: BlockingLock> BlockingLock for TracedType<T> {
    type Guard<'a> = TracedGuard<'a, T::Guard<'a>>;

    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn acquire(&self) -> Self::Guard<'_> {
        let call = Call::synchronise("acquire");
        TracedGuard::at_once(&self.object, call, self.inner.acquire())
    }
}

impl<T: Event> Event for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn set(&self) {
        let set = || waking_in_any_order(|| self.inner.set());
        self.object.with(Call::synchronise("set"), set);
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let call = Call::synchronise("wait");
        TracedFuture::new(&self.object, call, self.inner.wait(), |()| Seen::Nothing)
    }
}

impl<T: OnceCell> OnceCell for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64> {
        let call = Call::synchronise("get_or_init");
        TracedFuture::new(&self.object, call, self.inner.get_or_init(init), i64::seen)
    }
}

impl<T: Oneshot> Oneshot for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn send(&self, value: i64) {
        let call = Call::synchronise("send").with(value);
        self.object.with(call, || self.inner.send(value));
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        TracedFuture::new(&self.object, call, self.inner.receive(), i64::seen)
    }
}

impl<T: Queue> Queue for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn send(&self, item: i64) {
        let call = Call::synchronise("send").with(item);
        self.object.with(call, || self.inner.send(item));
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        TracedFuture::new(&self.object, call, self.inner.receive(), i64::seen)
    }
}

impl<T: Notify> Notify for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn notified(&self) -> impl Future<Output = ()> {
        let call = Call::synchronise("notified");
        let notified = self.inner.notified();
        self.object.report(call, Seen::Nothing);
        let call = Call { operation: "await", ..call };
        TracedFuture::new(&self.object, call, notified, |()| Seen::Nothing)
    }

    fn notify_one(&self) {
        self.object.with(Call::synchronise("notify_one"), || self.inner.notify_one());
    }

    fn notify_waiters(&self) {
        let call = Call::synchronise("notify_waiters");
        self.object.with(call, || self.inner.notify_waiters());
    }
}

impl<T: Barrier> Barrier for TracedType<T> {
    fn new(name: &'static str, actors: usize) -> Self {
        Self::new(name, T::new(name, actors))
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let call = Call::synchronise("wait");
        let wait = async {
            let mut wait = pin!(self.inner.wait());
            poll_fn(|context| waking_in_any_order(|| wait.as_mut().poll(context))).await;
        };
        TracedFuture::new(&self.object, call, wait, |()| Seen::Nothing)
    }
}
