//! A flag that ends a future at its next poll.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::{Abort, Aborted};
use super::waiters::{Place, Waiters};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The abort handle of a [`Modelled`](super::Modelled) family.
pub struct ModelAbort<E: Engine>(E::Monitor<State>);

/// Aborted or not, and who runs.
#[derive(Default)]
pub struct State {
    aborted: bool,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.aborted));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl<E: Engine> Abort for ModelAbort<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn abort(&self) {
        self.0.wake(Call::new("abort", Access::Synchronise), |state| {
            state.aborted = true;
            state.waiters.grant_all()
        });
    }

    fn run<F: Future>(&self, future: F) -> impl Future<Output = Result<F::Output, Aborted>> {
        let future = Some(Box::pin(future));
        Run { abort: self, future, place: Place::default(), location: Location::caller() }
    }
}

struct Run<'a, E: Engine, F> {
    abort: &'a ModelAbort<E>,
    future: Option<Pin<Box<F>>>,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine, F> Run<'_, E, F> {
    fn call(&self, operation: &'static str) -> Call {
        let location = self.location;
        Call { operation, access: Access::Synchronise, argument: None, location }
    }

    fn is_aborted(&mut self, context: &Context<'_>) -> bool {
        let call = self.call("is aborted");
        self.abort.0.with(call, |state| {
            let is_first_poll = !self.place.is_taken();
            (is_first_poll && state.aborted)
                || self.place.poll(&mut state.waiters, context).is_ready()
        })
    }

    fn leave(&mut self) {
        if self.place.is_taken() {
            let call = self.call("leave");
            self.abort.0.with(call, |state| {
                self.place.give_up(&mut state.waiters);
            });
        }
    }
}

impl<E: Engine, F: Future> Future for Run<'_, E, F> {
    type Output = Result<F::Output, Aborted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.is_aborted(context) {
            this.future = None;
            return Poll::Ready(Err(Aborted));
        }
        let future = this.future.as_mut().expect("a future that has ended is not polled");
        let output = std::task::ready!(future.as_mut().poll(context));
        this.future = None;
        this.leave();
        Poll::Ready(Ok(output))
    }
}

impl<E: Engine, F> Drop for Run<'_, E, F> {
    fn drop(&mut self) {
        self.future = None;
        self.leave();
    }
}
