//! One word, sent once.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Oneshot;
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

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
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    fn take(&mut self) -> i64 {
        match std::mem::replace(&mut self.value, Value::Received) {
            Value::Sent(value) => value,
            Value::NotSent | Value::Received => panic!("a oneshot is received from once"),
        }
    }
}

impl<E: Engine> Oneshot for ModelOneshot<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn send(&self, value: i64) {
        self.0.wake(Call::new("send", Access::Synchronise).with(value), |state| {
            assert!(matches!(state.value, Value::NotSent), "a oneshot is sent to once");
            state.value = Value::Sent(value);
            state.waiters.grant_first()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        Receive { oneshot: self, place: Place::default(), location: Location::caller() }
    }
}

struct Receive<'a, E: Engine> {
    oneshot: &'a ModelOneshot<E>,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine> Receive<'_, E> {
    fn call(&self, operation: &'static str) -> Call {
        Call { operation, access: Access::Synchronise, argument: None, location: self.location }
    }
}

impl<E: Engine> Future for Receive<'_, E> {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let call = self.call("receive");
        let this = &mut *self;
        this.oneshot.0.with(call, |state| {
            let is_first_poll = !this.place.is_taken();
            if is_first_poll && !matches!(state.value, Value::NotSent) {
                return Poll::Ready(state.take());
            }
            this.place.poll(&mut state.waiters, context).map(|()| state.take())
        })
    }
}

/// A grant that is left behind is the value, and goes to whoever waits behind.
impl<E: Engine> Drop for Receive<'_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = self.call("give up");
            self.oneshot.0.wake(call, |state| {
                let leaves_the_value = self.place.give_up(&mut state.waiters);
                leaves_the_value.then(|| state.waiters.grant_first()).flatten()
            });
        }
    }
}
