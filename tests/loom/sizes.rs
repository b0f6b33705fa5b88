//! The outcome sets are formulas in the number of actors, so they hold at other sizes as well.

use std::ops::RangeInclusive;

use selvedge::catalogue::Variant;
use selvedge::explore::Limits;
use selvedge::patterns::CATALOGUE;
use selvedge::prove::Case;
use selvedge::{Family, World, weak_memory};

use crate::support::describe;

#[test]
fn every_outcome_set_holds_at_every_small_size() {
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            for (world, family) in [
                (World::EventLoop, Family::Model),
                (World::Threads, Family::Model),
                (World::WeakMemory, Family::Loom),
            ] {
                let is_available = world != World::WeakMemory || weak_memory::IS_AVAILABLE;
                if !is_available || !variant.runs_in(world, family) {
                    continue;
                }
                for actors in sizes(variant, world) {
                    let case = Case { pattern, variant, world, family, actors };
                    let proof = case.prove(Limits::default()).expect("the case can be explored");
                    assert!(proof.is_as_expected(), "{}", describe(&proof));
                }
            }
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
