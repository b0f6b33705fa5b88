//! What the README says of the catalogue is what the catalogue says.

use std::fmt::Write;

use selvedge::World;
use selvedge::catalogue::{Pattern, Variant};
use selvedge::claims::{CLAIMS, Claim};
use selvedge::patterns::CATALOGUE;

const README: &str = include_str!("../README.md");

/// The verdict that the catalogue expects in each world, and proofs elsewhere confirm.
fn verdicts(variant: &Variant) -> [&'static str; 3] {
    World::ALL.map(|world| match variant.expected_safe(world, variant.default_actors(world)) {
        Some(true) => "safe",
        Some(false) => "**UNSAFE**",
        None => "–",
    })
}

fn depends_on_the_world(verdicts: [&str; 3]) -> bool {
    verdicts != [verdicts[0]; 3]
}

/// The variants of a pattern whose verdicts are such, as a cell of a table.
fn cell(pattern: &Pattern, are_such: impl Fn([&'static str; 3]) -> bool) -> String {
    let variants = pattern.variants.iter().filter(|variant| are_such(verdicts(variant)));
    let names: Vec<_> = variants.map(|variant| format!("`{}`", variant.name)).collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

/// The command that proves what settles a claim.
fn command(claim: &Claim) -> String {
    format!("cargo prove {}/{}", claim.about.pattern, claim.about.variant)
}

#[track_caller]
fn assert_in_readme(table: &str) {
    assert!(README.contains(table), "the README should have this table:\n\n{table}");
}

#[test]
fn the_patterns_in_the_readme_are_the_catalogues() {
    let columns =
        "| pattern | UNSAFE in every world | safe in every world | depends on the world |";
    let mut table = format!("{columns}\n|---|---|---|---|\n");
    for pattern in CATALOGUE {
        let is_unsafe = cell(pattern, |verdicts| verdicts == ["**UNSAFE**"; 3]);
        let is_safe = cell(pattern, |verdicts| verdicts == ["safe"; 3]);
        let depends = cell(pattern, depends_on_the_world);
        let _ = writeln!(table, "| `{}` | {is_unsafe} | {is_safe} | {depends} |", pattern.name);
    }
    assert_in_readme(&(table + "\n"));
}

#[test]
fn the_verdicts_in_the_readme_that_depend_on_the_world_are_the_catalogues() {
    let mut table = "| pattern / variant | event loop | threads | weak memory |\n".to_owned();
    table.push_str("|---|---|---|---|\n");
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            let verdicts = verdicts(variant);
            if depends_on_the_world(verdicts) {
                let name = format!("`{}/{}`", pattern.name, variant.name);
                let _ = writeln!(table, "| {name} | {} |", verdicts.join(" | "));
            }
        }
    }
    assert_in_readme(&(table + "\n"));
}

#[test]
fn the_advice_in_the_readme_is_the_patterns_own() {
    let mut table = "| pattern | look for |\n|---|---|\n".to_owned();
    for pattern in CATALOGUE {
        let _ = writeln!(table, "| `{}` | {} |", pattern.name, pattern.review);
    }
    assert_in_readme(&(table + "\n"));
}

#[test]
fn the_claims_in_the_readme_are_answered_by_the_catalogue() {
    let mut table = "| a source says | answer | see |\n|---|---|---|\n".to_owned();
    for claim in CLAIMS {
        let _ = writeln!(table, "| {} | {} | `{}` |", claim.says, claim.answer(), command(claim));
    }
    assert_in_readme(&(table + "\n"));
}

#[test]
fn the_claims_in_the_documentation_are_answered_world_by_world() {
    let mut table =
        "| source | says | event loop | threads | weak memory | because | see |\n".to_owned();
    table.push_str("|---|---|---|---|---|---|---|\n");
    for claim in CLAIMS {
        let _ = write!(table, "| {} | {}", claim.source, claim.says);
        for world in World::ALL {
            let answer =
                claim.holds_in(world).map_or("–", |it| if it { "holds" } else { "refuted" });
            let _ = write!(table, " | {answer}");
        }
        let _ = writeln!(table, " | {} | `{}` |", claim.finding, command(claim));
    }
    let documented = include_str!("../src/claims/table.md");
    assert_eq!(documented, table, "src/claims/table.md should have this table:\n\n{table}");
}
