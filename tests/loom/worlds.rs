//! How the worlds and the reductions relate, for the whole catalogue.

use std::num::NonZeroU64;

use selvedge::explore::{Incomplete, Limits, Outcome, Outcomes, Reduction};
use selvedge::patterns::entries;
use selvedge::prove::Case;
use selvedge::{Family, World};

/// What the explorer reaches, exhaustively.
#[track_caller]
fn reached(case: Case, reduction: Reduction) -> Outcomes {
    let exploration = case.explore(reduction, Limits::default()).expect("it can be explored");
    assert_eq!(exploration.incomplete, None, "{}", case.entry);
    exploration.outcomes()
}

#[test]
fn each_world_reaches_what_the_one_before_reaches() {
    for entry in entries() {
        let mut only_on_the_loop = Outcomes::new();
        for actors in 1..=4 {
            let [first, second, third] =
                World::ALL.map(|world| entry.reached_in(world, actors).unwrap_or_default());
            // Where the event loop does not apply, nothing is reached there.
            only_on_the_loop.extend(first.difference(&second).cloned());
            let is_subset = second.is_subset(&third);
            assert!(is_subset, "{entry} with {actors} actors: threads and weak memory");
        }
        // An actor that blocks its thread stops everyone on an event loop, and itself on threads.
        let blocks = entry.variant.blocks_the_loop;
        let exception: Outcomes = blocks.then_some(Outcome::Deadlock).into_iter().collect();
        assert_eq!(only_on_the_loop, exception, "{entry}: event loop and threads");
    }
}

/// Loom proves that the weak-memory sets are reached; here the explorer, which shares no exploring
/// code with it, reaches the same ones.
#[test]
fn two_engines_agree_except_where_memory_ordering_is_the_point() {
    let (world, family) = (World::Threads, Family::Model);
    let mut differing = Vec::new();
    for entry in entries() {
        let actors = entry.variant.default_actors(World::WeakMemory);
        let threads = reached(Case { entry, world, family, actors }, Reduction::Replicas);
        if Ok(threads) != entry.reached_in(World::WeakMemory, actors) {
            differing.push(entry.to_string());
        }
    }
    assert_eq!(
        differing,
        [
            "double-checked-init/relaxed",
            "message-publication/relaxed",
            "store-buffering/relaxed",
            "store-buffering/release-acquire",
        ]
    );
}

/// Executions beyond which a case is not walked without a reduction, which may take minutes.
const MOST_EXECUTIONS: NonZeroU64 = NonZeroU64::new(200_000).expect("not zero");

#[test]
fn every_reduction_reaches_the_same_outcomes() {
    let cases = entries().flat_map(Case::all_of).filter(|case| case.world != World::WeakMemory);
    let mut given_up = 0;
    for case in cases {
        // Without a reduction, three threads take minutes.
        let actors = if case.world == World::Threads { 2 } else { 3 };
        let case = Case { actors, ..case };
        let Case { entry, world, family, .. } = case;
        let merged = reached(case, Reduction::Merging);
        for reduction in [Reduction::FreshReplicas, Reduction::Replicas] {
            assert_eq!(reached(case, reduction), merged, "{entry} {world} {family} {reduction:?}");
        }
        let limits = Limits { executions: MOST_EXECUTIONS, ..Limits::default() };
        let opaque = case.explore(Reduction::Opaque, limits).expect("it can be explored");
        given_up += u32::from(opaque.incomplete.is_some());
        let is_known = match opaque.incomplete {
            None => opaque.outcomes() == merged,
            Some(Incomplete::Executions(_)) => opaque.outcomes().is_subset(&merged),
            Some(_) => false,
        };
        assert!(is_known, "{entry} {world} {family}: {opaque:?}");
    }
    assert!(given_up <= 3, "{given_up} cases are not walked to their end without a reduction");
}
