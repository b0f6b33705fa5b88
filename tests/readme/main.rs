//! What the pages for readers quote is what the crate does: every table, command and output in them
//! is made again and compared.
//!
//! ```text
//! UPDATE_EXPECT=1 cargo test --test readme    # rewrites the pages
//! ```

mod commands;
mod front_page;
mod inside;
mod page;
mod tables;

use expect_test::{ExpectFile, expect_file};

fn check(page: &ExpectFile) {
    page.assert_eq(&page::made_again(&page.data()));
}

#[test]
fn the_readme_quotes_what_is_printed() {
    check(&expect_file!["../../README.md"]);
}

#[test]
fn the_contribution_guide_quotes_commands_that_exist() {
    check(&expect_file!["../../CONTRIBUTING.md"]);
}

#[test]
fn the_matrix_is_the_catalogues() {
    check(&expect_file!["../../docs/matrix.md"]);
}

#[test]
fn the_advice_for_review_is_the_patterns_own() {
    check(&expect_file!["../../docs/review.md"]);
}

#[test]
fn the_claims_are_answered_by_the_catalogue() {
    check(&expect_file!["../../docs/claims.md"]);
}

#[test]
fn what_works_inside_an_exploration_and_what_is_refused_is_what_happens() {
    check(&expect_file!["../../docs/inside.md"]);
}

#[test]
fn the_glossary_quotes_commands_that_exist() {
    check(&expect_file!["../../docs/glossary.md"]);
}

#[test]
fn the_measurements_quote_commands_that_exist() {
    check(&expect_file!["../../docs/measurements.md"]);
}
