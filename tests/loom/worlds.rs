//! How the worlds and the reductions relate, for the whole catalogue.

use selvedge::catalogue::{Pattern, Variant};
use selvedge::explore::{Limits, Outcome, Outcomes, Reduction};
use selvedge::patterns::CATALOGUE;
use selvedge::prove::Case;
use selvedge::{Family, World};

fn variants() -> impl Iterator<Item = (&'static Pattern, &'static Variant)> {
    CATALOGUE.iter().flat_map(|pattern| pattern.variants.iter().map(move |each| (pattern, each)))
}

/// What the explorer reaches, exhaustively.
#[track_caller]
fn reached(case: Case, reduction: Reduction) -> Outcomes {
    let exploration = case.explore(reduction, Limits::default()).expect("it can be explored");
    assert_eq!(exploration.incomplete, None, "{}/{}", case.pattern.name, case.variant.name);
    exploration.outcomes()
}

#[test]
fn each_world_reaches_what_the_one_before_reaches() {
    for (pattern, variant) in variants() {
        let mut only_on_the_loop = Outcomes::new();
        for actors in 1..=4 {
            let [first, second, third] =
                World::ALL.map(|world| variant.reaches.in_world(world, actors).unwrap_or_default());
            let name = format!("{}/{} with {actors} actors", pattern.name, variant.name);
            // Where the event loop does not apply, nothing is reached there.
            only_on_the_loop.extend(first.difference(&second).cloned());
            assert!(second.is_subset(&third), "{name}: threads and weak memory");
        }
        // An actor that blocks its thread stops everyone on an event loop, and itself on threads.
        let exception: Outcomes =
            variant.reaches.blocks_the_loop().then_some(Outcome::Deadlock).into_iter().collect();
        let name = format!("{}/{}", pattern.name, variant.name);
        assert_eq!(only_on_the_loop, exception, "{name}: event loop and threads");
    }
}

/// Loom proves that the weak-memory sets are reached; here the explorer, which shares no exploring
/// code with it, reaches the same ones.
#[test]
fn two_engines_agree_except_where_memory_ordering_is_the_point() {
    let family = Family::Model;
    let world = World::Threads;
    let mut differing = Vec::new();
    for (pattern, variant) in variants() {
        let actors = variant.default_actors(World::WeakMemory);
        let case = Case { pattern, variant, world, family, actors };
        let threads = reached(case, Reduction::Replicas);
        let weak_memory = variant.reaches.in_world(World::WeakMemory, actors);
        if Some(threads) != weak_memory {
            differing.push(format!("{}/{}", pattern.name, variant.name));
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

#[test]
fn every_reduction_reaches_the_same_outcomes() {
    for (pattern, variant) in variants() {
        for world in [World::EventLoop, World::Threads] {
            // Without a reduction, three threads take minutes.
            let actors = if world == World::Threads { 2 } else { 3 };
            for family in Family::ALL.into_iter().filter(|&family| variant.runs_in(world, family)) {
                let case = Case { pattern, variant, world, family, actors };
                let opaque = reached(case, Reduction::Opaque);
                for reduction in [Reduction::Merging, Reduction::FreshReplicas, Reduction::Replicas]
                {
                    let name = format!("{}/{} {world} {family}", pattern.name, variant.name);
                    assert_eq!(reached(case, reduction), opaque, "{name} {reduction:?}");
                }
            }
        }
    }
}
