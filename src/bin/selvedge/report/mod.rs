//! What the commands print.

pub mod json;
// The library's look, which is private there: a user of it has no need for tables.
#[path = "../../../timeline/layout.rs"]
mod layout;
mod matrix;
mod mutants;
mod words;

use std::fmt::Write;

use selvedge::World;
use selvedge::catalogue::Entry;
use selvedge::explore::Witness;
use selvedge::prove::{Case, Proof, ProofError, Verdict};
use selvedge::timeline::timeline;

use crate::command_line::Token;
use layout::wrapped;
pub use matrix::{Cell, Matrix, Row};
pub use mutants::{mutants, no_mutants};

/// One line for each variant.
pub fn list(entries: impl Iterator<Item = Entry>) -> String {
    let lines: Vec<_> = entries.map(|entry| (entry.to_string(), entry.variant.summary)).collect();
    let width = lines.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    lines.iter().fold(String::new(), |mut text, (name, summary)| {
        let _ = writeln!(text, "{name:width$}  {summary}");
        text
    })
}

/// The witness of a proof, or why there is none.
pub fn show(proof: &Proof) -> String {
    let mut text = heading(&proof.case, words::verdict(proof.verdict));
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
        None if proof.verdict == Verdict::Safe => {
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
    let Case { entry, world, family, actors } = case;
    let actors = words::count(*actors as u64, "actor");
    let summary = entry.variant.summary;
    format!("{entry}: {summary}\n{world} world, {family} primitives, {actors}: {verdict}\n")
}

fn write_witness(text: &mut String, case: &Case, witness: &Witness) {
    let allowed = case.allowed();
    let outcome = &witness.outcome;
    let verdict = if allowed.contains(outcome) { "allowed" } else { "forbidden" };
    let switches = words::count(witness.switches as u64, "switch");
    let operations = words::count(witness.events.len() as u64, "operation");
    let token = Token { case: *case, path: witness.path.clone() };
    text.push_str(&timeline(witness));
    let allowed = words::set(&allowed);
    let line = format!("outcome   {outcome} ({verdict}; allowed is {allowed})");
    let _ = writeln!(text, "\n{}", wrapped(&line, 10));
    let _ = writeln!(text, "schedule  {switches} between actors, {operations}");
    // Not wrapped: a token is one word, to be copied whole.
    let _ = writeln!(text, "replay    selvedge replay {token}");
}

/// The command that shows the witness of this case.
fn show_command(case: &Case) -> String {
    let Case { entry, world, family, actors } = case;
    format!("selvedge show {entry} --world {world} --primitives {family} --actors {actors}")
}
