//! Every variant that is expected to be safe, with what makes it safe taken away.
//!
//! A mutant that is still safe means that a guard is not needed, or that the proof does not look.

use std::fmt;

use super::{Case, ProofError, Verdict};
use crate::catalogue::Entry;
use crate::explore::{Limits, Reduction};
use crate::primitives::Guard;
use crate::primitives::weakened::without;
use crate::weak_memory;
use crate::world::{Family, World};

/// A variant that should no longer be safe.
#[derive(Clone, Copy)]
pub struct Mutant {
    /// The variant, which is safe as it is.
    pub entry: Entry,
    /// What is taken away.
    pub mutation: Mutation,
    /// Where it is explored.
    pub world: World,
}

/// What is taken away from a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// A guard, from the primitives that the variant is built on.
    Without(Guard),
    /// Its shape: what runs is the sibling of this name.
    Sibling(&'static str),
    /// Its world: what runs is the variant itself, in the next world, where more is possible.
    Moved,
}

impl fmt::Display for Mutation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Without(guard) => f.write_str(guard.without()),
            Self::Sibling(name) => write!(f, "as `{name}`"),
            Self::Moved => f.write_str("another world"),
        }
    }
}

impl Mutant {
    /// The mutants of one variant. A variant that is safe nowhere has none.
    pub fn of(entry: Entry) -> Vec<Self> {
        let is_safe = |&world: &World| entry.is_safe_by_default_in(world) == Some(true);
        let safe_in: Vec<_> = World::ALL.into_iter().filter(is_safe).collect();
        let Some(&last) = safe_in.last() else { return Vec::new() };
        let guards = entry.variant.guards.iter();
        let guards = guards.map(|&guard| (Mutation::Without(guard), place(guard, last)));
        let sibling = entry.variant.unlike.map(|name| {
            let sibling = entry.pattern.entry(name);
            let is_safe =
                |world| sibling.and_then(|it| it.is_safe_by_default_in(world)) == Some(true);
            let world = safe_in.iter().copied().rfind(|&world| !is_safe(world)).unwrap_or(last);
            (Mutation::Sibling(name), world.min(World::Threads))
        });
        let next = World::ALL.into_iter().find(|&world| world > last);
        let moved = next.map(|next| (Mutation::Moved, next));
        let mutations = guards.chain(sibling).chain(moved);
        mutations.map(|(mutation, world)| Self { entry, mutation, world }).collect()
    }

    /// Whether this build has the world in which it is explored.
    pub fn is_built(&self) -> bool {
        self.world != World::WeakMemory || weak_memory::IS_AVAILABLE
    }

    /// Explores the mutant: it is found if this is [`Verdict::Unsafe`].
    ///
    /// # Errors
    ///
    /// If it cannot be explored.
    pub fn explore(&self, limits: Limits) -> Result<Verdict, ProofError> {
        let case = self.case()?;
        let exploration = match self.mutation {
            Mutation::Without(guard) => without(guard, || case.explore_weakened(limits))?,
            Mutation::Sibling(_) | Mutation::Moved => case.explore(Reduction::Replicas, limits)?,
        };
        Ok(Verdict::of(&exploration, &self.entry.allowed(case.actors)))
    }

    fn case(&self) -> Result<Case, ProofError> {
        let Self { mut entry, mutation, world } = *self;
        if let Mutation::Sibling(name) = mutation {
            entry = entry.pattern.entry(name).ok_or(ProofError::NoSibling(name))?;
        }
        let family = if world == World::WeakMemory { Family::Loom } else { Family::Model };
        Ok(Case { entry, world, family, actors: entry.variant.default_actors(world) })
    }
}

/// Where to look for a guard: as far to the right as the variant is safe. Only loom knows what an
/// ordering is; for everything else the explorer is as good and faster.
fn place(guard: Guard, last_safe: World) -> World {
    match guard {
        Guard::Ordering | Guard::Fence => World::WeakMemory,
        _ => last_safe.min(World::Threads),
    }
}
