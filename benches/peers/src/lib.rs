//! What the peers have in common: the programs, the tally of outcomes, a process for each run.

pub mod child;
pub mod peer;
pub mod program;
pub mod tally;
