//! Notifications: for one, stored if nobody waits, and for all that wait.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::wakes::Wakes;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Internal, Waiting};
use crate::primitives::Notify;

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

impl Resource for State {
    /// Hands the permit to the first who waits.
    fn grant(&mut self) -> Wakes {
        let wake = if self.permit { self.waiters.grant_first() } else { None };
        self.permit &= wake.is_none();
        wake.into_iter().collect()
    }
}

impl<E: Engine> Notify for ModelNotify<E> {
    fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    fn notified(&self) -> impl Future<Output = ()> {
        let call = Call::synchronise("notified");
        let calls_for_all = self.0.with(call, |state| Internal(state.calls_for_all)).0;
        let call = Call { operation: "await", ..call };
        Wait::<E, _>::new(&self.0, call, Notified { calls_for_all })
    }

    fn notify_one(&self) {
        self.0.wake(Call::synchronise("notify_one"), |state| {
            state.permit = true;
            state.grant()
        });
    }

    fn notify_waiters(&self) {
        self.0.wake(Call::synchronise("notify_waiters"), |state| {
            state.calls_for_all += 1;
            state.waiters.dismiss()
        });
    }
}

/// A notification.
struct Notified {
    /// As many as when this was created.
    calls_for_all: i64,
}

impl Request for Notified {
    type State = State;
    type Output = ();

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<()> {
        let is_notified = granted
            || state.calls_for_all != self.calls_for_all
            || std::mem::take(&mut state.permit);
        if is_notified { Poll::Ready(()) } else { Poll::Pending }
    }

    fn give_back(&mut self, state: &mut State) {
        state.permit = true;
    }
}
