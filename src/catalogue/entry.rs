//! One variant of one pattern: what the catalogue says of it.

use std::fmt;

use super::variant::Reached;
use super::{Cast, DoesNotApply, Pattern, Variant};
use crate::explore::Outcomes;
use crate::world::{Family, World};

/// A variant in its pattern, which shows as `pattern/variant`.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// The variant.
    pub variant: &'static Variant,
}

impl Entry {
    /// The outcomes that break nothing.
    pub fn allowed(self, actors: usize) -> Outcomes {
        self.variant.allowed.unwrap_or(self.pattern.allowed)(actors)
    }

    /// The outcomes that are reached in `world`, exactly.
    ///
    /// # Errors
    ///
    /// Why the variant means nothing there.
    pub fn reached_in(self, world: World, actors: usize) -> Result<Outcomes, DoesNotApply> {
        let reached = match world {
            World::EventLoop => self.variant.event_loop.ok_or(DoesNotApply)?,
            World::Threads => self.variant.threads,
            World::WeakMemory => self.variant.weak_memory,
        };
        Ok(match reached {
            Reached::Allowed => self.allowed(actors),
            Reached::Exactly(outcomes) => outcomes(actors),
        })
    }

    /// Whether every outcome reached in `world` is allowed; `None` where the world does not apply.
    pub fn is_safe_in(self, world: World, actors: usize) -> Option<bool> {
        let reached = self.reached_in(world, actors).ok()?;
        Some(reached.is_subset(&self.allowed(actors)))
    }

    /// The same at the size at which it is proved unless told otherwise.
    pub fn is_safe_by_default_in(self, world: World) -> Option<bool> {
        self.is_safe_in(world, self.variant.default_actors(world))
    }

    /// Who runs, on the primitives of `family`; `None` if the variant is not made for them.
    pub(crate) fn cast_on(self, family: Family, actors: usize) -> Option<Cast> {
        let is_made_for_it = !self.variant.not_on.contains(&family);
        is_made_for_it.then(|| self.variant.program.cast_on(family, actors)).flatten()
    }

    /// The same on primitives from which a guard can be taken away.
    pub(crate) fn weakened_on(self, family: Family, actors: usize) -> Option<Cast> {
        self.variant.program.weakened_on(family, actors)
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pattern.name, self.variant.name)
    }
}
