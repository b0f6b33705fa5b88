//! Every way of exploring agrees on generated programs.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use super::program::{self, Program};
use super::{Compared, Interleave, compare};

/// What is generated unless told otherwise: a change must not fail, or pass, by the luck of a draw.
const SEED: u64 = 2_009;

/// Compares `cases` generated programs; all properties together try more than 10,000. A failure
/// prints the seed, the smallest program that fails and what differs. `PROPTEST_RNG_SEED` takes
/// another seed, `PROPTEST_CASES` takes another number of programs.
fn agree(cases: u32, programs: impl Strategy<Value = Program>, interleave: Interleave) {
    let mut config =
        Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    if let Some(cases) = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()) {
        config.cases = cases;
    }
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => SEED,
    };
    config.rng_seed = RngSeed::Fixed(seed);
    let cases = config.cases;
    let [in_every_way, with_merging, skipped] = [const { Cell::new(0) }; 3];
    let count = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    let result = TestRunner::new(config).run(&programs, |program| {
        match compare(&program, interleave) {
            Ok(Compared::InEveryWay) => count(&in_every_way),
            Ok(Compared::WithMerging) => count(&with_merging),
            Ok(Compared::Skipped) => count(&skipped),
            Err(difference) => return Err(TestCaseError::fail(difference)),
        }
        Ok(())
    });
    println!(
        "seed {seed}: {} programs in every way, {} with merging, {} skipped",
        in_every_way.get(),
        with_merging.get(),
        skipped.get()
    );
    if let Err(error) = result {
        panic!("PROPTEST_RNG_SEED={seed}: {error}");
    }
    assert!(skipped.get() * 10 < cases, "too many programs are too large to be compared");
}

#[test]
fn every_way_agrees_on_the_event_loop() {
    agree(4_500, program::singles(), Interleave::AtAwaits);
}

#[test]
fn every_way_agrees_on_threads() {
    agree(1_000, program::singles(), Interleave::AtAccesses);
}

#[test]
fn every_way_agrees_on_replicas_in_several_queues() {
    agree(500, program::contended(), Interleave::AtAwaits);
}

#[test]
fn every_way_agrees_on_replicas_on_the_event_loop() {
    agree(3_500, program::replicas(), Interleave::AtAwaits);
}

#[test]
fn every_way_agrees_on_actors_that_spawn_others_on_the_event_loop() {
    agree(2_000, program::spawners(), Interleave::AtAwaits);
}

#[test]
fn every_way_agrees_on_actors_that_spawn_others_on_threads() {
    agree(500, program::spawners(), Interleave::AtAccesses);
}

#[test]
fn every_way_agrees_on_actors_that_panic_on_threads() {
    agree(750, program::panicking(), Interleave::AtAccesses);
}

#[test]
fn every_way_agrees_on_replicas_on_threads() {
    agree(750, program::replicas(), Interleave::AtAccesses);
}
