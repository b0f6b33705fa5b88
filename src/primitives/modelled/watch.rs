//! A channel that keeps the last value only.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::super::{Watch, WatchReceiver};
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

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

impl<E: Engine> Watch for ModelWatch<E> {
    type Receiver<'a> = Receiver<'a, E>;

    fn new(name: &'static str, value: i64) -> Self {
        Self(E::Monitor::new(name, State { value, version: 0, waiters: Waiters::default() }))
    }

    fn send(&self, value: i64) {
        self.0.wake(Call::new("send", Access::Synchronise).with(value), |state| {
            state.value = value;
            state.version += 1;
            state.waiters.grant_all()
        });
    }

    fn subscribe(&self) -> Receiver<'_, E> {
        let call = Call::new("subscribe", Access::Synchronise);
        Receiver { channel: self, seen: self.0.with(call, |state| state.version) }
    }
}

/// A subscription, and the version it has seen.
pub struct Receiver<'a, E: Engine> {
    channel: &'a ModelWatch<E>,
    seen: i64,
}

impl<'a, E: Engine> Receiver<'a, E> {
    #[track_caller]
    fn until<F>(&self, operation: &'static str, condition: F) -> Until<'a, E, F>
    where
        F: Fn(&State) -> Option<i64>,
    {
        let call = Call::new(operation, Access::Synchronise);
        Until { channel: self.channel, condition, place: Place::default(), call }
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

/// Ready once the state has what `condition` looks for.
struct Until<'a, E: Engine, F> {
    channel: &'a ModelWatch<E>,
    condition: F,
    place: Place,
    call: Call,
}

/// Nothing in it is pinned.
impl<E: Engine, F> Unpin for Until<'_, E, F> {}

impl<E: Engine, F: Fn(&State) -> Option<i64>> Future for Until<'_, E, F> {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<i64> {
        let this = &mut *self;
        this.channel.0.with(this.call, |state| {
            if this.place.is_taken() {
                ready!(this.place.poll(&mut state.waiters, context));
            }
            if let Some(found) = (this.condition)(state) {
                return Poll::Ready(found);
            }
            this.place
                .poll(&mut state.waiters, context)
                .map(|()| unreachable!("it has just joined"))
        })
    }
}

impl<E: Engine, F> Drop for Until<'_, E, F> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = Call { operation: "give up", ..self.call };
            self.channel.0.with(call, |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}
