//! The same answers for programs.

use selvedge::catalogue::Entry;
use selvedge::explore::{Fifo, Outcomes, Witness};
use selvedge::prove::{Case, Mutant, Proof, Verdict};
use selvedge::timeline::steps;
use serde::Serialize;

use crate::command_line::Token;

#[derive(Serialize)]
struct Listed {
    pattern: &'static str,
    variant: &'static str,
    summary: &'static str,
}

#[derive(Serialize)]
struct Verdicts {
    verdicts: Vec<Proved>,
}

#[derive(Serialize)]
struct Proved {
    #[serde(flatten)]
    case: Place,
    verdict: String,
    expected_verdict: String,
    as_expected: bool,
    expected: Vec<String>,
    outcomes: Vec<String>,
    executions: u64,
    states: Option<u64>,
    seconds: f64,
    reason: Option<String>,
    witness: Option<Schedule>,
}

#[derive(Serialize)]
struct Replayed {
    #[serde(flatten)]
    case: Place,
    allowed: Vec<String>,
    witness: Schedule,
}

#[derive(Serialize)]
struct Place {
    pattern: &'static str,
    variant: &'static str,
    world: &'static str,
    primitives: &'static str,
    actors: usize,
}

#[derive(Serialize)]
struct Schedule {
    outcome: String,
    switches: usize,
    replay: String,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    actor: String,
    operation: &'static str,
    object: Option<String>,
    value: String,
    location: Option<String>,
}

#[derive(Serialize)]
struct Run {
    pattern: &'static str,
    variant: &'static str,
    actors: usize,
    outcome: String,
    steps: usize,
    seconds: f64,
}

#[derive(Serialize)]
struct Mutants {
    mutants: Vec<Mutated>,
}

#[derive(Serialize)]
struct Mutated {
    pattern: &'static str,
    variant: &'static str,
    mutation: String,
    world: &'static str,
    verdict: String,
}

/// Every variant.
pub fn list(entries: impl Iterator<Item = Entry>) -> String {
    let listed = entries.map(|Entry { pattern, variant }| Listed {
        pattern: pattern.name,
        variant: variant.name,
        summary: variant.summary,
    });
    text(&listed.collect::<Vec<_>>())
}

/// Every verdict.
pub fn verdicts<'a>(proofs: impl Iterator<Item = &'a Proof>) -> String {
    text(&Verdicts { verdicts: proofs.map(Proved::of).collect() })
}

/// One verdict.
pub fn verdict(proof: &Proof) -> String {
    text(&Proved::of(proof))
}

/// Every mutant.
pub fn mutants(explored: &[(Mutant, Verdict)]) -> String {
    let mutated = explored.iter().map(|(mutant, verdict)| Mutated {
        pattern: mutant.entry.pattern.name,
        variant: mutant.entry.variant.name,
        mutation: mutant.mutation.to_string(),
        world: mutant.world.name(),
        verdict: verdict.to_string(),
    });
    text(&Mutants { mutants: mutated.collect() })
}

/// One schedule that was run again.
pub fn replay(case: &Case, witness: &Witness) -> String {
    let allowed = strings(&case.allowed());
    text(&Replayed { case: Place::of(case), allowed, witness: Schedule::of(case, witness) })
}

/// The FIFO schedule.
pub fn run(case: &Case, fifo: &Fifo) -> String {
    text(&Run {
        pattern: case.entry.pattern.name,
        variant: case.entry.variant.name,
        actors: case.actors,
        outcome: fifo.outcome.to_string(),
        steps: fifo.steps,
        seconds: fifo.duration.as_secs_f64(),
    })
}

impl Proved {
    fn of(proof: &Proof) -> Self {
        Self {
            case: Place::of(&proof.case),
            verdict: proof.verdict.to_string(),
            expected_verdict: proof.expected_verdict().to_string(),
            as_expected: proof.is_as_expected(),
            expected: strings(&proof.expected),
            outcomes: strings(&proof.reached),
            executions: proof.executions,
            states: proof.states,
            seconds: proof.duration.as_secs_f64(),
            reason: proof.incomplete.as_ref().map(ToString::to_string),
            witness: proof.witness.as_ref().map(|witness| Schedule::of(&proof.case, witness)),
        }
    }
}

impl Place {
    fn of(case: &Case) -> Self {
        Self {
            pattern: case.entry.pattern.name,
            variant: case.entry.variant.name,
            world: case.world.name(),
            primitives: case.family.name(),
            actors: case.actors,
        }
    }
}

impl Schedule {
    fn of(case: &Case, witness: &Witness) -> Self {
        let step = |event| Step {
            actor: steps::actor(witness, event).to_owned(),
            operation: steps::name(event),
            object: event.object.map(|_| steps::object(event, &witness.events)),
            value: steps::value(witness, event),
            location: steps::location(event),
        };
        Self {
            outcome: witness.outcome.to_string(),
            switches: witness.switches,
            replay: Token { case: *case, path: witness.path.clone() }.to_string(),
            steps: witness.events.iter().map(step).collect(),
        }
    }
}

fn strings(outcomes: &Outcomes) -> Vec<String> {
    outcomes.iter().map(ToString::to_string).collect()
}

fn text(value: &impl Serialize) -> String {
    let mut text =
        serde_json::to_string_pretty(value).expect("strings and numbers have a JSON form");
    text.push('\n');
    text
}
