//! Where the actors of a benchmark run, and how many there are.

use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};

/// A number of actors and the place they run in.
pub struct Setting {
    /// The name in a benchmark's id.
    pub name: &'static str,
    /// How many actors share the state, and the operations.
    pub actors: usize,
    place: Place,
}

enum Place {
    /// Polled in a loop: without a runtime, giving way costs next to nothing.
    Directly,
    /// Spawned, so that giving way costs a trip through the scheduler.
    Spawned(Runtime),
}

/// The numbers of the operations that one actor performs. The first actor has number 0.
pub type Turns = Range<usize>;

const CONTENDERS: usize = 8;

impl Setting {
    /// Alone, on one event loop, and on two workers. More workers would measure the scheduler.
    pub fn all() -> [Self; 3] {
        let spawned = |builder: &mut Builder| {
            Place::Spawned(builder.build().expect("the system lets a runtime start"))
        };
        let current_thread = spawned(&mut Builder::new_current_thread());
        let multi_thread = spawned(Builder::new_multi_thread().worker_threads(2));
        [
            Self { name: "uncontended", actors: 1, place: Place::Directly },
            Self { name: "contended-current-thread", actors: CONTENDERS, place: current_thread },
            Self { name: "contended-multi-thread", actors: CONTENDERS, place: multi_thread },
        ]
    }

    /// How long the actors take for so many operations on `state`. Starting them is included, so
    /// there should be enough operations for that to vanish.
    ///
    /// Panics if the operations cannot be shared out evenly.
    pub fn time<S, F>(
        &self,
        state: &Arc<S>,
        operations: usize,
        actor: impl Fn(Arc<S>, Turns) -> F,
    ) -> Duration
    where
        F: Future<Output = ()> + Send + 'static,
    {
        assert_eq!(operations % self.actors, 0, "every actor has equally many turns");
        let turns = operations / self.actors;
        let actors = (0..operations)
            .step_by(turns)
            .map(|first| actor(Arc::clone(state), first..first + turns));
        let started = Instant::now();
        match &self.place {
            Place::Directly => actors.for_each(poll_to_end),
            Place::Spawned(runtime) => runtime.block_on(async {
                let tasks: Vec<_> = actors.map(tokio::spawn).collect();
                for task in tasks {
                    task.await.expect("an actor does not panic");
                }
            }),
        }
        started.elapsed()
    }
}

fn poll_to_end(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
}
