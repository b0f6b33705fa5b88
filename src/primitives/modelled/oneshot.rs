//! One word, sent once.

use std::task::Poll;

use super::receiving::{Channel, ReceivingEnd, receive};
use super::wait::Resource;
use super::wakes::Wakes;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::Oneshot;

/// The one-shot channel of a [`Modelled`](super::Modelled) family.
pub struct ModelOneshot<E: Engine>(E::Monitor<State>);

/// How far the value has come, and who waits for it.
#[derive(Default)]
pub struct State {
    value: Value,
    receiving_end: ReceivingEnd,
}

#[derive(Clone, Copy, Default)]
enum Value {
    #[default]
    NotSent,
    Sent(i64),
    Received,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        let (tag, word) = match self.value {
            Value::NotSent => (0, 0),
            Value::Sent(value) => (1, value),
            Value::Received => (2, 0),
        };
        digest.mix(tag);
        digest.mix(word as u64);
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
        match self.value {
            Value::NotSent => Poll::Pending,
            Value::Sent(value) => {
                self.value = Value::Received;
                Poll::Ready(Some(value))
            }
            Value::Received => Poll::Ready(None),
        }
    }
}

impl<E: Engine> Oneshot for ModelOneshot<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn send(&self, value: i64) {
        self.0.wake(Call::synchronise("send").with(value), |state| {
            assert!(matches!(state.value, Value::NotSent), "a oneshot is sent to once");
            state.value = Value::Sent(value);
            state.receiving_end.tell_holder()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let value = receive::<E, _>(&self.0, Call::synchronise("receive"));
        async move { value.await.expect("a oneshot is received from once") }
    }
}
