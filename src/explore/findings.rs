//! What an exploration of a reader's own code found.

use std::fmt::Write as _;

use super::limits::LIKELY_CAUSES;
use super::run::execution::Finish;
use super::walk::witness::{replay, shortest};
use super::{Actors, Config, Exploration, Interleave, Outcome, REPLAY, Witness, outcomes};

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
    /// fewest cancellations, timeouts and spurious polls, then fewest steps. `None` if there is no such outcome.
    pub fn witness(&self, is_wanted: impl Fn(&Outcome) -> bool) -> Option<Witness> {
        shortest(&self.program, self.config, &self.exploration.found, &is_wanted)
    }

    /// Runs one schedule again. `None` if the program cannot follow it.
    pub fn replay(&self, path: &[u32]) -> Option<Witness> {
        replay(&self.program, self.config, path)
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
        let (world, missing) = (self.world(), missing.join("; "));
        assert!(missing.is_empty(), "never reached on {world}, although expected: {missing}");
    }

    /// Demands that the exploration is exhaustive and every outcome `is_allowed`.
    ///
    /// # Panics
    ///
    /// If not: with the cheapest schedule to an outcome that is not allowed, where one was reached. If
    /// that schedule cannot be run again, the message says that the exploration is inconclusive.
    #[track_caller]
    pub fn assert_only(&self, is_allowed: impl Fn(&Outcome) -> bool) {
        let world = self.world();
        if let Some(forbidden) = self.exploration.found.keys().find(|it| !is_allowed(it)) {
            let Some(witness) = self.witness(|outcome| !is_allowed(outcome)) else {
                let reason = self.exploration.incomplete.as_ref().map_or_else(
                    || format!("its schedule ends otherwise when it is run again. {LIKELY_CAUSES}"),
                    ToString::to_string,
                );
                panic!(
                    "inconclusive on {world}: {forbidden} was reached, which is not allowed, but {reason}"
                );
            };
            let Witness { outcome, path: decisions, .. } = &witness;
            let mut message = format!("reached on {world}, although not allowed: {outcome}\n\n");
            let _ = write!(message, "{witness}\nrun it again with {REPLAY}={}", path(decisions));
            panic!("{message}");
        }
        if let Some(reason) = &self.exploration.incomplete {
            panic!("inconclusive on {world}: {reason}");
        }
    }

    /// The world in which everything here was found, and of no other is anything said.
    pub(super) fn world(&self) -> &'static str {
        match self.config.interleave {
            Interleave::AtAwaits => "an event loop",
            Interleave::AtAccesses => "threads",
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

pub(super) fn path(decisions: &[u32]) -> String {
    decisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
