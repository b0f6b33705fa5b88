//! What became of the mutants.

use std::fmt::Write;

use selvedge::patterns::{Judgement, Mutant};
use selvedge::timeline::layout;

use super::words;

/// A row for each mutant, and how many were found.
pub fn mutants(judged: &[(Mutant, Judgement)]) -> String {
    let mut table = layout::table();
    table.set_header(["pattern/variant", "what is different", "explored in", "verdict"]);
    for (mutant, judgement) in judged {
        let Mutant { pattern, variant, mutation, world } = mutant;
        let mark = if is_found(judgement) { "" } else { "! " };
        table.add_row([
            format!("{}/{}", pattern.name, variant.name),
            mutation.to_string(),
            world.to_string(),
            format!("{mark}{}", words::verdict(judgement)),
        ]);
    }
    let found = judged.iter().filter(|(_, judgement)| is_found(judgement)).count();
    let mut text = layout::print(table);
    let _ = writeln!(text, "\n\n{found} of {} mutants found", judged.len());
    text
}

fn is_found(judgement: &Judgement) -> bool {
    *judgement == Judgement::Unsafe
}
