//! What the variants of a pattern run, written once for every family of primitives.

use super::Cast;
use crate::explore::{Model, Traced};
use crate::primitives::{Extended, Futures, Primitives, Tokio, Weakened};
use crate::weak_memory::Loom;
use crate::world::Family;

/// The variants of a pattern, usually an enum: each names its cast.
pub trait Program: Sync {
    /// Who runs in this variant, for so many actors, on the primitives `P`.
    fn cast<P: Primitives>(&self, actors: usize) -> Cast;
}

/// The same for variants that need what tokio has and the futures crate has not. In a catalogue
/// such a program stands in [`WithoutFutures`].
pub trait ExtendedProgram: Sync {
    /// Who runs in this variant, for so many actors, on the primitives `P`.
    fn cast<P: Extended>(&self, actors: usize) -> Cast;
}

/// An [`ExtendedProgram`], which the futures crate has no types for.
pub struct WithoutFutures<T>(pub T);

/// A program on each family by name: what a [`Variant`](super::Variant) keeps.
pub trait OnFamilies: Sync {
    /// The cast on the primitives of `family`; `None` if it lacks the types.
    fn cast_on(&self, family: Family, actors: usize) -> Option<Cast>;
    /// The cast on primitives from which a guard can be taken away; `None` unless the family is one
    /// of models.
    fn weakened_on(&self, family: Family, actors: usize) -> Option<Cast>;
}

impl<T: Program> OnFamilies for T {
    fn cast_on(&self, family: Family, actors: usize) -> Option<Cast> {
        Some(match family {
            Family::Model => self.cast::<Model>(actors),
            Family::Tokio => self.cast::<Traced<Tokio>>(actors),
            Family::Futures => self.cast::<Traced<Futures>>(actors),
            Family::Loom => self.cast::<Loom>(actors),
        })
    }

    fn weakened_on(&self, family: Family, actors: usize) -> Option<Cast> {
        match family {
            Family::Model => Some(self.cast::<Weakened<Model>>(actors)),
            Family::Loom => Some(self.cast::<Weakened<Loom>>(actors)),
            Family::Tokio | Family::Futures => None,
        }
    }
}

impl<T: ExtendedProgram> OnFamilies for WithoutFutures<T> {
    fn cast_on(&self, family: Family, actors: usize) -> Option<Cast> {
        match family {
            Family::Model => Some(self.0.cast::<Model>(actors)),
            Family::Tokio => Some(self.0.cast::<Traced<Tokio>>(actors)),
            Family::Futures => None,
            Family::Loom => Some(self.0.cast::<Loom>(actors)),
        }
    }

    fn weakened_on(&self, family: Family, actors: usize) -> Option<Cast> {
        match family {
            Family::Model => Some(self.0.cast::<Weakened<Model>>(actors)),
            Family::Loom => Some(self.0.cast::<Weakened<Loom>>(actors)),
            Family::Tokio | Family::Futures => None,
        }
    }
}
