//! The explorer on several cores.

use std::num::NonZeroUsize;
use std::{fmt, thread};

use super::environment::cores;
use super::explorer::finish;
use super::walk::luck::Enough;
use super::walk::team::Crew;
use super::{Actors, Explorer, Findings};

/// An [`Explorer`] that walks on several cores: on all that there are, unless told otherwise here or by
/// the environment variable [`CORES`](super::CORES). It finds the same outcomes, and enters the same
/// states.
///
/// Each core has a thread that runs the program, so that has to be `Sync`; what it makes for its actors
/// need not be, since an execution stays on its thread. Witnesses are searched for on one.
///
/// ```
/// use selvedge::explore::{Explorer, Model};
/// use selvedge::primitives::Primitives;
///
/// let findings = Explorer::opaque().in_parallel().explore(|actors| {
///     for name in ["a", "b", "c"] {
///         actors.spawn(name, async { Model::yield_now().await });
///     }
///     || ()
/// });
/// findings.assert_outcomes([()]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Parallel {
    pub(super) explorer: Explorer,
    pub(super) cores: Option<NonZeroUsize>,
}

/// Each thread has memory of its own, and more of them than cores gain nothing.
const MOST: NonZeroUsize = NonZeroUsize::new(256).unwrap();

impl Parallel {
    /// The same on so many cores, 256 at most.
    #[must_use]
    pub fn cores(self, cores: NonZeroUsize) -> Self {
        Self { cores: Some(cores), ..self }
    }

    /// Does as [`Explorer::explore`].
    ///
    /// # Panics
    ///
    /// As [`Explorer::explore`] does, and if `program` does on any thread.
    #[track_caller]
    pub fn explore<'p, P, F, V>(&self, program: P) -> Findings<'p>
    where
        P: Fn(&'static mut Actors) -> F + Sync + 'p,
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
        P: Fn(&'static mut Actors) -> F + Sync + 'p,
        F: FnOnce() -> V + 'static,
        V: fmt::Debug + 'static,
    {
        let cores = cores().or(self.cores).or_else(|| thread::available_parallelism().ok());
        let program = Box::new(move |actors: &'static mut Actors| finish(program(actors)));
        // One thread has no need of locks.
        let size = cores.map(|cores| cores.min(MOST)).filter(|size| size.get() > 1);
        let crew = size.map(|size| Crew { program: &*program, size });
        self.explorer.explore_with(&*program, crew, is_enough).of(program)
    }
}
