//! An unbounded queue of words.

use std::collections::VecDeque;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Queue;
use super::waiters::{Place, Waiters, Wake};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The queue of a [`Modelled`](super::Modelled) family.
pub struct ModelQueue<E: Engine>(E::Monitor<State>);

/// The items, and who waits for one. A granted waiter has an item set aside: the oldest that is
/// there when it looks.
#[derive(Default)]
pub struct State {
    items: VecDeque<i64>,
    /// How many of `items` are set aside for granted waiters.
    promised: usize,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.items.len() as u64);
        self.items.iter().for_each(|&item| digest.mix(item as u64));
        digest.mix(self.promised as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    /// Promises a free item, if there is one, to the first waiter, if there is one.
    fn promise(&mut self) -> Option<Wake> {
        if self.promised == self.items.len() {
            return None;
        }
        let wake = self.waiters.grant_first()?;
        self.promised += 1;
        Some(wake)
    }
}

impl<E: Engine> Queue for ModelQueue<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn send(&self, item: i64) {
        self.0.wake(Call::new("send", Access::Synchronise).with(item), |state| {
            state.items.push_back(item);
            state.promise()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        Receive { queue: self, place: Place::default(), location: Location::caller() }
    }
}

struct Receive<'a, E: Engine> {
    queue: &'a ModelQueue<E>,
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
        this.queue.0.with(call, |state| {
            if !this.place.is_taken() && state.promised < state.items.len() {
                return Poll::Ready(take(state));
            }
            this.place.poll(&mut state.waiters, context).map(|()| {
                state.promised -= 1;
                take(state)
            })
        })
    }
}

fn take(state: &mut State) -> i64 {
    state.items.pop_front().expect("an item is free or was promised")
}

impl<E: Engine> Drop for Receive<'_, E> {
    fn drop(&mut self) {
        if !self.place.is_taken() {
            return;
        }
        let call = self.call("give up");
        self.queue.0.wake(call, |state| {
            if !self.place.give_up(&mut state.waiters) {
                return None;
            }
            state.promised -= 1;
            state.promise()
        });
    }
}
