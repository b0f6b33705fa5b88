//! What the commands print.

pub mod json;
mod matrix;
mod mutants;
mod words;

use std::fmt::Write;

use selvedge::World;
use selvedge::catalogue::{Pattern, Variant};
use selvedge::explore::{Outcomes, Witness};
use selvedge::prove::{Case, Judgement, Proof, ProofError};
use selvedge::timeline::layout::wrapped;

use crate::command_line::Token;
pub use matrix::{Entry, Matrix, Row};
pub use mutants::{mutants, no_mutants};

/// One line for each variant.
pub fn list(variants: impl Iterator<Item = (&'static Pattern, &'static Variant)>) -> String {
    let name = |(pattern, variant): (&Pattern, &'static Variant)| {
        (format!("{}/{}", pattern.name, variant.name), variant.summary)
    };
    let lines: Vec<_> = variants.map(name).collect();
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut text, (name, summary)| {
        let _ = writeln!(text, "{name:width$}  {summary}");
        text
    })
}

/// The witness of a proof, or why there is none.
pub fn show(proof: &Proof) -> String {
    let mut text = heading(&proof.case, words::verdict(&proof.judgement));
    let extent = words::extent(proof);
    let (outcomes, time) = (words::set(&proof.reached), words::time(proof.duration));
    let line = format!("outcomes {outcomes} over {extent} in {time}");
    let _ = writeln!(text, "{}", wrapped(&line, 9));
    if let Some(reason) = &proof.incomplete {
        let _ = writeln!(text, "{}", wrapped(&format!("not exhaustive: {reason}"), 4));
    }
    match &proof.witness {
        Some(witness) => {
            text.push('\n');
            write_witness(&mut text, &proof.case, witness);
        }
        None if proof.judgement == Judgement::Safe => {
            text.push_str("no schedule leads to a forbidden outcome, so there is no witness\n");
        }
        None => text.push_str("no witness was found\n"),
    }
    text
}

/// What to say where the witness is in a world that this build does not have.
pub fn absent_witness(world: World) -> String {
    let line = format!("but it is UNSAFE in the {world} world: {}", ProofError::NeedsLoom);
    format!("{}\n", wrapped(&line, 4))
}

/// A schedule that was run again.
pub fn replay(case: &Case, witness: &Witness) -> String {
    let mut text = heading(case, "replayed");
    text.push('\n');
    write_witness(&mut text, case, witness);
    text
}

fn heading(case: &Case, verdict: &str) -> String {
    let Case { pattern, variant, world, family, actors } = case;
    let actors = words::count(*actors as u64, "actor");
    let (pattern, name) = (pattern.name, variant.name);
    let summary = variant.summary;
    format!(
        "{pattern}/{name}: {summary}\n{world} world, {family} primitives, {actors}: {verdict}\n"
    )
}

fn write_witness(text: &mut String, case: &Case, witness: &Witness) {
    let allowed: Outcomes = (case.variant.allowed)(case.actors);
    let outcome = &witness.outcome;
    let judgement = if allowed.contains(outcome) { "allowed" } else { "forbidden" };
    let switches = words::count(witness.switches as u64, "switch");
    let operations = words::count(witness.events.len() as u64, "operation");
    let token = Token { case: *case, path: witness.path.clone() };
    let _ = write!(text, "{witness}");
    let allowed = words::set(&allowed);
    let line = format!("outcome   {outcome} ({judgement}; allowed is {allowed})");
    let _ = writeln!(text, "\n{}", wrapped(&line, 10));
    let _ = writeln!(text, "schedule  {switches} between actors, {operations}");
    // Not wrapped: a token is one word, to be copied whole.
    let _ = writeln!(text, "replay    selvedge replay {token}");
}

/// The command that shows the witness of this case.
fn show_command(case: &Case) -> String {
    let Case { pattern, variant, world, family, actors } = case;
    format!(
        "selvedge show {}/{} --world {world} --primitives {family} --actors {actors}",
        pattern.name, variant.name
    )
}
