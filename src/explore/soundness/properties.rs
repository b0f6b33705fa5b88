//! Every way of exploring agrees on generated programs; all properties together try more than
//! 10,000.

use proptest::prelude::Strategy;

use super::Interleave::{AtAccesses, AtAwaits};
use super::program::{self, Program};
use super::property::{Property, SKIPPED, Tally, try_on};
use super::{Compared, Interleave, compare};

fn agree(
    (seed, cases): (u64, u32),
    programs: &impl Strategy<Value = Program>,
    interleave: Interleave,
) -> Result<Tally, String> {
    try_on(seed, cases, programs, |program| {
        compare(program, interleave).map(|compared| match compared {
            Compared::InEveryWay => "in every way",
            Compared::WithMerging => "with merging",
            Compared::Skipped => SKIPPED,
        })
    })
}

pub(super) const SINGLES: Property = Property {
    name: "singles",
    cases: 4_500,
    try_on: |seed, cases| agree((seed, cases), &program::singles(), AtAwaits),
};

pub(super) const SINGLES_ON_THREADS: Property = Property {
    name: "singles-on-threads",
    cases: 1_000,
    try_on: |seed, cases| agree((seed, cases), &program::singles(), AtAccesses),
};

pub(super) const CONTENDED: Property = Property {
    name: "contended",
    cases: 500,
    try_on: |seed, cases| agree((seed, cases), &program::contended(), AtAwaits),
};

pub(super) const REPLICAS: Property = Property {
    name: "replicas",
    cases: 3_500,
    try_on: |seed, cases| agree((seed, cases), &program::replicas(), AtAwaits),
};

pub(super) const REPLICAS_ON_THREADS: Property = Property {
    name: "replicas-on-threads",
    cases: 750,
    try_on: |seed, cases| agree((seed, cases), &program::replicas(), AtAccesses),
};

pub(super) const SPAWNERS: Property = Property {
    name: "spawners",
    cases: 2_000,
    try_on: |seed, cases| agree((seed, cases), &program::spawners(), AtAwaits),
};

pub(super) const SPAWNERS_ON_THREADS: Property = Property {
    name: "spawners-on-threads",
    cases: 500,
    try_on: |seed, cases| agree((seed, cases), &program::spawners(), AtAccesses),
};

pub(super) const PANICKING_ON_THREADS: Property = Property {
    name: "panicking-on-threads",
    cases: 750,
    try_on: |seed, cases| agree((seed, cases), &program::panicking(), AtAccesses),
};

pub(super) const SLEEPERS: Property = Property {
    name: "sleepers",
    cases: 2_000,
    try_on: |seed, cases| agree((seed, cases), &program::sleepers(), AtAwaits),
};

pub(super) const SLEEPERS_ON_THREADS: Property = Property {
    name: "sleepers-on-threads",
    cases: 500,
    try_on: |seed, cases| agree((seed, cases), &program::sleepers(), AtAccesses),
};

#[test]
fn every_way_agrees_on_the_event_loop() {
    SINGLES.hold();
}

#[test]
fn every_way_agrees_on_threads() {
    SINGLES_ON_THREADS.hold();
}

#[test]
fn every_way_agrees_on_replicas_in_several_queues() {
    CONTENDED.hold();
}

#[test]
fn every_way_agrees_on_replicas_on_the_event_loop() {
    REPLICAS.hold();
}

#[test]
fn every_way_agrees_on_replicas_on_threads() {
    REPLICAS_ON_THREADS.hold();
}

#[test]
fn every_way_agrees_on_actors_that_spawn_others_on_the_event_loop() {
    SPAWNERS.hold();
}

#[test]
fn every_way_agrees_on_actors_that_spawn_others_on_threads() {
    SPAWNERS_ON_THREADS.hold();
}

#[test]
fn every_way_agrees_on_actors_that_sleep_on_the_event_loop() {
    SLEEPERS.hold();
}

#[test]
fn every_way_agrees_on_actors_that_sleep_on_threads() {
    SLEEPERS_ON_THREADS.hold();
}

#[test]
fn every_way_agrees_on_actors_that_panic_on_threads() {
    PANICKING_ON_THREADS.hold();
}
