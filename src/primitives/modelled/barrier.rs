//! A barrier that can be used again.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::{Waiters, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Waiting};
use crate::primitives::Barrier;

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

impl Resource for State {
    /// Ends the round, if the last one has arrived.
    fn grant(&mut self) -> Wakes {
        if self.arrived < self.actors {
            return Wakes::default();
        }
        self.arrived = 0;
        self.waiters.grant_all()
    }
}

impl<E: Engine> Barrier for ModelBarrier<E> {
    fn new(name: &'static str, actors: usize) -> Self {
        let state = State { actors: actors.max(1), arrived: 0, waiters: Waiters::default() };
        Self(E::Monitor::new(name, state))
    }

    fn wait(&self) -> impl Future<Output = ()> {
        Wait::<E, _>::new(&self.0, Call::synchronise("wait"), EndOfRound)
    }
}

/// That as many have arrived as the barrier is for. The last to arrive does not wait.
struct EndOfRound;

impl Request for EndOfRound {
    type State = State;
    type Output = ();

    fn queue(state: &mut State) -> &mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<()> {
        if granted {
            return Poll::Ready(());
        }
        state.arrived += 1;
        if state.arrived == state.actors { Poll::Ready(()) } else { Poll::Pending }
    }
}
