//! What the README says of the catalogue is what the catalogue says.

use std::fmt::Write;

use selvedge::World;
use selvedge::claims::{CLAIMS, Claim};
use selvedge::patterns::{CATALOGUE, Variant};

const README: &str = include_str!("../README.md");

/// The verdict that the catalogue expects, and proofs elsewhere confirm.
fn verdict(variant: &Variant, world: World) -> &'static str {
    let actors = variant.default_actors(world);
    match variant.expected_safe(world, actors) {
        Some(true) => "safe",
        Some(false) => "**UNSAFE**",
        None => "–",
    }
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
fn the_matrix_in_the_readme_is_the_catalogues() {
    let mut table = "| pattern / variant | event loop | threads | weak memory |\n".to_owned();
    table.push_str("|---|---|---|---|\n");
    for pattern in CATALOGUE {
        for variant in pattern.variants {
            let _ = write!(table, "| `{}/{}`", pattern.name, variant.name);
            for world in World::ALL {
                let _ = write!(table, " | {}", verdict(variant, world));
            }
            table.push_str(" |\n");
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
