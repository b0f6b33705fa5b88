//! A flag that is raised once and waited for: what events and abort handles are made of.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};

/// A flag, and a queue for it.
pub(super) struct Flag<E: Engine>(E::Monitor<State>);

/// Raised or not, and who waits.
#[derive(Default)]
pub struct State {
    raised: bool,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(u64::from(self.raised));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl Resource for State {}

impl<E: Engine> Flag<E> {
    pub(super) fn new(name: &'static str) -> Self {
        Self(E::Monitor::new(name, State::default()))
    }

    pub(super) fn raise(&self, call: Call) {
        self.0.wake(call, |state| {
            state.raised = true;
            state.waiters.tell_all()
        });
    }

    /// Waits until the flag is raised; ready at once if it is.
    pub(super) fn wait(&self, call: Call) -> Wait<'_, E, Raised> {
        Wait::new(&self.0, call, Raised)
    }
}

/// That the flag has been raised.
pub(super) struct Raised;

impl Request for Raised {
    type State = State;
    type Output = ();

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, _granted: bool) -> Poll<()> {
        if state.raised { Poll::Ready(()) } else { Poll::Pending }
    }
}
