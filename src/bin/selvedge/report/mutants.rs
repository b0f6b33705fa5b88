//! What became of the mutants.

use std::fmt::Write;

use selvedge::prove::{Mutant, Verdict};

use super::{layout, words};

/// Why there are no mutants to explore, where `absent` of them are not in this build.
pub fn no_mutants(absent: usize) -> String {
    if absent > 0 {
        return needs_loom(absent);
    }
    "nothing to take away: what was named is safe in no world, and `selvedge show` says why".into()
}

fn needs_loom(absent: usize) -> String {
    let (number, verb) = match absent {
        1 => ("1 mutant".to_owned(), "needs"),
        _ => (format!("{absent} mutants"), "need"),
    };
    format!(
        "{number} in the weak-memory world {verb} a build with --cfg loom: `cargo prove-mutants`"
    )
}

/// A row for each mutant, a note if `absent` of them are not in this build, and how many were found.
pub fn mutants(explored: &[(Mutant, Verdict)], absent: usize) -> String {
    let mut table = layout::table();
    table.set_header(["pattern/variant", "what is different", "explored in", "verdict"]);
    for (mutant, verdict) in explored {
        let Mutant { entry, mutation, world } = mutant;
        let mark = if is_found(*verdict) { "" } else { "! " };
        table.add_row([
            entry.to_string(),
            mutation.to_string(),
            world.to_string(),
            format!("{mark}{}", words::verdict(*verdict)),
        ]);
    }
    let number = |which: Verdict| explored.iter().filter(|(_, each)| *each == which).count();
    let mut text = layout::print(table) + "\n";
    if absent > 0 {
        let _ = writeln!(text, "\n- {}", needs_loom(absent));
    }
    let _ = write!(text, "\n{} of {} mutants found", number(Verdict::Unsafe), explored.len());
    for (number, what) in [
        (number(Verdict::Safe), "survived"),
        (number(Verdict::Inconclusive), "not explored to the end"),
    ] {
        if number > 0 {
            let _ = write!(text, ", {number} {what}");
        }
    }
    text + "\n"
}

fn is_found(verdict: Verdict) -> bool {
    verdict == Verdict::Unsafe
}
