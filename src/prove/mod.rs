//! What proves a pattern.

mod mutant;
mod proof;

pub use mutant::{Mutant, Mutation};
pub use proof::{Case, Judgement, Proof, ProofError};
