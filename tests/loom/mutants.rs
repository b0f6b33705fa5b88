//! What makes a variant safe is taken away, and the proof must see it.

use selvedge::World;
use selvedge::catalogue::Variant;
use selvedge::explore::Limits;
use selvedge::patterns::CATALOGUE;
use selvedge::prove::{Judgement, Mutant};

#[test]
fn every_mutant_is_found() {
    let mut survivors = Vec::new();
    let mutants = Mutant::all();
    for mutant in &mutants {
        let judgement = mutant.judge(Limits::default()).expect("a mutant can be explored");
        if judgement != Judgement::Unsafe {
            let (pattern, variant) = (mutant.pattern.name, mutant.variant.name);
            survivors.push(format!("{pattern}/{variant}, {}: {judgement}", mutant.mutation));
        }
    }
    assert!(survivors.is_empty(), "of {} mutants these survived: {survivors:#?}", mutants.len());
}

#[test]
fn every_variant_that_is_safe_somewhere_has_a_mutant() {
    let mut without = Vec::new();
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            let is_safe = World::ALL.into_iter().any(|world| {
                variant.expected_safe(world, variant.default_actors(world)) == Some(true)
            });
            if is_safe && Mutant::of(pattern, variant).is_empty() {
                without.push(format!("{}/{}", pattern.name, variant.name));
            }
        }
    }
    assert!(without.is_empty(), "nothing says what makes these safe: {without:#?}");
}

/// Loom takes too long for these at the size at which their sibling goes wrong: there the threads
/// world, which reaches the same outcomes, is the proof.
#[test]
fn the_weak_memory_proofs_that_are_too_small_to_fail_are_known() {
    let world = World::WeakMemory;
    let mut too_small = Vec::new();
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            let actors = variant.default_actors(world);
            let sibling = variant.unlike.and_then(|sibling| pattern.variant(sibling));
            let is_safe = |variant: &Variant| variant.expected_safe(world, actors) == Some(true);
            if sibling.is_some_and(|sibling| is_safe(variant) && is_safe(sibling)) {
                too_small.push(format!("{}/{}", pattern.name, variant.name));
            }
        }
    }
    assert_eq!(
        too_small,
        [
            "unbounded-backlog/bounded",
            "pipe-deadlock/drain-while-writing",
            "futurelock/spawned",
            // Here it is the event loop that the sibling blocks, and no thread.
            "blocking-guard-across-await/scoped",
            "blocking-guard-across-await/async-lock",
        ]
    );
}
