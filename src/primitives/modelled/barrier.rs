//! A barrier that can be used again.

use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::wakes::Wakes;
use super::{Engine, Monitor};
use crate::observe::{Call, Digest, Fingerprint, Observed, Seen, Waiting};
use crate::primitives::Barrier;

/// The barrier of a [`Modelled`](super::Modelled) family. As in tokio, who arrives finds out whether
/// the round has ended only after that, and on threads others may arrive in between.
pub struct ModelBarrier<E: Engine>(E::Monitor<State>);

/// How many have arrived in this round, of how many.
pub struct State {
    actors: usize,
    arrived: usize,
    /// How many rounds have ended.
    rounds: i64,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.actors as u64);
        digest.mix(self.arrived as u64);
        digest.mix(self.rounds as u64);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl Resource for State {}

/// What an actor learns by arriving.
enum Arrival {
    /// It was the last, and has ended the round.
    Last,
    /// It goes on when this round has ended.
    Before(i64),
}

impl Observed for Arrival {
    fn seen(&self) -> Seen {
        match *self {
            Self::Last => Seen::Nothing,
            Self::Before(round) => Seen::Internal(round),
        }
    }
}

impl State {
    fn arrive(&mut self) -> (Arrival, Wakes) {
        self.arrived += 1;
        if self.arrived < self.actors {
            return (Arrival::Before(self.rounds + 1), Wakes::default());
        }
        self.arrived = 0;
        self.rounds += 1;
        (Arrival::Last, self.waiters.tell_all())
    }
}

impl<E: Engine> Barrier for ModelBarrier<E> {
    fn new(name: &'static str, actors: usize) -> Self {
        let (actors, waiters) = (actors.max(1), Waiters::default());
        Self(E::Monitor::new(name, State { actors, arrived: 0, rounds: 0, waiters }))
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let call = Call::synchronise("wait");
        async move {
            if let Arrival::Before(round) = self.0.with_wakes(call, State::arrive) {
                let end = Call { operation: "await", ..call };
                Wait::<E, _>::new(&self.0, end, EndOf(round)).await;
            }
        }
    }
}

/// That this round has ended.
struct EndOf(i64);

impl Request for EndOf {
    type State = State;
    type Output = ();

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn take(&mut self, state: &mut State, _granted: bool) -> Poll<()> {
        if state.rounds >= self.0 { Poll::Ready(()) } else { Poll::Pending }
    }
}
