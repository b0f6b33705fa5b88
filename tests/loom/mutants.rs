//! What makes a variant safe is taken away, and the proof must see it.

use selvedge::World;
use selvedge::catalogue::Entry;
use selvedge::explore::Limits;
use selvedge::patterns::entries;
use selvedge::prove::{Mutant, Verdict};

#[test]
fn every_mutant_is_found() {
    let mut survivors = Vec::new();
    let mutants: Vec<_> = entries().flat_map(Mutant::of).filter(Mutant::is_built).collect();
    for mutant in &mutants {
        let verdict = mutant.explore(Limits::default()).expect("a mutant can be explored");
        if verdict != Verdict::Unsafe {
            survivors.push(format!("{}, {}: {verdict}", mutant.entry, mutant.mutation));
        }
    }
    assert!(survivors.is_empty(), "of {} mutants these survived: {survivors:#?}", mutants.len());
}

#[test]
fn every_variant_that_is_safe_somewhere_has_a_mutant() {
    let is_safe_somewhere = |entry: &Entry| {
        World::ALL.into_iter().any(|world| entry.is_safe_by_default_in(world) == Some(true))
    };
    let without = entries().filter(is_safe_somewhere).filter(|&it| Mutant::of(it).is_empty());
    let without: Vec<_> = without.map(|entry| entry.to_string()).collect();
    assert!(without.is_empty(), "nothing says what makes these safe: {without:#?}");
}

/// Loom takes too long for these at the size at which their sibling goes wrong: there the threads
/// world, which reaches the same outcomes, is the proof.
#[test]
fn the_weak_memory_proofs_that_are_too_small_to_fail_are_known() {
    let world = World::WeakMemory;
    let is_too_small = |entry: &Entry| {
        let actors = entry.variant.default_actors(world);
        let is_safe = |entry: Entry| entry.is_safe_in(world, actors) == Some(true);
        let sibling = entry.variant.unlike.and_then(|sibling| entry.pattern.entry(sibling));
        sibling.is_some_and(|sibling| is_safe(*entry) && is_safe(sibling))
    };
    let too_small: Vec<_> = entries().filter(is_too_small).map(|entry| entry.to_string()).collect();
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
