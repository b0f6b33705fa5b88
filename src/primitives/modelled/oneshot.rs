//! One word, sent once.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::{Waiters, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::Oneshot;

/// The one-shot channel of a [`Modelled`](super::Modelled) family.
pub struct ModelOneshot<E: Engine>(E::Monitor<State>);

/// How far the value has come, and who waits for it.
#[derive(Default)]
pub struct State {
    value: Value,
    waiters: Waiters,
}

#[derive(Default)]
enum Value {
    #[default]
    NotSent,
    Sent(i64),
    /// Set aside for the granted waiter.
    Promised(i64),
    Received,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        let (tag, word) = match self.value {
            Value::NotSent => (0, 0),
            Value::Sent(value) => (1, value),
            Value::Promised(value) => (2, value),
            Value::Received => (3, 0),
        };
        digest.mix(tag);
        digest.mix(word as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl Resource for State {
    fn grant(&mut self) -> Wakes {
        let Value::Sent(value) = self.value else { return Wakes::default() };
        let wake = self.waiters.grant_first();
        if wake.is_some() {
            self.value = Value::Promised(value);
        }
        wake.into_iter().collect()
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
            state.grant()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        Wait::<E, _>::new(&self.0, Call::synchronise("receive"), Receive)
    }
}

/// The value.
struct Receive;

impl Request for Receive {
    type State = State;
    type Output = i64;

    fn queue(state: &mut State) -> &mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, _granted: bool) -> Poll<i64> {
        if let Value::NotSent = state.value {
            return Poll::Pending;
        }
        match std::mem::replace(&mut state.value, Value::Received) {
            Value::Sent(value) | Value::Promised(value) => Poll::Ready(value),
            Value::NotSent | Value::Received => panic!("a oneshot is received from once"),
        }
    }

    fn give_back(&mut self, state: &mut State) {
        if let Value::Promised(value) = state.value {
            state.value = Value::Sent(value);
        }
    }
}
