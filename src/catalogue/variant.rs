//! A variant as its pattern's file states it: what runs, and the exact outcomes in each world.

use super::OnFamilies;
use crate::explore::Outcomes;
use crate::primitives::Guard;
use crate::world::{Family, World};

/// The outcomes of a program, for so many actors.
pub type OutcomesOf = fn(actors: usize) -> Outcomes;

/// One way for a pattern to guard itself, or to fail to.
pub struct Variant {
    /// The guard, in kebab-case.
    pub name: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What makes it safe, where it is: taking one of these away makes it unsafe.
    pub guards: &'static [Guard],
    /// The sibling that lacks what makes this one safe, where that is no primitive.
    pub unlike: Option<&'static str>,
    /// Whether an actor may block its thread: on an event loop that stops everyone, and a run ends in
    /// a deadlock that threads do not have.
    pub blocks_the_loop: bool,
    pub(super) program: &'static dyn OnFamilies,
    pub(super) not_on: &'static [Family],
    pub(super) allowed: Option<OutcomesOf>,
    /// `None` where an event loop has nothing to say.
    pub(super) event_loop: Option<Reached>,
    pub(super) threads: Reached,
    pub(super) weak_memory: Reached,
    /// How many actors loom explores within seconds.
    pub(super) weak_memory_actors: usize,
}

/// The exact set of outcomes in one world.
#[derive(Clone, Copy)]
pub(super) enum Reached {
    /// What is allowed, all of it.
    Allowed,
    /// This set.
    Exactly(OutcomesOf),
}

/// A variant about memory ordering means nothing on an event loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("one thread runs every actor, and what it does between two awaits is whole and in order")]
pub struct DoesNotApply;

impl Variant {
    /// A variant that reaches exactly what its pattern allows, in every world.
    pub const fn safe(
        name: &'static str,
        summary: &'static str,
        program: &'static dyn OnFamilies,
    ) -> Self {
        Self::reaching(name, summary, program, Reached::Allowed)
    }

    /// A variant that reaches exactly this set in every world, with more in it than is allowed.
    pub const fn racy(
        name: &'static str,
        summary: &'static str,
        program: &'static dyn OnFamilies,
        reaches: OutcomesOf,
    ) -> Self {
        Self::reaching(name, summary, program, Reached::Exactly(reaches))
    }

    const fn reaching(
        name: &'static str,
        summary: &'static str,
        program: &'static dyn OnFamilies,
        reached: Reached,
    ) -> Self {
        Self {
            name,
            summary,
            guards: &[],
            unlike: None,
            blocks_the_loop: false,
            program,
            not_on: &[],
            allowed: None,
            event_loop: Some(reached),
            threads: reached,
            weak_memory: reached,
            weak_memory_actors: 3,
        }
    }

    /// The same variant, which allows another set than its pattern.
    #[must_use]
    pub const fn allowing(self, allowed: OutcomesOf) -> Self {
        Self { allowed: Some(allowed), ..self }
    }

    /// The same variant, which reaches another set where actors run on threads, whatever the memory.
    #[must_use]
    pub const fn on_threads(self, reaches: OutcomesOf) -> Self {
        let exactly = Reached::Exactly(reaches);
        Self { threads: exactly, weak_memory: exactly, ..self }
    }

    /// The same variant, which reaches another set where memory is weak.
    #[must_use]
    pub const fn on_weak_memory(self, reaches: OutcomesOf) -> Self {
        Self { weak_memory: Reached::Exactly(reaches), ..self }
    }

    /// The same variant, which is about memory ordering: on an event loop it [means
    /// nothing](DoesNotApply), and there is nothing to explore it with on real types.
    #[must_use]
    pub const fn about_memory_ordering(self) -> Self {
        Self { event_loop: None, ..self.on_models_only() }
    }

    /// The same variant, where an actor may block its thread, and with it an event loop.
    #[must_use]
    pub const fn blocking_the_loop(self) -> Self {
        Self { blocks_the_loop: true, ..self }
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

    /// The same variant, which reaches other outcomes on the futures crate's types.
    #[must_use]
    pub const fn not_on_futures(self) -> Self {
        Self { not_on: &[Family::Futures], ..self }
    }

    /// The same variant, whose real types cannot be explored: they would block the explorer's own
    /// thread, or mean nothing on an event loop.
    #[must_use]
    pub const fn on_models_only(self) -> Self {
        Self { not_on: &[Family::Tokio, Family::Futures], ..self }
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
