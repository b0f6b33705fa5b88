//! The tables that the catalogue and the claims come to.

use std::fmt::Write;

use selvedge::World;
use selvedge::catalogue::{Entry, Pattern};
use selvedge::claims::CLAIMS;
use selvedge::patterns::{CATALOGUE, entries};

/// The table that pages include under this name.
pub fn named(name: &str) -> String {
    match name {
        "what depends on the world" => what_depends_on_the_world(),
        "matrix" => matrix(),
        "review" => review(),
        "claims" => claims(),
        "inside" => super::inside::table(),
        _ => panic!("no table is called {name:?}"),
    }
}

/// The verdict that the catalogue states for each world, and proofs confirm.
fn verdicts(entry: Entry) -> [&'static str; 3] {
    World::ALL.map(|world| match entry.is_safe_by_default_in(world) {
        Some(true) => "safe",
        Some(false) => "**UNSAFE**",
        None => "–",
    })
}

fn depends_on_the_world(verdicts: [&str; 3]) -> bool {
    verdicts != [verdicts[0]; 3]
}

fn what_depends_on_the_world() -> String {
    let mut table = head(&["pattern / variant", "event loop", "threads", "weak memory"]);
    for entry in entries() {
        let verdicts = verdicts(entry);
        if depends_on_the_world(verdicts) {
            let _ = writeln!(table, "| `{entry}` | {} |", verdicts.join(" | "));
        }
    }
    table
}

fn matrix() -> String {
    let mut table =
        head(&["pattern", "UNSAFE in every world", "safe in every world", "depends on the world"]);
    for pattern in CATALOGUE {
        let is_unsafe = variants(pattern, |verdicts| verdicts == ["**UNSAFE**"; 3]);
        let is_safe = variants(pattern, |verdicts| verdicts == ["safe"; 3]);
        let depends = variants(pattern, depends_on_the_world);
        let _ = writeln!(table, "| `{}` | {is_unsafe} | {is_safe} | {depends} |", pattern.name);
    }
    table
}

/// The variants of a pattern whose verdicts are such, as a cell of a table.
fn variants(pattern: &'static Pattern, are_such: impl Fn([&'static str; 3]) -> bool) -> String {
    let entries = pattern.entries().filter(|&entry| are_such(verdicts(entry)));
    let names: Vec<_> = entries.map(|entry| format!("`{}`", entry.variant.name)).collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn review() -> String {
    let mut table = head(&["pattern", "look for"]);
    for pattern in CATALOGUE {
        let _ = writeln!(table, "| `{}` | {} |", pattern.name, pattern.review);
    }
    table
}

/// A section for each source, in the order in which it is first quoted.
fn claims() -> String {
    let mut sections = String::new();
    for same_source in CLAIMS.chunk_by(|one, next| one.source == next.source) {
        let columns = head(&["it says", "answer", "because", "see"]);
        let _ = write!(sections, "## {}\n\n{columns}", same_source[0].source);
        for claim in same_source {
            let (says, answer, because) = (claim.says, claim.answer(), claim.finding);
            let see = format!("cargo prove {}/{}", claim.about.pattern, claim.about.variant);
            let _ = writeln!(sections, "| {says} | {answer} | {because} | `{see}` |");
        }
        sections.push('\n');
    }
    sections.trim_end().to_owned() + "\n"
}

fn head(columns: &[&str]) -> String {
    format!("| {} |\n{}|\n", columns.join(" | "), "|---".repeat(columns.len()))
}
