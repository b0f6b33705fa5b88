//! One word, sent once.

use std::future::poll_fn;
use std::task::{Context, Poll};

use super::last_waker::LastWaker;
use super::{Engine, ModelMutex, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::{Lock, Oneshot};

/// The one-shot channel of a [`Modelled`](super::Modelled) family: a channel with one receiving end,
/// and a mutex around that.
pub struct ModelOneshot<E: Engine> {
    channel: E::Monitor<State>,
    receiver: ModelMutex<E>,
}

/// How far the value has come, and who waits for it.
#[derive(Default)]
pub struct State {
    value: Value,
    receiver: LastWaker,
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
        self.receiver.visit(visit);
    }
}

impl State {
    /// The value; if it has not been sent, the caller is the one to be woken.
    fn receive(&mut self, context: &Context<'_>) -> Poll<i64> {
        match self.value {
            Value::NotSent => {
                self.receiver.register(context);
                Poll::Pending
            }
            Value::Sent(value) => {
                self.value = Value::Received;
                Poll::Ready(value)
            }
            Value::Received => panic!("a oneshot is received from once"),
        }
    }
}

impl<E: Engine> Oneshot for ModelOneshot<E> {
    fn new(name: &'static str) -> Self {
        let channel = E::Monitor::new(name, State::default());
        Self { channel, receiver: ModelMutex::new("receiver") }
    }

    fn send(&self, value: i64) {
        self.channel.wake(Call::synchronise("send").with(value), |state| {
            assert!(matches!(state.value, Value::NotSent), "a oneshot is sent to once");
            state.value = Value::Sent(value);
            state.receiver.take()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        let receiver = self.receiver.acquire();
        async move {
            let _receiver = receiver.await;
            poll_fn(|context| self.channel.with(call, |state| state.receive(context))).await
        }
    }
}
