//! What an exploration of a reader's own code found.

use std::fmt::Write as _;

use super::run::execution::Finish;
use super::walk::witness::{replay, shortest};
use super::{Actors, Config, Exploration, Outcome, REPLAY, Witness, outcomes};

/// What an exploration found, and the program to run a schedule of it again.
pub struct Findings<P> {
    pub(super) program: P,
    pub(super) config: Config,
    pub(super) exploration: Exploration,
}

impl<P: Fn(&mut Actors) -> Finish> Findings<P> {
    /// The outcomes and the numbers.
    pub fn exploration(&self) -> &Exploration {
        &self.exploration
    }

    /// The cheapest schedule to an outcome that `is_wanted`: fewest switches between actors, then
    /// fewest steps. `None` if there is no such outcome.
    pub fn witness(&self, is_wanted: impl Fn(&Outcome) -> bool) -> Option<Witness> {
        shortest(&self.program, self.config, &self.exploration.found, &is_wanted)
    }

    /// Runs one schedule again. `None` if the program cannot follow it.
    pub fn replay(&self, path: &[u32]) -> Option<Witness> {
        replay(&self.program, self.config.interleave, path)
    }

    /// Demands that the exploration is exhaustive and found exactly `expected`.
    ///
    /// # Panics
    ///
    /// If not: with the cheapest schedule to an outcome that was not expected, where there is one.
    #[track_caller]
    pub fn assert_outcomes<O: Into<Outcome>>(&self, expected: impl IntoIterator<Item = O>) {
        let expected = outcomes(expected);
        self.assert_only(|outcome| expected.contains(outcome));
        let missing: Vec<_> =
            expected.difference(&self.exploration.outcomes()).map(ToString::to_string).collect();
        assert!(missing.is_empty(), "never reached, although expected: {}", missing.join("; "));
    }

    /// Demands that the exploration is exhaustive and every outcome `is_allowed`.
    ///
    /// # Panics
    ///
    /// If not: with the cheapest schedule to an outcome that is not allowed, where there is one.
    #[track_caller]
    pub fn assert_only(&self, is_allowed: impl Fn(&Outcome) -> bool) {
        if let Some(witness) = self.witness(|outcome| !is_allowed(outcome)) {
            let mut message = format!("reached, although not allowed: {}\n\n", witness.outcome);
            let _ =
                write!(message, "{witness}\nrun it again with {REPLAY}={}", path(&witness.path));
            panic!("{message}");
        }
        if let Some(reason) = &self.exploration.incomplete {
            panic!("inconclusive: {reason}");
        }
    }

    pub(super) fn print_replay(&self, token: &str) {
        let path: Result<Vec<u32>, _> = token.split('.').map(str::parse).collect();
        match path.ok().and_then(|path| self.replay(&path)) {
            Some(witness) => eprintln!("{witness}"),
            None => eprintln!("{REPLAY}={token} is not a schedule of this program"),
        }
    }
}

fn path(decisions: &[u32]) -> String {
    decisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
