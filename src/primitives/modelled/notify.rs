//! Notifications: for one, stored if nobody waits, and for all that wait.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Notify;
use super::waiters::{Place, Waiters, Wake};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// The notify of a [`Modelled`](super::Modelled) family.
pub struct ModelNotify<E: Engine>(E::Monitor<State>);

/// Whether a permit is stored, and who waits. A granted waiter was woken by `notify_one`; those
/// woken by `notify_waiters` have left the queue, as they have nothing to pass on.
#[derive(Default)]
pub struct State {
    permit: bool,
    /// How often `notify_waiters` was called. A future learns it when it is created, and is done if it
    /// has changed by its first poll.
    calls_for_all: i64,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.permit));
        digest.mix(self.calls_for_all as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    fn notify_one(&mut self) -> Option<Wake> {
        let wake = self.waiters.grant_first();
        self.permit |= wake.is_none();
        wake
    }
}

impl<E: Engine> Notify for ModelNotify<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn notified(&self) -> impl Future<Output = ()> {
        let location = Location::caller();
        let calls_for_all = self.0.with(call("notified", location), |state| state.calls_for_all);
        Notified { notify: self, calls_for_all, place: Place::default(), location }
    }

    fn notify_one(&self) {
        self.0.wake(call("notify_one", Location::caller()), State::notify_one);
    }

    fn notify_waiters(&self) {
        self.0.wake(call("notify_waiters", Location::caller()), |state| {
            state.calls_for_all += 1;
            state.waiters.dismiss()
        });
    }
}

struct Notified<'a, E: Engine> {
    notify: &'a ModelNotify<E>,
    /// As many as when this was created.
    calls_for_all: i64,
    place: Place,
    location: &'static Location<'static>,
}

impl<E: Engine> Future for Notified<'_, E> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        this.notify.0.with(call("await", this.location), |state| {
            if this.place.is_taken() {
                if this.place.take_dismissal(&state.waiters) {
                    return Poll::Ready(());
                }
            } else if state.calls_for_all != this.calls_for_all || std::mem::take(&mut state.permit)
            {
                return Poll::Ready(());
            }
            this.place.poll(&mut state.waiters, context)
        })
    }
}

impl<E: Engine> Drop for Notified<'_, E> {
    fn drop(&mut self) {
        if !self.place.is_taken() {
            return;
        }
        self.notify.0.wake(call("give up", self.location), |state| {
            let passes_on = !self.place.take_dismissal(&state.waiters)
                && self.place.give_up(&mut state.waiters);
            passes_on.then(|| state.notify_one()).flatten()
        });
    }
}

fn call(operation: &'static str, location: &'static Location<'static>) -> Call {
    Call { operation, access: Access::Synchronise, argument: None, location }
}
