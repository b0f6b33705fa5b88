//! Bounded queues, known by their history.

use std::panic::Location;

use super::future::TracedFuture;
use super::{Object, TracedType};
use crate::observe::{Call, Observed, Seen};
use crate::primitives::{BoundedQueue, Slot};

impl<T: BoundedQueue> BoundedQueue for TracedType<T> {
    type Slot<'a> = TracedSlot<'a, T>;

    fn new(name: &'static str, capacity: usize) -> Self {
        Self::new(name, T::new(name, capacity))
    }

    fn send(&self, item: i64) -> impl Future<Output = ()> {
        let call = Call::synchronise("send").with(item);
        TracedFuture::new(&self.object, call, self.inner.send(item), |()| Seen::Nothing)
    }

    fn reserve(&self) -> impl Future<Output = TracedSlot<'_, T>> {
        let call = Call::synchronise("reserve");
        let reserved =
            TracedFuture::new(&self.object, call, self.inner.reserve(), |_| Seen::Nothing);
        async move {
            let slot = Some(reserved.await);
            TracedSlot { slot, object: &self.object, location: call.location }
        }
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        TracedFuture::new(&self.object, call, self.inner.receive(), i64::seen)
    }
}

/// A slot of the wrapped queue, until it is filled.
pub struct TracedSlot<'a, T: BoundedQueue + 'a> {
    slot: Option<T::Slot<'a>>,
    object: &'a Object,
    location: &'static Location<'static>,
}

impl<T: BoundedQueue> Slot for TracedSlot<'_, T> {
    fn send(mut self, item: i64) {
        let slot = self.slot.take().expect("a slot is filled once");
        let call = Call::synchronise("send").with(item);
        self.object.with(call, || slot.send(item));
    }
}

impl<T: BoundedQueue> Drop for TracedSlot<'_, T> {
    fn drop(&mut self) {
        if self.slot.is_some() {
            self.object.report(Call::synchronise("give back").at(self.location), Seen::Nothing);
        }
    }
}
