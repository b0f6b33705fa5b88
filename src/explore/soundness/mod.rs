//! The reductions, held against programs that nobody thought of.
//!
//! Generated programs are explored without merging, with merging, and with merging of replicas,
//! and run by a brute force that shares no code with the explorer. All must reach the same
//! outcomes. The same programs find each of the mistakes that a key can be built with.
//!
//! Where no brute force reaches, other witnesses are heard: real threads ([`real_threads`]), and tokio's
//! types beside the model's, for programs over every primitive ([`wide`]). [`attack`] tries all of it on
//! ever new programs.

mod adversarial;
mod attack;
mod blocking;
mod combinators;
mod futures;
mod handed_over;
mod hidden;
mod interpreter;
mod mistakes;
mod parallel;
mod program;
mod properties;
mod property;
mod real_threads;
mod spawning;
mod wide;

use std::num::NonZeroU64;

use futures::Words;
use interpreter::{Ending, Switch};
use program::{INVARIANT, NAMES, Program};

use super::{
    Actors, Config, Exploration, Incomplete, Interleave, Limits, Outcome, Outcomes, Reduction,
    Value, explore,
};

/// States beyond which the brute force gives a program up.
const MOST_STATES: usize = 2_000;

/// Executions beyond which a program is not explored without merging.
const MOST_EXECUTIONS: u64 = 200;

/// What the brute force says; `None` if there is too much to say.
fn brute_force(program: &Program, interleave: Interleave) -> Option<Outcomes> {
    let switch = match interleave {
        Interleave::AtAwaits => Switch::WhereAPollReturns,
        Interleave::AtAccesses => Switch::BeforeEachAccess,
    };
    let endings = interpreter::endings(program, switch, MOST_STATES)?;
    let outcome = |ending| match ending {
        Ending::Finished(numbers) => {
            Outcome::Value(Value::Fields(NAMES.into_iter().zip(numbers).collect()))
        }
        Ending::Deadlock => Outcome::Deadlock,
        Ending::Panicked(role, trace) => Outcome::Panic(program::panic_message(role, trace)),
        Ending::Violated => Outcome::Violation(INVARIANT.to_owned()),
    };
    Some(endings.into_iter().map(outcome).collect())
}

fn explored(program: &Program, interleave: Interleave, reduction: Reduction) -> Exploration {
    let executions = match reduction {
        Reduction::Opaque => NonZeroU64::new(MOST_EXECUTIONS).expect("not zero"),
        Reduction::Merging | Reduction::FreshReplicas | Reduction::Replicas => {
            Limits::default().executions
        }
    };
    let limits = Limits { executions, ..Limits::default() };
    let spawn = |actors: &mut Actors| futures::spawn(program, Words::Seen, actors);
    explore(&spawn, Config { interleave, reduction, limits })
}

/// How far a program was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compared {
    InEveryWay,
    /// Too many schedules to walk them all.
    WithMerging,
    /// Too many states for the brute force.
    Skipped,
}

/// Explores `program` in every way; the difference found, if one was.
fn compare(program: &Program, interleave: Interleave) -> Result<Compared, String> {
    let Some(expected) = brute_force(program, interleave) else { return Ok(Compared::Skipped) };
    let mut compared = Compared::InEveryWay;
    for reduction in
        [Reduction::Merging, Reduction::FreshReplicas, Reduction::Replicas, Reduction::Opaque]
    {
        let exploration = explored(program, interleave, reduction);
        let found = exploration.outcomes();
        match exploration.incomplete {
            None if found == expected => {}
            Some(Incomplete::Executions(_)) if found.is_subset(&expected) => {
                compared = Compared::WithMerging;
            }
            incomplete => {
                return Err(format!(
                    "{reduction:?}, {interleave:?}: {incomplete:?}\nlost {:?}\nadded {:?}",
                    expected.difference(&found).collect::<Vec<_>>(),
                    found.difference(&expected).collect::<Vec<_>>(),
                ));
            }
        }
    }
    Ok(compared)
}
