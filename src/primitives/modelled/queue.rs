//! An unbounded queue of words.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};

use super::last_waker::LastWaker;
use super::{Engine, ModelMutex, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::{Lock, Queue};

/// The queue of a [`Modelled`](super::Modelled) family: a queue with one receiving end, and a mutex
/// around that.
pub struct ModelQueue<E: Engine> {
    queue: E::Monitor<State>,
    receiver: ModelMutex<E>,
}

/// The items, and who waits for one.
#[derive(Default)]
pub struct State {
    items: VecDeque<i64>,
    receiver: LastWaker,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.receiver.visit(visit);
    }
}

impl State {
    /// The oldest item; if there is none, the caller is the one to be woken.
    fn receive(&mut self, context: &Context<'_>) -> Poll<i64> {
        let Some(item) = self.items.pop_front() else {
            self.receiver.register(context);
            return Poll::Pending;
        };
        Poll::Ready(item)
    }
}

impl<E: Engine> Queue for ModelQueue<E> {
    fn new(name: &'static str) -> Self {
        let queue = E::Monitor::new(name, State::default());
        Self { queue, receiver: ModelMutex::new("receiver") }
    }

    fn send(&self, item: i64) {
        self.queue.wake(Call::synchronise("send").with(item), |state| {
            state.items.push_back(item);
            state.receiver.take()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::synchronise("receive");
        let receiver = self.receiver.acquire();
        async move {
            let _receiver = receiver.await;
            poll_fn(|context| self.queue.with(call, |state| state.receive(context))).await
        }
    }
}
