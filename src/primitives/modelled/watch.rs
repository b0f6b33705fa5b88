//! A channel that keeps the last value only.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Internal, Waiting};
use crate::primitives::{Watch, WatchReceiver};

/// The watch channel of a [`Modelled`](super::Modelled) family.
pub struct ModelWatch<E: Engine>(E::Monitor<State>);

/// The value, and who waits for the next. What a receiver has seen is its own affair, and follows
/// from what it has been told.
pub struct State {
    value: i64,
    /// How many values were sent.
    version: i64,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.value as u64);
        digest.mix(self.version as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl Resource for State {}

impl<E: Engine> Watch for ModelWatch<E> {
    type Receiver<'a> = Receiver<'a, E>;

    fn new(name: &'static str, value: i64) -> Self {
        Self(E::Monitor::new(name, State { value, version: 0, waiters: Waiters::default() }))
    }

    fn send(&self, value: i64) {
        self.0.wake(Call::synchronise("send").with(value), |state| {
            state.value = value;
            state.version += 1;
            state.waiters.tell_all()
        });
    }

    fn subscribe(&self) -> Receiver<'_, E> {
        let call = Call::synchronise("subscribe");
        Receiver { channel: self, seen: self.0.with(call, |state| Internal(state.version)).0 }
    }
}

/// A subscription, and the version it has seen.
pub struct Receiver<'a, E: Engine> {
    channel: &'a ModelWatch<E>,
    seen: i64,
}

impl<'a, E: Engine> Receiver<'a, E> {
    #[track_caller]
    fn until<F>(&self, operation: &'static str, condition: F) -> Wait<'a, E, Until<F>>
    where
        F: Fn(&State) -> Option<i64>,
    {
        Wait::new(&self.channel.0, Call::synchronise(operation), Until(condition))
    }
}

impl<E: Engine> WatchReceiver for Receiver<'_, E> {
    fn changed(&mut self) -> impl Future<Output = ()> {
        let seen = self.seen;
        let unseen =
            self.until("changed", move |state| Some(state.version).filter(|&now| now != seen));
        async move { self.seen = unseen.await }
    }

    fn wait_for(self, condition: impl Fn(i64) -> bool) -> impl Future<Output = i64> {
        self.until("wait_for", move |state| Some(state.value).filter(|&value| condition(value)))
    }
}

/// What the condition finds in the state. What wakes a waiter may not be what it waits for.
struct Until<F>(F);

impl<F: Fn(&State) -> Option<i64>> Request for Until<F> {
    type State = State;
    type Output = i64;

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, _granted: bool) -> Poll<i64> {
        (self.0)(state).map_or(Poll::Pending, Poll::Ready)
    }
}
