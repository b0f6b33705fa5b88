//! An unbounded queue of words.

use std::collections::VecDeque;
use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::{Waiters, Wake, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::Queue;

/// The queue of a [`Modelled`](super::Modelled) family.
pub struct ModelQueue<E: Engine>(E::Monitor<State>);

/// The items, and who waits for one. A granted waiter has an item set aside: the oldest that is
/// there when it is polled.
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
    fn has_free_item(&self) -> bool {
        self.promised < self.items.len()
    }

    /// Promises a free item, if there is one, to the first waiter, if there is one.
    fn promise(&mut self) -> Option<Wake> {
        let wake = if self.has_free_item() { self.waiters.grant_first() } else { None }?;
        self.promised += 1;
        Some(wake)
    }
}

impl Resource for State {
    fn grant(&mut self) -> Wakes {
        std::iter::from_fn(|| self.promise()).collect()
    }
}

impl<E: Engine> Queue for ModelQueue<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn send(&self, item: i64) {
        self.0.wake(Call::synchronise("send").with(item), |state| {
            state.items.push_back(item);
            state.grant()
        });
    }

    fn receive(&self) -> impl Future<Output = i64> {
        Wait::<E, _>::new(&self.0, Call::synchronise("receive"), Receive)
    }
}

/// The oldest item.
struct Receive;

impl Request for Receive {
    type State = State;
    type Output = i64;

    fn queue(state: &mut State) -> &mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<i64> {
        if granted {
            state.promised -= 1;
        } else if !state.has_free_item() {
            return Poll::Pending;
        }
        Poll::Ready(state.items.pop_front().expect("an item is free or was promised"))
    }

    fn give_back(&mut self, state: &mut State) {
        state.promised -= 1;
    }
}
