//! A variant of a pattern as the catalogue lists it: how it runs, and what it is expected to do.

use super::scenario::{Scenario, program};
use crate::explore::{Actors, Finish, Outcomes};
use crate::primitives::{Futures, Guard, Model, Tokio, Traced, Weakened};
use crate::weak_memory::{self, Loom};
use crate::world::{Family, World};

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

impl Pattern {
    /// The variant of this name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
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
    /// What makes it safe, where it is: taking one of these away makes it unsafe.
    pub guards: &'static [Guard],
    /// The sibling that lacks what makes this one safe, where that is no primitive.
    pub unlike: Option<&'static str>,
    /// How many actors loom explores within seconds.
    weak_memory_actors: usize,
    pub(crate) programs: Programs,
}

/// How to start a program on one family of primitives.
pub(crate) type Start = fn(usize, &mut Actors) -> Finish;

/// One scenario on every family.
pub(crate) struct Programs {
    pub(crate) model: Start,
    pub(crate) tokio: Option<Start>,
    pub(crate) futures: Option<Start>,
    pub(crate) weak_memory: Option<weak_memory::Harness>,
    pub(crate) weakened: Start,
    pub(crate) weakened_in_weak_memory: Option<weak_memory::Harness>,
}

/// A scenario that can be explored in every world, whole and weakened.
pub trait OnModel:
    Scenario<Model> + Scenario<Loom> + Scenario<Weakened<Model>> + Scenario<Weakened<Loom>>
{
}

impl<S> OnModel for S where
    S: Scenario<Model> + Scenario<Loom> + Scenario<Weakened<Model>> + Scenario<Weakened<Loom>>
{
}

impl Variant {
    /// The scenario `S` as a variant.
    pub const fn new<S>(
        name: &'static str,
        summary: &'static str,
        allowed: OutcomesOf,
        reaches: Reaches,
    ) -> Self
    where
        S: OnModel + Scenario<Traced<Tokio>> + Scenario<Traced<Futures>>,
    {
        let mut this = Self::without_futures::<S>(name, summary, allowed, reaches);
        this.programs.futures = Some(program::<S, Traced<Futures>>);
        this
    }

    /// The same for a scenario that needs what the futures crate does not have.
    pub const fn without_futures<S>(
        name: &'static str,
        summary: &'static str,
        allowed: OutcomesOf,
        reaches: Reaches,
    ) -> Self
    where
        S: OnModel + Scenario<Traced<Tokio>>,
    {
        let mut this = Self::model_only::<S>(name, summary, allowed, reaches);
        this.programs.tokio = Some(program::<S, Traced<Tokio>>);
        this
    }

    /// The same for a scenario whose real types cannot be explored: they would block the explorer's
    /// own thread, or mean nothing on an event loop.
    pub const fn model_only<S>(
        name: &'static str,
        summary: &'static str,
        allowed: OutcomesOf,
        reaches: Reaches,
    ) -> Self
    where
        S: OnModel,
    {
        let programs = Programs {
            model: program::<S, Model>,
            tokio: None,
            futures: None,
            weak_memory: weak_memory::harness::<S, Loom>(),
            weakened: program::<S, Weakened<Model>>,
            weakened_in_weak_memory: weak_memory::harness::<S, Weakened<Loom>>(),
        };
        let weak_memory_actors = 3;
        let (guards, unlike) = (&[], None);
        Self { name, summary, allowed, reaches, guards, unlike, weak_memory_actors, programs }
    }

    /// The same variant, which is safe because of these guards and would not be without one of them.
    #[must_use]
    pub const fn guarded_by(self, guards: &'static [Guard]) -> Self {
        Self { guards, ..self }
    }

    /// The same variant, which is safe because of its shape: the sibling of this name, which lacks
    /// it, is not.
    #[must_use]
    pub const fn unlike(self, sibling: &'static str) -> Self {
        Self { unlike: Some(sibling), ..self }
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

    /// Whether the variant can be explored in `world` on `family`, in a build that has both.
    pub fn runs_in(&self, world: World, family: Family) -> bool {
        let has_program = match family {
            Family::Model | Family::Loom => true,
            Family::Tokio => self.programs.tokio.is_some(),
            Family::Futures => self.programs.futures.is_some(),
        };
        has_program && family.runs_in(world) && self.reaches.applies_in(world).is_ok()
    }

    /// Whether every outcome expected in `world` is allowed; `None` where the world does not apply.
    pub fn expected_safe(&self, world: World, actors: usize) -> Option<bool> {
        let reached = self.reaches.in_world(world, actors)?;
        Some(reached.is_subset(&(self.allowed)(actors)))
    }
}

/// The exact set of outcomes in each world.
#[derive(Clone, Copy)]
pub struct Reaches {
    event_loop: Result<OutcomesOf, DoesNotApply>,
    threads: OutcomesOf,
    weak_memory: OutcomesOf,
    blocks_the_loop: bool,
}

/// Why a variant means nothing in a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DoesNotApply(&'static str);

impl Reaches {
    /// The same set in every world.
    pub const fn everywhere(outcomes: OutcomesOf) -> Self {
        let event_loop = Ok(outcomes);
        Self { event_loop, threads: outcomes, weak_memory: outcomes, blocks_the_loop: false }
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

    /// No set on an event loop, for this reason: one sentence.
    #[must_use]
    pub const fn not_on_event_loop(self, reason: &'static str) -> Self {
        Self { event_loop: Err(DoesNotApply(reason)), ..self }
    }

    /// An actor may block its thread: on an event loop that stops everyone, and the execution ends
    /// in a deadlock that threads do not have.
    #[must_use]
    pub const fn blocking_the_loop(self) -> Self {
        Self { blocks_the_loop: true, ..self }
    }

    /// Whether an event loop may be stopped where threads are not.
    pub const fn blocks_the_loop(self) -> bool {
        self.blocks_the_loop
    }

    /// Whether the variant means anything in `world`.
    ///
    /// # Errors
    ///
    /// Why it does not.
    pub fn applies_in(self, world: World) -> Result<(), DoesNotApply> {
        match world {
            World::EventLoop => self.event_loop.map(|_| ()),
            World::Threads | World::WeakMemory => Ok(()),
        }
    }

    /// The set expected in `world`; `None` where the world does not apply.
    pub fn in_world(self, world: World, actors: usize) -> Option<Outcomes> {
        let outcomes = match world {
            World::EventLoop => self.event_loop.ok()?,
            World::Threads => self.threads,
            World::WeakMemory => self.weak_memory,
        };
        Some(outcomes(actors))
    }
}
