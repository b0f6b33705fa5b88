//! A barrier that can be used again.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Barrier;
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The barrier of a [`Modelled`](super::Modelled) family.
pub struct ModelBarrier<E: Engine>(E::Monitor<State>);

/// How many have arrived in this round, of how many. Granted waiters belong to earlier rounds.
pub struct State {
    actors: usize,
    arrived: usize,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.actors as u64);
        digest.mix(self.arrived as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl<E: Engine> Barrier for ModelBarrier<E> {
    fn new(name: &'static str, actors: usize) -> Self {
        let state = State { actors: actors.max(1), arrived: 0, waiters: Waiters::default() };
        Self(E::Monitor::new(name, state))
    }

    fn wait(&self) -> impl Future<Output = ()> {
        Wait { barrier: self, place: Place::default(), location: Location::caller() }
    }
}

struct Wait<'a, E: Engine> {
    barrier: &'a ModelBarrier<E>,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine> Wait<'_, E> {
    fn call(&self, operation: &'static str) -> Call {
        Call { operation, access: Access::Synchronise, argument: None, location: self.location }
    }
}

impl<E: Engine> Future for Wait<'_, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let call = self.call("wait");
        let this = &mut *self;
        this.barrier.0.with_wakes(call, |state| {
            if !this.place.is_taken() {
                state.arrived += 1;
                if state.arrived == state.actors {
                    state.arrived = 0;
                    return (Poll::Ready(()), state.waiters.grant_all());
                }
            }
            (this.place.poll(&mut state.waiters, context), Vec::new())
        })
    }
}

impl<E: Engine> Drop for Wait<'_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = self.call("give up");
            self.barrier.0.with(call, |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}
