//! A walk on several cores finds what a walk on one finds.

use std::num::NonZeroUsize;

use proptest::prelude::Strategy;
use proptest::strategy::Union;

use super::Interleave::{AtAccesses, AtAwaits};
use super::futures::{self, Words};
use super::program::{self, Program};
use super::property::{Property, SKIPPED, Tally, try_on};
use super::{
    Actors, Config, Exploration, Incomplete, Interleave, Limits, MOST_EXECUTIONS, Reduction,
};
use crate::explore::walk::exhaustive::explore_until;
use crate::explore::walk::luck::Luck;
use crate::explore::walk::team::Crew;

/// More than the machine has, perhaps: then they take turns.
const CORES: NonZeroUsize = NonZeroUsize::new(3).unwrap();

fn programs() -> impl Strategy<Value = Program> {
    let kinds = [
        program::singles().boxed(),
        program::replicas().boxed(),
        program::spawners().boxed(),
        program::panicking().boxed(),
        program::sleepers().boxed(),
    ];
    Union::new(kinds)
}

fn explored(program: &Program, config: Config, size: Option<NonZeroUsize>) -> Exploration {
    let spawn = |actors: &mut Actors| futures::spawn(program, Words::Seen, actors);
    let crew = size.map(|size| Crew { program: &spawn, size });
    explore_until(&spawn, crew, config, Luck::default())
}

fn compare(program: &Program, interleave: Interleave) -> Result<&'static str, String> {
    let executions = (10 * MOST_EXECUTIONS).try_into().expect("not zero");
    let limits = Limits { executions, ..Limits::default() };
    let mut way = "in every way";
    for reduction in [Reduction::Opaque, Reduction::Merging, Reduction::Replicas] {
        let config = Config { interleave, reduction, limits };
        let [one, several] = [None, Some(CORES)].map(|size| explored(program, config, size));
        if let [Some(Incomplete::Executions(_)), Some(Incomplete::Executions(_))] =
            [&one.incomplete, &several.incomplete]
        {
            way = if reduction == Reduction::Opaque { "with merging" } else { SKIPPED };
            continue;
        }
        let seen = |it: &Exploration| {
            let stuck: Vec<_> = it.left.stuck.keys().cloned().collect();
            // What a step's own choices lead to may turn up on two cores.
            let may_repeat = interleave == AtAccesses;
            let executions = Some(it.executions).filter(|_| !may_repeat);
            (it.outcomes(), executions, it.states, stuck, it.incomplete.clone())
        };
        if one.executions > several.executions {
            return Err(format!("{} executions, not {}", several.executions, one.executions));
        }
        let [one, several] = [one, several].map(|it| seen(&it));
        if one != several {
            return Err(format!(
                "{reduction:?}, {interleave:?}\non one {one:?}\non {CORES} {several:?}"
            ));
        }
    }
    Ok(way)
}

fn agree((seed, cases): (u64, u32), interleave: Interleave) -> Result<Tally, String> {
    try_on(seed, cases, &programs(), |program| compare(program, interleave))
}

pub(super) const PARALLEL: Property =
    Property { name: "parallel", cases: 300, try_on: |seed, cases| agree((seed, cases), AtAwaits) };

pub(super) const PARALLEL_ON_THREADS: Property = Property {
    name: "parallel-on-threads",
    cases: 200,
    try_on: |seed, cases| agree((seed, cases), AtAccesses),
};

#[test]
fn several_cores_find_what_one_finds_on_the_event_loop() {
    PARALLEL.hold();
}

#[test]
fn several_cores_find_what_one_finds_on_threads() {
    PARALLEL_ON_THREADS.hold();
}
