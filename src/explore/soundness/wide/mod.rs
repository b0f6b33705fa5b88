//! Programs over every primitive, of which no brute force knows the outcomes: they are explored in
//! every way, on the model and on tokio's types, and all must agree.

mod actors;
mod chance;
mod planted;
mod program;
mod world;

use std::num::NonZeroU64;

use chance::Chance;
use program::{Op, Program, Wait};

use super::property::{Property, SKIPPED, try_on};
use super::{Actors, Config, Exploration, Incomplete, Interleave, Limits, Reduction, explore};
use crate::explore::{Model, Outcome, Outcomes, Traced};
use crate::primitives::{Extended, Tokio};

/// Executions beyond which a program is not explored without merging.
const MOST_EXECUTIONS: u64 = 2_000;

/// States beyond which a program is too large.
const MOST_STATES: u64 = 20_000;

fn explored<P: Extended>(
    program: &Program,
    chance: Chance,
    interleave: Interleave,
    reduction: Reduction,
) -> Exploration {
    let executions = NonZeroU64::new(MOST_EXECUTIONS).expect("not zero");
    let states = NonZeroU64::new(MOST_STATES).expect("not zero");
    let limits = Limits { executions, states, ..Limits::default() };
    let spawn = |actors: &mut Actors| actors::spawn::<P>(program, chance, actors);
    explore(&spawn, Config { interleave, reduction, limits })
}

/// What was found; a panic inside of a primitive has another message in each family.
fn outcomes(exploration: &Exploration) -> Outcomes {
    let alike = |outcome| match outcome {
        Outcome::Panic(message) if !message.starts_with("role ") => {
            Outcome::Panic("a primitive".to_owned())
        }
        other => other,
    };
    exploration.outcomes().into_iter().map(alike).collect()
}

fn is_too_large(incomplete: &Incomplete) -> bool {
    matches!(
        incomplete,
        Incomplete::Executions(_) | Incomplete::States(_) | Incomplete::Steps { .. }
    )
}

/// Whether tokio leaves an order to chance that this program might tell: that of a watch's waiters.
fn has_luck(program: &Program) -> bool {
    program.has(&|op| {
        matches!(op, Op::Wait(Wait::Event | Wait::Changed | Wait::AtLeast(_) | Wait::Barrier))
    })
}

/// Compares all explorations of `program` with one of them, unless that is too large.
fn compare(program: &Program) -> Result<&'static str, String> {
    let merging =
        explored::<Model>(program, Chance::Explored, Interleave::AtAwaits, Reduction::Merging);
    let expected = outcomes(&merging);
    match &merging.incomplete {
        None => {}
        Some(reason) if is_too_large(reason) => return Ok(SKIPPED),
        Some(reason) => return Err(format!("{reason}")),
    }
    let differs = |way: &str, exploration: &Exploration| {
        let found = outcomes(exploration);
        let lost: Vec<_> = expected.difference(&found).collect();
        let added: Vec<_> = found.difference(&expected).collect();
        format!("{way}: {:?}\nlost {lost:?}\nadded {added:?}", exploration.incomplete)
    };
    let mut compared = if expected.len() > 1 { "in every way" } else { "one outcome" };
    for (way, exploration) in loops(program) {
        match &exploration.incomplete {
            None if outcomes(&exploration) == expected => {}
            Some(reason) if is_too_large(reason) && outcomes(&exploration).is_subset(&expected) => {
                compared = "with merging";
            }
            Some(Incomplete::Unrepeatable { .. } | Incomplete::Nondeterministic { .. })
                if way == TOKIO && has_luck(program) =>
            {
                compared = "apart from tokio's luck";
            }
            _ => return Err(differs(way, &exploration)),
        }
    }
    let threads =
        explored::<Model>(program, Chance::Explored, Interleave::AtAccesses, Reduction::Replicas);
    match &threads.incomplete {
        Some(Incomplete::Unwinds { .. }) => Ok("refused on threads"),
        Some(reason) if is_too_large(reason) => Ok("not on threads"),
        None if outcomes(&threads).is_superset(&expected) => Ok(compared),
        _ => Err(differs("threads", &threads)),
    }
}

const TOKIO: &str = "tokio's types";

/// The other explorations of an event loop.
fn loops(program: &Program) -> [(&'static str, Exploration); 5] {
    let model =
        |reduction| explored::<Model>(program, Chance::Explored, Interleave::AtAwaits, reduction);
    let (chance, interleave) = (Chance::Explored, Interleave::AtAwaits);
    [
        ("replicas", model(Reduction::Replicas)),
        ("fresh replicas", model(Reduction::FreshReplicas)),
        ("opaque", model(Reduction::Opaque)),
        ("traced", explored::<Traced<Tokio>>(program, chance, interleave, Reduction::Replicas)),
        (TOKIO, explored::<Tokio>(program, chance, interleave, Reduction::Opaque)),
    ]
}

pub(super) const EVERY_PRIMITIVE: Property = Property {
    name: "every-primitive",
    cases: 300,
    try_on: |seed, cases| try_on(seed, cases, &program::programs(), compare),
};

pub(super) use planted::PLANTED;

#[test]
fn every_way_and_every_family_agrees() {
    EVERY_PRIMITIVE.hold();
}
