//! The explorer for a reader's own code.

use std::{env, fmt};

use super::environment::seed;
use super::parallel::Parallel;
use super::run::execution::{Finish, Program};
use super::run::runtime::refuse_inside;
use super::walk::exhaustive::{Exploration, explore_until};
use super::walk::luck::{Enough, Luck};
use super::walk::team::Crew;
use super::{Actors, Config, Findings, Interleave, Limits, Reduction, Value};

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
    /// taken for equal. It refuses actors that share nothing it sees, and an actor that is woken by
    /// something else or left waiting for it; and at a sample of the merged states it goes on without
    /// merging, and refuses what goes on differently. A sample is no proof: where such sharing cannot
    /// be ruled out, use [`opaque`](Self::opaque).
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

    /// The same explorer on several cores.
    pub fn in_parallel(self) -> Parallel {
        Parallel { explorer: self, cores: None }
    }

    /// Explores `program`. Where the environment names a schedule in [`REPLAY`], what happens under
    /// it is printed too.
    ///
    /// # Panics
    ///
    /// If an actor of another exploration calls it, or, with the feature `tokio`, a task of a tokio
    /// runtime.
    #[track_caller]
    pub fn explore<'p, P, F, V>(&self, program: P) -> Findings<'p>
    where
        P: Fn(&'static mut Actors) -> F + 'p,
        F: FnOnce() -> V + 'static,
        V: fmt::Debug + 'static,
    {
        self.explore_until(program, None)
    }

    /// Explores `program`, perhaps until an outcome is enough.
    #[track_caller]
    pub(super) fn explore_until<'p, P, F, V>(
        &self,
        program: P,
        is_enough: Option<Enough<'_>>,
    ) -> Findings<'p>
    where
        P: Fn(&'static mut Actors) -> F + 'p,
        F: FnOnce() -> V + 'static,
        V: fmt::Debug + 'static,
    {
        let program = Box::new(move |actors: &'static mut Actors| finish(program(actors)));
        self.explore_with(&*program, None, is_enough).of(program)
    }

    /// Explores `program`, by a crew if there is one.
    #[track_caller]
    pub(super) fn explore_with(
        &self,
        program: Program<'_>,
        crew: Option<Crew<'_>>,
        is_enough: Option<Enough<'_>>,
    ) -> Explored {
        refuse_inside();
        let config = Config { limits: self.config.limits.or_environment(), ..self.config };
        let luck = Luck { seed: seed(), is_enough };
        let exploration = explore_until(program, crew, config, luck);
        let config = Config { reduction: exploration.reduction, ..config };
        Explored { config, exploration }
    }
}

/// How to read the outcome, whatever its type.
pub(super) fn finish<V: fmt::Debug + 'static>(finish: impl FnOnce() -> V + 'static) -> Finish {
    Box::new(move || Value::of(finish()))
}

/// What was found, of a program that was lent.
pub(super) struct Explored {
    config: Config,
    exploration: Exploration,
}

impl Explored {
    /// The findings, which keep the program.
    pub(super) fn of(
        self,
        program: Box<dyn Fn(&'static mut Actors) -> Finish + '_>,
    ) -> Findings<'_> {
        let Self { config, exploration } = self;
        let findings = Findings { program, config, exploration };
        if let Some(path) = env::var_os(REPLAY) {
            findings.print_replay(&path.to_string_lossy());
        }
        findings
    }
}
