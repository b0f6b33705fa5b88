//! The catalogue: one file per pattern, named after the anomaly.
//!
//! [`CATALOGUE`] is the one register. The list, the matrix, the README's check, the proofs and the
//! benchmarks are derived from it.

pub mod lost_update;
mod proof;
mod scenario;
mod variant;

pub use proof::{Case, Judgement, Proof, ProofError};
#[cfg_attr(
    not(loom),
    expect(unused_imports, reason = "the weak-memory harness starts programs itself")
)]
pub(crate) use scenario::program;
pub use scenario::{Role, Scenario, Shared};
pub use variant::{OutcomesOf, Pattern, Reaches, Variant};

/// Every pattern.
pub const CATALOGUE: &[Pattern] = &[lost_update::PATTERN];
