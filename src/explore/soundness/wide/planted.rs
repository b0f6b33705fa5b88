//! Programs on tokio's types in which something comes out by chance: a complete verdict is right all
//! the same. What is printed as noticed and as no matter is all that was planted; anything else fails.

use super::chance::{self, Chance};
use super::program::{self, Op, Program};
use super::{
    Exploration, Incomplete, Interleave, Property, Reduction, Tokio, explored, has_luck,
    is_too_large, outcomes, try_on,
};

/// A complete verdict is wrong if it is neither that of the program whose chance is explored, nor that
/// of each execution in a process of its own.
fn compare(program: &Program) -> Result<&'static str, String> {
    let explore = |chance| -> Exploration {
        explored::<Tokio>(program, chance, Interleave::AtAwaits, Reduction::Opaque)
    };
    let truth = explore(Chance::Explored);
    if truth.incomplete.as_ref().is_some_and(is_too_large) {
        return Ok("too large");
    }
    let is_planted = program.has(&|op| matches!(op, Op::Draw(_)));
    chance::forget();
    let found = explore(Chance::Real);
    match found.incomplete {
        None if truth.incomplete.is_some() => Ok("by tokio's luck"),
        None if [&truth, &explore(Chance::First)]
            .iter()
            .any(|truth| outcomes(truth) == outcomes(&found)) =>
        {
            Ok(if is_planted { "planted, and no matter" } else { "right" })
        }
        None => Err(format!("found {:?}\nof {:?}", outcomes(&found), outcomes(&truth))),
        Some(Incomplete::Unrepeatable { .. } | Incomplete::Nondeterministic { .. }) => {
            match (is_planted, has_luck(program)) {
                (true, _) => Ok("planted, and noticed"),
                (false, true) => Ok("by tokio's luck"),
                (false, false) => Err(format!("{:?}", found.incomplete)),
            }
        }
        Some(reason) => Err(format!("{reason}")),
    }
}

pub(in crate::explore::soundness) const PLANTED: Property = Property {
    name: "planted-chance",
    cases: 1_000,
    try_on: |seed, cases| try_on(seed, cases, &program::planted(), compare),
};

#[test]
fn no_complete_verdict_is_wrong_by_chance() {
    PLANTED.hold();
}
