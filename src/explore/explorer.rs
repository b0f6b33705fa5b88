//! The explorer for a reader's own code.

use std::env;
use std::fmt::Write as _;

use super::execution::Finish;
use super::exhaustive::explore;
use super::search::{Config, Interleave, Reduction};
use super::witness::{replay, shortest};
use super::{Actors, Exploration, Limits, Outcome, Value, Witness, outcomes};

/// The environment variable that makes [`Explorer::explore`] run one schedule instead of all: the
/// one that a failed assertion printed.
pub const REPLAY: &str = "SELVEDGE_REPLAY";

/// Runs a program under every schedule.
///
/// A program is a closure that spawns actors and returns another closure, which reads the outcome
/// once every actor has finished. It is called once per execution and must do the same each time:
/// what the actors share must be made inside of it.
#[derive(Clone, Copy, Debug)]
pub struct Explorer {
    config: Config,
}

impl Explorer {
    /// For any futures: the real types of `tokio::sync` and `futures` included. Every order in
    /// which woken actors can be polled is walked, one by one.
    pub fn opaque() -> Self {
        Self::with(Interleave::AtAwaits, Reduction::Opaque)
    }

    /// For programs that share nothing but [primitives](crate::primitives) of the model family or
    /// a traced one. Equal states are merged, which reaches the same outcomes with far fewer steps.
    ///
    /// The explorer does not see what is shared by other means; two states that differ there are
    /// taken for equal. Where that cannot be ruled out, use [`opaque`](Self::opaque).
    pub fn merging() -> Self {
        Self::with(Interleave::AtAwaits, Reduction::Replicas)
    }

    /// For programs that share nothing but primitives of the model family, each actor on a thread of
    /// its own: others come in before every access to a primitive, not only at an await. A program
    /// that makes a traced one panics.
    pub fn threads() -> Self {
        Self::with(Interleave::AtAccesses, Reduction::Replicas)
    }

    fn with(interleave: Interleave, reduction: Reduction) -> Self {
        Self { config: Config { interleave, reduction, limits: Limits::default() } }
    }

    /// The same explorer with other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { config: Config { limits, ..self.config } }
    }

    /// The same explorer with another reduction, for comparing them.
    #[must_use]
    pub fn reduction(self, reduction: Reduction) -> Self {
        Self { config: Config { reduction, ..self.config } }
    }

    /// Explores `program`. Where the environment names a schedule in [`REPLAY`], what happens under
    /// it is printed too.
    ///
    /// # Panics
    ///
    /// If an actor of another exploration calls it.
    pub fn explore<P, F, V>(
        &self,
        program: P,
    ) -> Findings<impl Fn(&mut Actors) -> Finish + use<P, F, V>>
    where
        P: Fn(&mut Actors) -> F,
        F: FnOnce() -> V + 'static,
        V: Into<Value>,
    {
        let program = move |actors: &mut Actors| -> Finish {
            let finish = program(actors);
            Box::new(move || finish().into())
        };
        let exploration = explore(&program, self.config);
        let config = Config { reduction: exploration.reduction, ..self.config };
        let findings = Findings { program, config, exploration };
        if let Some(path) = env::var_os(REPLAY) {
            findings.print_replay(&path.to_string_lossy());
        }
        findings
    }
}

/// What an exploration found, and the program to run a schedule of it again.
pub struct Findings<P> {
    program: P,
    config: Config,
    exploration: Exploration,
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

    fn print_replay(&self, token: &str) {
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
