//! Which worlds and primitives a question is about.

use selvedge::catalogue::Entry;
use selvedge::explore::Limits;
use selvedge::prove::{Case, ProofError};
use selvedge::{Family, World};

use super::arguments::Place;

impl Place {
    /// The worlds to prove in, each with the primitives to explore there: everywhere unless the user
    /// said otherwise.
    pub fn columns(&self) -> Vec<(World, Family)> {
        let worlds = World::ALL.into_iter().filter(|&world| match (self.world, self.primitives) {
            (Some(asked), _) => world == asked,
            (None, Some(family)) => family.runs_in(world),
            (None, None) => true,
        });
        worlds.map(|world| (world, self.primitives.unwrap_or(default_family(world)))).collect()
    }

    /// Whether the user said where: then what cannot be proved there is an error, not a gap.
    pub fn is_stated(&self) -> bool {
        self.world.is_some() || self.primitives.is_some()
    }

    /// Where a witness is to be expected: the first world of this build in which the variant is
    /// not safe, the first in which it can be explored if there is none, the first of all if it
    /// cannot.
    pub fn to_show(&self, entry: Entry) -> Option<Case> {
        let cases: Vec<_> =
            self.columns().into_iter().map(|column| self.smallest(entry, column)).collect();
        let can_be_explored = |case: &&Case| case.check().is_ok();
        let is_unsafe = |case: &&Case| is_unsafe(case) && !needs_loom(case);
        let case = cases.iter().find(is_unsafe).or_else(|| cases.iter().find(can_be_explored));
        case.or(cases.first()).copied()
    }

    /// The world in which a variant is not safe, if that is none of this build and the user has
    /// left it open where to look.
    pub fn absent_witness(&self, entry: Entry) -> Option<World> {
        let cases = self.columns().into_iter().map(|column| self.smallest(entry, column));
        let mut is_unsafe = cases.filter(is_unsafe).peekable();
        let first = is_unsafe.peek()?.world;
        (!self.is_stated() && is_unsafe.all(|case| needs_loom(&case))).then_some(first)
    }

    /// The variant in this world, with the number of actors that was asked for.
    pub fn case(&self, entry: Entry, (world, family): (World, Family)) -> Case {
        let actors = self.actors.unwrap_or(entry.variant.default_actors(world));
        Case { entry, world, family, actors }
    }

    /// The same with the fewest actors that break it, unless a number was asked for.
    fn smallest(&self, entry: Entry, column: (World, Family)) -> Case {
        let usual = self.case(entry, column);
        let fewer = (1..usual.actors).map(|actors| Case { actors, ..usual });
        let mut fewer = fewer.filter(|case| self.actors.is_none() && is_unsafe(case));
        fewer.next().unwrap_or(usual)
    }

    /// When to give up.
    pub fn limits(&self) -> Limits {
        let limits = Limits::default();
        Limits {
            executions: self.max_executions.unwrap_or(limits.executions),
            states: self.max_states.unwrap_or(limits.states),
            outcomes: self.max_outcomes.unwrap_or(limits.outcomes),
            bytes: self.max_bytes.unwrap_or(limits.bytes),
            ..limits
        }
    }
}

fn is_unsafe(case: &Case) -> bool {
    case.entry.is_safe_in(case.world, case.actors) == Some(false)
}

fn needs_loom(case: &Case) -> bool {
    case.check() == Err(ProofError::NeedsLoom)
}

/// The family that a world is proved on unless told otherwise: the first that runs there. Where
/// none does, the one whose absence a proof there reports.
fn default_family(world: World) -> Family {
    Family::ALL.into_iter().find(|family| family.runs_in(world)).unwrap_or(Family::Model)
}
