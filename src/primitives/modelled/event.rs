//! A flag that actors wait for.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Event;
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The event of a [`Modelled`](super::Modelled) family.
pub struct ModelEvent<E: Engine>(E::Monitor<State>);

/// Set or not, and who waits.
#[derive(Default)]
pub struct State {
    set: bool,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.set));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl<E: Engine> Event for ModelEvent<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn set(&self) {
        self.0.wake(Call::new("set", Access::Synchronise), |state| {
            state.set = true;
            state.waiters.grant_all()
        });
    }

    fn wait(&self) -> impl Future<Output = ()> {
        Wait { event: self, place: Place::default(), location: Location::caller() }
    }
}

struct Wait<'a, E: Engine> {
    event: &'a ModelEvent<E>,
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
        this.event.0.with(call, |state| {
            if state.set && !this.place.is_taken() {
                return Poll::Ready(());
            }
            this.place.poll(&mut state.waiters, context)
        })
    }
}

impl<E: Engine> Drop for Wait<'_, E> {
    fn drop(&mut self) {
        if self.place.is_taken() {
            let call = self.call("give up");
            self.event.0.with(call, |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}
