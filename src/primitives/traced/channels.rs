//! Channels with subscribers, known by their history. That a subscription ends changes nothing for
//! anybody else, so it is no operation.

use super::any_order::waking_in_any_order;
use super::future::TracedFuture;
use super::{Object, TracedType};
use crate::observe::{Call, Observed, Seen};
use crate::primitives::{Broadcast, BroadcastReceiver, Watch, WatchReceiver};

/// A subscription of the wrapped channel.
pub struct TracedReceiver<'a, R> {
    inner: R,
    object: &'a Object,
}

impl<T> TracedType<T> {
    #[track_caller]
    fn subscription<'a, R>(&'a self, subscribe: impl FnOnce(&'a T) -> R) -> TracedReceiver<'a, R> {
        let inner = subscribe(&self.inner);
        self.object.report(Call::synchronise("subscribe"), Seen::Nothing);
        TracedReceiver { inner, object: &self.object }
    }
}

impl<T: Broadcast> Broadcast for TracedType<T> {
    type Receiver<'a> = TracedReceiver<'a, T::Receiver<'a>>;

    fn new(name: &'static str, capacity: usize) -> Self {
        Self::new(name, T::new(name, capacity))
    }

    fn send(&self, item: i64) {
        let call = Call::synchronise("send").with(item);
        self.object.with(call, || self.inner.send(item));
    }

    fn subscribe(&self) -> Self::Receiver<'_> {
        self.subscription(T::subscribe)
    }
}

impl<R: BroadcastReceiver> BroadcastReceiver for TracedReceiver<'_, R> {
    fn receive(&mut self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        TracedFuture::new(self.object, call, self.inner.receive(), i64::seen)
    }
}

impl<T: Watch> Watch for TracedType<T> {
    type Receiver<'a> = TracedReceiver<'a, T::Receiver<'a>>;

    fn new(name: &'static str, value: i64) -> Self {
        Self::new(name, T::new(name, value))
    }

    fn send(&self, value: i64) {
        let call = Call::synchronise("send").with(value);
        self.object.with(call, || waking_in_any_order(|| self.inner.send(value)));
    }

    fn subscribe(&self) -> Self::Receiver<'_> {
        self.subscription(T::subscribe)
    }
}

impl<R: WatchReceiver> WatchReceiver for TracedReceiver<'_, R> {
    fn changed(&mut self) -> impl Future<Output = ()> {
        let call = Call::synchronise("changed");
        TracedFuture::new(self.object, call, self.inner.changed(), |()| Seen::Nothing)
    }

    fn wait_for(self, condition: impl Fn(i64) -> bool) -> impl Future<Output = i64> {
        let call = Call::synchronise("wait_for");
        TracedFuture::new(self.object, call, self.inner.wait_for(condition), i64::seen)
    }
}
