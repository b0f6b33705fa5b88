//! Which worlds and primitives a question is about.

use selvedge::catalogue::{Pattern, Variant};
use selvedge::explore::Limits;
use selvedge::prove::Case;
use selvedge::{Family, World, weak_memory};

use super::arguments::Place;

/// A world, and the primitives to explore there.
#[derive(Clone, Copy)]
pub struct Column {
    /// The world.
    pub world: World,
    /// The primitives.
    pub family: Family,
}

impl Column {
    /// Whether this build has the world, and the primitives run there.
    fn is_built(self) -> bool {
        self.family.runs_in(self.world)
            && (self.world != World::WeakMemory || weak_memory::IS_AVAILABLE)
    }

    /// Whether the variant can be explored there, in this build.
    fn has(self, variant: &Variant) -> bool {
        self.is_built() && variant.runs_in(self.world, self.family)
    }
}

impl Place {
    /// Where to prove: everywhere unless the user said otherwise.
    pub fn columns(&self) -> Vec<Column> {
        let worlds = World::ALL.into_iter().filter(|&world| match (self.world, self.primitives) {
            (Some(asked), _) => world == asked,
            (None, Some(family)) => family.runs_in(world),
            (None, None) => true,
        });
        worlds
            .map(|world| Column { world, family: self.primitives.unwrap_or(default_family(world)) })
            .collect()
    }

    /// Whether the user said where: then what cannot be proved there is an error, not a gap.
    pub fn is_stated(&self) -> bool {
        self.world.is_some() || self.primitives.is_some()
    }

    /// Where a witness is to be expected: the first world of this build in which the variant is
    /// not safe, the first in which it can be explored if there is none, the first of all if it
    /// cannot.
    pub fn to_show(&self, pattern: &'static Pattern, variant: &'static Variant) -> Option<Case> {
        let columns = self.columns();
        let column = columns
            .iter()
            .find(|column| column.is_built() && self.is_unsafe(variant, column.world))
            .or_else(|| columns.iter().find(|column| column.has(variant)))
            .or(columns.first())?;
        Some(self.case(pattern, variant, *column))
    }

    /// The world in which a variant is not safe, if that is none of this build and the user has
    /// left it open where to look.
    pub fn absent_witness(&self, variant: &'static Variant) -> Option<World> {
        let columns = self.columns();
        let mut is_unsafe = columns.iter().filter(|column| self.is_unsafe(variant, column.world));
        let first = is_unsafe.clone().next()?;
        (!self.is_stated() && !is_unsafe.any(|column| column.is_built())).then_some(first.world)
    }

    fn is_unsafe(&self, variant: &Variant, world: World) -> bool {
        let actors = self.actors.unwrap_or(variant.default_actors(world));
        variant.expected_safe(world, actors) == Some(false)
    }

    /// The variant in this world, with the number of actors that was asked for.
    pub fn case(
        &self,
        pattern: &'static Pattern,
        variant: &'static Variant,
        Column { world, family }: Column,
    ) -> Case {
        let actors = self.actors.unwrap_or(variant.default_actors(world));
        Case { pattern, variant, world, family, actors }
    }

    /// When to give up.
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits { executions: self.max_executions.unwrap_or(limits.executions), ..limits }
    }
}

/// The family that a world is proved on unless told otherwise: the first that runs there. Where
/// none does, the one whose absence a proof there reports.
fn default_family(world: World) -> Family {
    Family::ALL.into_iter().find(|family| family.runs_in(world)).unwrap_or(Family::Model)
}
