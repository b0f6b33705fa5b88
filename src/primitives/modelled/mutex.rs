//! A fair mutex: the lock is handed to the first waiter, as `tokio::sync::Mutex` does.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Lock;
use super::waiters::{Place, Waiters, Wake};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The mutex of a [`Modelled`](super::Modelled) family.
pub struct ModelMutex<E: Engine>(E::Monitor<State>);

/// Held or not, and who waits. A lock that is handed over stays held.
#[derive(Default)]
pub struct State {
    held: bool,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.held));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    fn release(&mut self) -> Option<Wake> {
        let next = self.waiters.grant_first();
        self.held = next.is_some();
        next
    }
}

impl<E: Engine> Lock for ModelMutex<E> {
    type Guard<'a> = Guard<'a, E>;

    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn acquire(&self) -> impl Future<Output = Guard<'_, E>> {
        Acquire { mutex: self, place: Place::default(), location: Location::caller() }
    }
}

struct Acquire<'a, E: Engine> {
    mutex: &'a ModelMutex<E>,
    place: Place,
    location: &'static Location<'static>,
}

impl<'a, E: Engine> Future for Acquire<'a, E> {
    type Output = Guard<'a, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Guard<'a, E>> {
        let this = &mut *self;
        this.mutex
            .0
            .with(call("acquire", this.location), |state| {
                if !state.held && !this.place.is_taken() {
                    state.held = true;
                    return Poll::Ready(());
                }
                this.place.poll(&mut state.waiters, context)
            })
            .map(|()| Guard { mutex: this.mutex, location: this.location })
    }
}

impl<E: Engine> Drop for Acquire<'_, E> {
    fn drop(&mut self) {
        if !self.place.is_taken() {
            return;
        }
        self.mutex.0.wake(call("give up", self.location), |state| {
            let leaves_the_lock = self.place.give_up(&mut state.waiters);
            leaves_the_lock.then(|| state.release()).flatten()
        });
    }
}

/// The critical section lasts as long as this lives.
pub struct Guard<'a, E: Engine> {
    mutex: &'a ModelMutex<E>,
    location: &'static Location<'static>,
}

impl<E: Engine> Drop for Guard<'_, E> {
    fn drop(&mut self) {
        self.mutex.0.wake(call("release", self.location), State::release);
    }
}

fn call(operation: &'static str, location: &'static Location<'static>) -> Call {
    Call { operation, access: Access::Synchronise, argument: None, location }
}
