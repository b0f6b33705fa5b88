//! What a peer's executions ended in. Ordinary types of the standard library, which no peer sees:
//! keeping the tally adds nothing to explore.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The outcomes of all executions so far, and how many there were.
#[derive(Clone, Default)]
pub struct Tally(Arc<Mutex<(BTreeSet<i64>, u64)>>);

impl Tally {
    /// An execution ended.
    pub fn add(&self, outcome: i64) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0.insert(outcome);
        tally.1 += 1;
    }

    /// The outcomes, and the number of executions.
    pub fn read(&self) -> (BTreeSet<i64>, u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Tells the last actor of an execution that it is: it reads the outcome, so that nobody has to be
/// joined, which would cost every peer schedules that differ in nothing.
pub struct Finishing(AtomicUsize);

impl Finishing {
    /// For so many actors.
    pub fn new(actors: usize) -> Self {
        Self(AtomicUsize::new(actors))
    }

    /// An actor is done; `true` if it was the last.
    pub fn is_last(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) == 1
    }
}
