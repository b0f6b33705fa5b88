//! What the README says of the catalogue is what the catalogue says.

use std::fmt::Write;

use selvedge::World;
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
