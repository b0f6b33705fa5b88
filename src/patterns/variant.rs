//! A variant of a pattern as the catalogue lists it: how it runs, and what it is expected to do.

use super::scenario::{Scenario, program};
use crate::explore::{Actors, Finish, Outcomes};
use crate::primitives::{Futures, Model, Tokio, Traced};
use crate::weak_memory;
use crate::world::World;

/// A pattern: a small concurrent program that goes wrong in a way that has a name.
pub struct Pattern {
    /// The anomaly, in kebab-case.
    pub name: &'static str,
    /// What goes wrong, in one sentence.
    pub summary: &'static str,
    /// What to look for in review, in one sentence.
    pub review: &'static str,
    /// Where the system is described: title, author where given, year.
    pub sources: &'static [&'static str],
    /// How the pattern can guard itself, the unguarded one first.
    pub variants: &'static [Variant],
}

/// The outcomes of a program, for so many actors.
pub type OutcomesOf = fn(actors: usize) -> Outcomes;

/// One way for a pattern to guard itself.
pub struct Variant {
    /// The guard, in kebab-case.
    pub name: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// The outcomes that break nothing.
    pub allowed: OutcomesOf,
    /// The outcomes that are expected to be reached, exactly.
    pub reaches: Reaches,
    /// How many actors loom explores within seconds.
    weak_memory_actors: usize,
    pub(crate) programs: Programs,
}

/// How to start a program on one family of primitives.
pub(crate) type Start = fn(usize, &mut Actors) -> Finish;

/// One scenario on every family.
pub(crate) struct Programs {
    pub(crate) model: Start,
    pub(crate) tokio: Start,
    pub(crate) futures: Start,
    pub(crate) weak_memory: Option<weak_memory::Harness>,
}

impl Variant {
    /// The scenario `S` as a variant.
    pub const fn new<S: Scenario>(
        name: &'static str,
        summary: &'static str,
        allowed: OutcomesOf,
        reaches: Reaches,
    ) -> Self {
        let programs = Programs {
            model: program::<S, Model>,
            tokio: program::<S, Traced<Tokio>>,
            futures: program::<S, Traced<Futures>>,
            weak_memory: weak_memory::harness::<S>(),
        };
        Self { name, summary, allowed, reaches, weak_memory_actors: 3, programs }
    }

    /// The same variant, explored by loom with so many actors unless told otherwise.
    #[must_use]
    pub const fn with_weak_memory_actors(self, actors: usize) -> Self {
        Self { weak_memory_actors: actors, ..self }
    }

    /// With how many actors the variant is proved unless told otherwise.
    pub const fn default_actors(&self, world: World) -> usize {
        match world {
            World::EventLoop | World::Threads => 3,
            World::WeakMemory => self.weak_memory_actors,
        }
    }
}

/// The exact set of outcomes in each world.
#[derive(Clone, Copy)]
pub struct Reaches {
    event_loop: OutcomesOf,
    threads: OutcomesOf,
    weak_memory: OutcomesOf,
}

impl Reaches {
    /// The same set in every world.
    pub const fn everywhere(outcomes: OutcomesOf) -> Self {
        Self { event_loop: outcomes, threads: outcomes, weak_memory: outcomes }
    }

    /// Another set where actors run on threads, whatever the memory.
    #[must_use]
    pub const fn on_threads(self, outcomes: OutcomesOf) -> Self {
        Self { threads: outcomes, weak_memory: outcomes, ..self }
    }

    /// Another set where memory is weak.
    #[must_use]
    pub const fn on_weak_memory(self, outcomes: OutcomesOf) -> Self {
        Self { weak_memory: outcomes, ..self }
    }

    /// The set expected in `world`.
    pub fn in_world(self, world: World, actors: usize) -> Outcomes {
        match world {
            World::EventLoop => (self.event_loop)(actors),
            World::Threads => (self.threads)(actors),
            World::WeakMemory => (self.weak_memory)(actors),
        }
    }
}
