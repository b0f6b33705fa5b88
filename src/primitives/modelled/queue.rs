//! An unbounded queue of words.

use std::collections::VecDeque;
use std::task::Poll;

use super::receiving::{Channel, ReceivingEnd, receive};
use super::wait::Resource;
use super::wakes::Wakes;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::Queue;

/// The queue of a [`Modelled`](super::Modelled) family.
pub struct ModelQueue<E: Engine>(E::Monitor<State>);

/// The items, and who waits for one.
#[derive(Default)]
pub struct State {
    items: VecDeque<i64>,
    receiving_end: ReceivingEnd,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
        self.receiving_end.fingerprint(digest);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.receiving_end.visit(visit);
    }
}

impl Resource for State {
    fn grant(&mut self) -> Wakes {
        self.receiving_end.grant().into_iter().collect()
    }
}

impl Channel for State {
    fn receiving_end(&mut self) -> &mut ReceivingEnd {
        &mut self.receiving_end
    }

    fn take_item(&mut self) -> Poll<Option<i64>> {
        self.items.pop_front().map_or(Poll::Pending, |item| Poll::Ready(Some(item)))
    }
}

impl<E: Engine> Queue for ModelQueue<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn send(&self, item: i64) {
        self.0.wake(Call::synchronise("send").with(item), |state| {
            state.items.push_back(item);
            state.receiving_end.tell_holder()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let item = receive::<E, _>(&self.0, Call::synchronise("receive"));
        async move { item.await.expect("a queue that is empty may be sent to") }
    }
}
