//! # barrier-reuse
//!
//! Actors work in rounds, and the barrier between two rounds stays open once it has been opened: from
//! the second round on, a fast actor does not wait for the slow ones.
//!
//! ```text
//!   slow                      all here   fast
//!   fetch_add -> 0, wait...    unset
//!                               set      fetch_add -> 1, set, wait
//!                               set      fetch_add -> 2, wait        set since the first round
//!                               set      load -> 3                   one of the four parts is missing
//! ```
//!
//! **In review, look for** an event, flag or latch that is waited on in a loop, and that nothing
//! resets; where something does reset it, ask whether everyone has passed by then.
//!
//! **The fix** is a barrier that tells its rounds apart: a waiter is released when its own round ends.
//! `tokio::sync::Barrier` counts its rounds; an event for each round would do as well.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Shared, Variant, WithoutFutures};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Barrier, Event, Extended};

/// How often the actors meet.
const ROUNDS: i64 = 2;

/// Actors that each do one part of the work in every round.
pub struct Rounds<P: Extended> {
    actors: i64,
    parts_done: P::Atomic,
    all_here: P::Event,
    barrier: P::Barrier,
    early: P::Atomic,
}

impl<P: Extended> Rounds<P> {
    /// Does its part in every round, and meets the others after it. `meet` is given how many parts are
    /// done so far, this one included.
    async fn work(&self, meet: impl AsyncFn(&Self, i64)) {
        for _ in 0..ROUNDS {
            let done = self.parts_done.fetch_add(1, Ordering::AcqRel) + 1;
            meet(self, done).await;
        }
        if self.parts_done.load(Ordering::Acquire) < ROUNDS * self.actors {
            self.early.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Meets at an event that the last one sets.
    pub async fn work_and_meet_at_event(&self) {
        self.work(async |rounds: &Self, done| {
            if done % rounds.actors == 0 {
                rounds.all_here.set();
            }
            rounds.all_here.wait().await; // <- the bug: already set after the first round
        })
        .await;
    }

    /// Meets at a barrier.
    pub async fn work_and_meet_at_barrier(&self) {
        self.work(async |rounds: &Self, _| rounds.barrier.wait().await).await;
    }
}

impl<P: Extended> Shared for Rounds<P> {
    fn new(actors: usize) -> Self {
        Self {
            actors: actors as i64,
            parts_done: P::Atomic::new("parts done", 0),
            all_here: P::Event::new("all here"),
            barrier: P::Barrier::new("barrier", actors),
            early: P::Atomic::new("early", 0),
        }
    }

    /// How many finished before everyone had done a part in the last round.
    fn outcome(&self) -> Value {
        self.early.load(Ordering::Relaxed).into()
    }
}

enum MeetingAt {
    Event,
    Barrier,
}

impl ExtendedProgram for MeetingAt {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        match self {
            Self::Event => Cast::replicas("worker", n, Rounds::<P>::work_and_meet_at_event),
            Self::Barrier => Cast::replicas("worker", n, Rounds::<P>::work_and_meet_at_barrier),
        }
    }
}

fn nobody_is_early(_actors: usize) -> Outcomes {
    outcomes([0])
}

/// Nobody waits in the second round. So on an event loop it is one step for each actor, and all but the
/// last to take it are early.
fn all_but_the_last_are_early(actors: usize) -> Outcomes {
    outcomes([actors as i64 - 1])
}

/// The actor that does the last part is not early; each of the others is, if it checks before that.
fn all_but_one_may_be_early(actors: usize) -> Outcomes {
    outcomes(0..actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "barrier-reuse",
    summary: "a barrier that stays open after the first round lets a fast actor lap a slow one",
    review: "an event or latch that is waited on in a loop, and that nothing resets",
    sources: &[],
    allowed: nobody_is_early,
    variants: &[
        Variant::racy(
            "counter-and-event",
            "the last to arrive sets an event, which stays set",
            &WithoutFutures(MeetingAt::Event),
            all_but_the_last_are_early,
        )
        .on_threads(all_but_one_may_be_early)
        .with_weak_memory_actors(2),
        Variant::safe(
            "generation",
            "a barrier that tells its rounds apart",
            &WithoutFutures(MeetingAt::Barrier),
        )
        .unlike("counter-and-event")
        .with_weak_memory_actors(2),
    ],
};
