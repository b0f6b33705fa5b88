//! What actors wait for, known by its history.

use std::panic::Location;

use super::future::TracedFuture;
use super::{Object, TracedType};
use crate::observe::{Access, Call, Observed, Seen};
use crate::primitives::{Event, Lock, OnceCell, Queue};

impl<T: Lock> Lock for TracedType<T> {
    type Guard<'a> = TracedGuard<'a, T>;

    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn acquire(&self) -> impl Future<Output = TracedGuard<'_, T>> {
        let call = Call::new("acquire", Access::Synchronise);
        let acquired =
            TracedFuture::new(&self.object, call, self.inner.acquire(), |_| Seen::Nothing);
        async move {
            let guard = acquired.await;
            TracedGuard { _guard: guard, object: &self.object, location: call.location }
        }
    }
}

/// The guard of the wrapped lock.
pub struct TracedGuard<'a, T: Lock + 'a> {
    _guard: T::Guard<'a>,
    object: &'a Object,
    location: &'static Location<'static>,
}

impl<T: Lock> Drop for TracedGuard<'_, T> {
    fn drop(&mut self) {
        let location = self.location;
        let operation = "release";
        let access = Access::Synchronise;
        self.object.report(Call { operation, access, argument: None, location }, Seen::Nothing);
    }
}

impl<T: Event> Event for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn set(&self) {
        self.object.with(Call::new("set", Access::Synchronise), || self.inner.set());
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let call = Call::new("wait", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.wait(), |()| Seen::Nothing)
    }
}

impl<T: OnceCell> OnceCell for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64> {
        let call = Call::new("get_or_init", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.get_or_init(init), i64::seen)
    }
}

impl<T: Queue> Queue for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn send(&self, item: i64) {
        let call = Call::new("send", Access::Synchronise).with(item);
        self.object.with(call, || self.inner.send(item));
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::new("receive", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.receive(), i64::seen)
    }
}
