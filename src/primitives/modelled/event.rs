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
        self.set_at(Location::caller());
    }

    fn wait(&self) -> impl Future<Output = ()> {
        self.wait_at(Location::caller())
    }
}

impl<E: Engine> ModelEvent<E> {
    /// Sets the flag, and says that it was done at `location`.
    pub(super) fn set_at(&self, location: &'static Location<'static>) {
        self.0.wake(call("set", location), |state| {
            state.set = true;
            state.waiters.grant_all()
        });
    }

    /// Waits for the flag, and says that it is done at `location`.
    pub(super) fn wait_at(&self, location: &'static Location<'static>) -> impl Future<Output = ()> {
        Wait { event: self, place: Place::default(), location }
    }
}

fn call(operation: &'static str, location: &'static Location<'static>) -> Call {
    Call { operation, access: Access::Synchronise, argument: None, location }
}

struct Wait<'a, E: Engine> {
    event: &'a ModelEvent<E>,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine> Future for Wait<'_, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.event.0.with(call("wait", this.location), |state| {
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
            self.event.0.with(call("give up", self.location), |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}
