//! What each command does.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use selvedge::catalogue::Entry;
use selvedge::explore::{Limits, Witness};
use selvedge::patterns;
use selvedge::prove::{Case, Mutant, Proof, ProofError, Verdict};
use selvedge::{Family, World};

use super::arguments::{Command, Place};
use super::names::{Format, Named};
use super::progress::Progress;
use super::{Answer, NOT_AS_EXPECTED, Token};
use crate::report::{self, Cell, Matrix, Row};

/// Does what `command` says.
///
/// # Errors
///
/// One line: why it cannot be done.
pub fn answer(command: Command) -> Result<Answer, String> {
    match command {
        Command::List { output } => Ok(list(output.format)),
        Command::Prove { what, place, output } => prove(&what, &place, output.format),
        Command::Mutants { what, output } => mutants(&what, output.format),
        Command::Show { what, place, svg, whole, output } => {
            show(what, &place, (svg.as_deref(), whole), output.format)
        }
        Command::Replay { token, output } => replay(&token, output.format),
        Command::Run { what, actors, output } => run(what, actors, output.format),
    }
}

fn list(format: Format) -> Answer {
    Answer::fine(match format {
        Format::Text => report::list(patterns::entries()),
        Format::Json => report::json::list(patterns::entries()),
    })
}

/// The variants that were named, each once, in the order in which they were named.
fn named(what: &[Named]) -> Vec<Entry> {
    if what.is_empty() {
        return patterns::entries().collect();
    }
    let mut names = BTreeSet::new();
    let entries = what.iter().flat_map(|named| named.entries());
    entries.filter(|entry| names.insert(entry.to_string())).collect()
}

fn prove(what: &[Named], place: &Place, format: Format) -> Result<Answer, String> {
    let start = Instant::now();
    let columns = place.columns();
    let progress = Progress::start();
    let mut rows = Vec::new();
    let mut first_gap = None;
    for entry in named(what) {
        let mut cells = Vec::new();
        for &column in &columns {
            let case = place.case(entry, column);
            progress.show(&case);
            cells.push(match case.prove(place.limits()) {
                Ok(proof) => Cell::Proved(Box::new(proof)),
                Err(error) if place.is_stated() && !error.is_a_gap() => {
                    return Err(refusal(&case, &error));
                }
                Err(error) => {
                    first_gap.get_or_insert_with(|| refusal(&case, &error));
                    Cell::Missing(error.to_string())
                }
            });
        }
        rows.push(Row { entry, cells });
    }
    let worlds = columns.iter().map(|&(world, _)| world).collect();
    let matrix = Matrix { worlds, rows, duration: start.elapsed() };
    if place.is_stated()
        && matrix.proofs().next().is_none()
        && let Some(reason) = first_gap
    {
        return Err(reason);
    }
    let code = if matrix.is_as_expected() { 0 } else { NOT_AS_EXPECTED };
    let text = match format {
        Format::Text => matrix.to_string(),
        Format::Json => report::json::verdicts(matrix.proofs()),
    };
    Ok(Answer { text, code })
}

/// Why a case cannot be proved, and where the variant can be if it is made for another place.
fn refusal(case: &Case, error: &ProofError) -> String {
    if !error.is_a_gap() {
        return error.to_string();
    }
    let entry = case.entry;
    format!("{entry}: {error}; `selvedge prove {entry}` proves it where it runs")
}

fn mutants(what: &[Named], format: Format) -> Result<Answer, String> {
    let progress = Progress::start();
    let mut found = Vec::new();
    let mut absent = 0;
    for entry in named(what) {
        for mutant in Mutant::of(entry) {
            if !mutant.is_built() {
                absent += 1;
                continue;
            }
            progress.say(format!("{entry}, {}", mutant.mutation));
            let verdict = mutant.explore(Limits::default()).map_err(|error| error.to_string())?;
            found.push((mutant, verdict));
        }
    }
    drop(progress);
    if found.is_empty() {
        return Err(report::no_mutants(absent));
    }
    let survived = found.iter().any(|&(_, verdict)| verdict != Verdict::Unsafe);
    let text = match format {
        Format::Text => report::mutants(&found, absent),
        Format::Json => report::json::mutants(&found),
    };
    Ok(Answer { text, code: if survived { NOT_AS_EXPECTED } else { 0 } })
}

fn show(
    entry: Entry,
    place: &Place,
    (svg, is_whole): (Option<&Path>, bool),
    format: Format,
) -> Result<Answer, String> {
    let case = place.to_show(entry).ok_or("no world has such primitives")?;
    let progress = Progress::start();
    progress.show(&case);
    let mut proof = case.prove(place.limits()).map_err(|error| refusal(&case, &error))?;
    drop(progress);
    if is_whole {
        proof.witness = proof.witness.map(Witness::whole);
    }
    if let Some(file) = svg {
        draw(&proof, file)?;
    }
    let is_answered = proof.verdict == Verdict::Safe || proof.witness.is_some();
    let code = if is_answered { 0 } else { NOT_AS_EXPECTED };
    let text = match format {
        Format::Text => {
            let absent = place.absent_witness(entry);
            report::show(&proof) + &absent.map(report::absent_witness).unwrap_or_default()
        }
        Format::Json => report::json::verdict(&proof),
    };
    Ok(Answer { text, code })
}

fn draw(proof: &Proof, file: &Path) -> Result<(), String> {
    let Proof { case, verdict, witness, .. } = proof;
    let Some(witness) = witness else {
        let Case { entry, world, actors, .. } = case;
        return Err(format!(
            "{entry} is {verdict} in the {world} world with {actors} actors: there is no schedule to draw"
        ));
    };
    fs::write(file, witness.svg())
        .map_err(|error| format!("cannot write the picture to {}: {error}", file.display()))
}

fn replay(token: &Token, format: Format) -> Result<Answer, String> {
    let witness = token.case.replay(&token.path).map_err(|error| refusal(&token.case, &error))?;
    let witness = witness.ok_or(
        "the variant cannot follow this token: it has been cut, or was made for another version",
    )?;
    Ok(Answer::fine(match format {
        Format::Text => report::replay(&token.case, &witness.whole()),
        Format::Json => report::json::replay(&token.case, &witness),
    }))
}

fn run(entry: Entry, actors: Option<usize>, format: Format) -> Result<Answer, String> {
    let world = World::EventLoop;
    let actors = actors.unwrap_or(entry.variant.default_actors(world));
    let case = Case { entry, world, family: Family::Model, actors };
    let fifo = case.run_fifo().map_err(|error| refusal(&case, &error))?;
    Ok(Answer::fine(match format {
        Format::Text => format!("{}\n", fifo.outcome),
        Format::Json => report::json::run(&case, &fifo),
    }))
}
