//! What real threads do must be among what the explorer says that threads can do.
//!
//! Programs are run on threads of the operating system, with tokio's types and real memory, again and
//! again at another pace.

mod actors;
mod crew;

use std::collections::BTreeSet;
use std::num::NonZeroU64;

use proptest::prelude::*;

use super::futures::Words;
use super::program::{self, Program};
use super::property::{Property, Tally, try_on};
use super::{Actors, Config, Interleave, Limits, Reduction, explore, futures};

/// How often a program is run.
const RUNS: u64 = 50;

/// States beyond which a program is too large.
const MOST_STATES: NonZeroU64 = NonZeroU64::new(5_000).expect("not zero");

/// Compares `program` as it is on real threads, where nobody cancels actors or watches an invariant.
fn compare(program: &Program) -> Result<&'static str, String> {
    let mut program = Program { most_ahead: None, ..program.clone() };
    for role in &mut program.roles {
        role.cancellable = false;
    }
    let (interleave, reduction) = (Interleave::AtAccesses, Reduction::Replicas);
    let limits = Limits { states: MOST_STATES, ..Limits::default() };
    let spawn = |actors: &mut Actors| futures::spawn(&program, Words::Seen, actors);
    let exploration = explore(&spawn, Config { interleave, reduction, limits });
    if exploration.incomplete.is_some() {
        return Ok("too large");
    }
    let expected = exploration.outcomes();
    let mut seen = BTreeSet::new();
    for luck in 0..RUNS {
        let outcome = actors::run_once(&program, luck);
        if !expected.contains(&outcome) {
            return Err(format!(
                "real threads came to {outcome}\nthe explorer only to {expected:?}\nof {program:?}"
            ));
        }
        seen.insert(outcome);
    }
    Ok(if seen == expected { "every outcome seen" } else { "some outcomes seen" })
}

fn agree(
    (seed, cases): (u64, u32),
    programs: &impl Strategy<Value = Program>,
) -> Result<Tally, String> {
    try_on(seed, cases, programs, compare)
}

pub(super) const SINGLES: Property = Property {
    name: "singles-on-real-threads",
    cases: 40,
    try_on: |seed, cases| agree((seed, cases), &program::singles()),
};

pub(super) const SPAWNERS: Property = Property {
    name: "spawners-on-real-threads",
    cases: 20,
    try_on: |seed, cases| agree((seed, cases), &program::spawners()),
};

#[test]
fn what_real_threads_do_is_among_what_is_explored() {
    SINGLES.hold();
}

#[test]
fn what_real_threads_that_spawn_others_do_is_among_what_is_explored() {
    SPAWNERS.hold();
}
