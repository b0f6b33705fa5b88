//! The catalogue: one file per pattern, named after the anomaly.
//!
//! [`CATALOGUE`] is the one register. The list, the matrix, the README's check, the proofs and the
//! benchmarks are derived from it.

pub mod cache_stampede;
pub mod check_then_act;
pub mod double_checked_init;
pub mod lost_append;
pub mod lost_update;
mod proof;
pub(crate) mod scenario;
pub mod uninitialised_read;
mod variant;

pub use proof::{Case, Judgement, Proof, ProofError};
pub use scenario::{Role, Scenario, Shared};
pub use variant::{OutcomesOf, Pattern, Reaches, Variant};

impl Pattern {
    /// The variant of this name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}

/// The pattern of this name.
pub fn find(name: &str) -> Option<&'static Pattern> {
    CATALOGUE.iter().find(|pattern| pattern.name == name)
}

/// Every pattern.
pub const CATALOGUE: &[Pattern] = &[
    lost_update::PATTERN,
    check_then_act::PATTERN,
    lost_append::PATTERN,
    cache_stampede::PATTERN,
    uninitialised_read::PATTERN,
    double_checked_init::PATTERN,
];
