//! The outcome sets are formulas in the number of actors, so they hold at other sizes as well.

use std::num::NonZeroU64;
use std::ops::RangeInclusive;

use selvedge::World;
use selvedge::catalogue::Variant;
use selvedge::explore::{Incomplete, Limits};
use selvedge::patterns::entries;
use selvedge::prove::Case;

use crate::support::describe;

/// A size with more takes minutes. What is reached by then is held against the formula all the same.
const MOST_STATES: NonZeroU64 = NonZeroU64::new(130_000).expect("not zero");

#[test]
fn every_outcome_set_holds_at_every_small_size() {
    let are_models = |case: &Case| case.family.is_modelled();
    for case in entries().flat_map(Case::all_of).filter(are_models) {
        for actors in sizes(case.entry.variant, case.world) {
            let limits = Limits { states: MOST_STATES, ..Limits::default() };
            let proof = Case { actors, ..case }.prove(limits);
            let proof = proof.expect("the case can be explored");
            let is_too_large = actors > case.entry.variant.default_actors(case.world)
                && matches!(proof.incomplete, Some(Incomplete::States(_)))
                && proof.reached.is_subset(&proof.expected);
            assert!(proof.is_as_expected() || is_too_large, "{}", describe(&proof));
        }
    }
}

/// Under loom the largest size takes seconds, and each variant's own proof has that one.
fn sizes(variant: &Variant, world: World) -> RangeInclusive<usize> {
    match world {
        World::EventLoop => 1..=6,
        World::Threads => 1..=4,
        World::WeakMemory => 1..=variant.default_actors(world) - 1,
    }
}
