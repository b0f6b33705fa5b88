//! What an exploration of a reader's own code found.

use std::fmt::{self, Write as _};

use super::limits::LIKELY_CAUSES;
use super::run::execution::Finish;
use super::walk::witness::{replay, shortest};
use super::{
    Actors, Config, Exploration, Incomplete, Interleave, Outcome, REPLAY, Witness, outcomes,
};

/// What an exploration found, and the program to run a schedule of it again: `'p` is for what that
/// borrows, and `'static` where it borrows nothing.
pub struct Findings<'p> {
    pub(super) program: Box<dyn Fn(&'static mut Actors) -> Finish + 'p>,
    pub(super) config: Config,
    pub(super) exploration: Exploration,
}

impl Findings<'_> {
    /// The outcomes and the numbers.
    pub fn exploration(&self) -> &Exploration {
        &self.exploration
    }

    /// The cheapest schedule to an outcome that `is_wanted`: fewest switches between actors, then
    /// fewest cancellations, timeouts and spurious polls, then fewest steps. `None` if there is no such
    /// outcome.
    pub fn witness(&self, is_wanted: impl Fn(&Outcome) -> bool) -> Option<Witness> {
        shortest(&*self.program, self.config, &self.exploration.found, &is_wanted)
    }

    /// Runs one schedule again. `None` if the program cannot follow it.
    pub fn replay(&self, path: &[u32]) -> Option<Witness> {
        replay(&*self.program, self.config, path)
    }

    /// Demands that the exploration is exhaustive and found exactly `expected`: values of any kind
    /// (see [`Value::of`](crate::explore::Value::of)), or `Outcome`s where not all are values.
    ///
    /// # Panics
    ///
    /// If not: with the cheapest schedule to an outcome that was not expected, where there is one.
    #[track_caller]
    pub fn assert_outcomes<O>(&self, expected: impl IntoIterator<Item = O>)
    where
        O: fmt::Debug + 'static,
    {
        let expected = outcomes(expected.into_iter().map(Outcome::of));
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
                let known = self.exploration.incomplete.as_ref();
                let reason = known.filter(|it| **it != Incomplete::FoundEnough).map_or_else(
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
            Some(witness) => eprintln!("{}", witness.whole()),
            None => eprintln!("{REPLAY}={token} is not a schedule of this program"),
        }
    }
}

impl fmt::Debug for Findings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Findings");
        debug.field("config", &self.config).field("exploration", &self.exploration);
        debug.finish_non_exhaustive()
    }
}

pub(super) fn path(decisions: &[u32]) -> String {
    decisions.iter().map(ToString::to_string).collect::<Vec<_>>().join(".")
}
