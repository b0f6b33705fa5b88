//! What each command does.

use std::time::Instant;

use selvedge::catalogue::{Pattern, Variant};
use selvedge::explore::Limits;
use selvedge::patterns::CATALOGUE;
use selvedge::prove::{Case, Judgement, Mutant, ProofError};
use selvedge::{Family, World};

use super::arguments::{Command, Place};
use super::names::{Format, Named, NamedVariant};
use super::progress::Progress;
use super::{Answer, NOT_AS_EXPECTED, Token};
use crate::report::{self, Entry, Matrix, Row};

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
        Command::Show { what, place, output } => show(what, &place, output.format),
        Command::Replay { token, output } => replay(&token, output.format),
        Command::Run { what, actors, output } => run(what, actors, output.format),
    }
}

type Listed = (&'static Pattern, &'static Variant);

fn variants_of(pattern: &'static Pattern) -> impl Iterator<Item = Listed> {
    pattern.variants.iter().map(move |variant| (pattern, variant))
}

fn list(format: Format) -> Answer {
    let variants = CATALOGUE.iter().flat_map(variants_of);
    Answer::fine(match format {
        Format::Text => report::list(variants),
        Format::Json => report::json::list(variants),
    })
}

/// The variants that were named, each once, in the order in which they were named.
fn named(what: &[Named]) -> Vec<Listed> {
    if what.is_empty() {
        return CATALOGUE.iter().flat_map(variants_of).collect();
    }
    let mut variants: Vec<Listed> = Vec::new();
    for Named { pattern, variant } in what {
        for (pattern, each) in variants_of(pattern) {
            let is_named = variant.is_none_or(|variant| variant.name == each.name);
            let is_known = variants
                .iter()
                .any(|known| known.0.name == pattern.name && known.1.name == each.name);
            if is_named && !is_known {
                variants.push((pattern, each));
            }
        }
    }
    variants
}

fn prove(what: &[Named], place: &Place, format: Format) -> Result<Answer, String> {
    let start = Instant::now();
    let columns = place.columns();
    let progress = Progress::start();
    let mut rows = Vec::new();
    let mut first_gap = None;
    for (pattern, variant) in named(what) {
        let mut entries = Vec::new();
        for &column in &columns {
            let case = place.case(pattern, variant, column);
            progress.show(&case);
            entries.push(match case.prove(place.limits()) {
                Ok(proof) => Entry::Proved(Box::new(proof)),
                Err(error) if place.is_stated() && !error.is_a_gap() => {
                    return Err(refusal(&case, &error));
                }
                Err(error) => {
                    first_gap.get_or_insert_with(|| refusal(&case, &error));
                    Entry::Missing(error.to_string())
                }
            });
        }
        rows.push(Row { pattern, variant, entries });
    }
    let worlds = columns.iter().map(|column| column.world).collect();
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
    let name = format!("{}/{}", case.pattern.name, case.variant.name);
    format!("{name}: {error}; `selvedge prove {name}` proves it where it runs")
}

fn mutants(what: &[Named], format: Format) -> Result<Answer, String> {
    let progress = Progress::start();
    let mut found = Vec::new();
    let mut absent = 0;
    for (pattern, variant) in named(what) {
        for mutant in Mutant::of(pattern, variant) {
            if !mutant.is_built() {
                absent += 1;
                continue;
            }
            progress.say(format!("{}/{}, {}", pattern.name, variant.name, mutant.mutation));
            let judgement = mutant.judge(Limits::default()).map_err(|error| error.to_string())?;
            found.push((mutant, judgement));
        }
    }
    drop(progress);
    if found.is_empty() {
        return Err(report::no_mutants(absent));
    }
    let survived = found.iter().any(|(_, judgement)| *judgement != Judgement::Unsafe);
    let text = match format {
        Format::Text => report::mutants(&found, absent),
        Format::Json => report::json::mutants(&found),
    };
    Ok(Answer { text, code: if survived { NOT_AS_EXPECTED } else { 0 } })
}

fn show(what: NamedVariant, place: &Place, format: Format) -> Result<Answer, String> {
    let NamedVariant { pattern, variant } = what;
    let case = place.to_show(pattern, variant).ok_or("no world has such primitives")?;
    let progress = Progress::start();
    progress.show(&case);
    let proof = case.prove(place.limits()).map_err(|error| refusal(&case, &error))?;
    drop(progress);
    let is_answered = proof.judgement == Judgement::Safe || proof.witness.is_some();
    let code = if is_answered { 0 } else { NOT_AS_EXPECTED };
    let text = match format {
        Format::Text => {
            let absent = place.absent_witness(variant);
            report::show(&proof) + &absent.map(report::absent_witness).unwrap_or_default()
        }
        Format::Json => report::json::verdict(&proof),
    };
    Ok(Answer { text, code })
}

fn replay(token: &Token, format: Format) -> Result<Answer, String> {
    let witness = token.case.replay(&token.path).map_err(|error| refusal(&token.case, &error))?;
    let witness = witness.ok_or(
        "the variant cannot follow this token: it has been cut, or was made for another version",
    )?;
    Ok(Answer::fine(match format {
        Format::Text => report::replay(&token.case, &witness),
        Format::Json => report::json::replay(&token.case, &witness),
    }))
}

fn run(what: NamedVariant, actors: Option<usize>, format: Format) -> Result<Answer, String> {
    let NamedVariant { pattern, variant } = what;
    let world = World::EventLoop;
    let actors = actors.unwrap_or(variant.default_actors(world));
    let case = Case { pattern, variant, world, family: Family::Model, actors };
    let fifo = case.run_fifo().map_err(|error| refusal(&case, &error))?;
    Ok(Answer::fine(match format {
        Format::Text => format!("{}\n", fifo.outcome),
        Format::Json => report::json::run(&case, &fifo),
    }))
}
