//! What proves a pattern.
//!
//! | file | holds |
//! |---|---|
//! | `case` | a variant in one world, and what can be done with it: the walk begins here |
//! | `error` | why nothing can be |
//! | `verdict`, `proof` | what an exploration says, and all that it found |
//! | `mutant` | a variant without what makes it safe |

mod case;
mod error;
mod mutant;
mod proof;
mod verdict;

pub use case::Case;
pub use error::ProofError;
pub use mutant::{Mutant, Mutation};
pub use proof::Proof;
pub use verdict::Verdict;
