//! A variant in one world, and what can be done with it.

use super::{Proof, ProofError, Verdict};
use crate::catalogue::{Cast, Entry};
use crate::explore::{
    self, Actors, Config, Exploration, Fifo, Finish, Interleave, Limits, Outcomes, Reduction,
    Setup, Witness,
};
use crate::weak_memory::{self, Harness, MOST_ACTORS};
use crate::world::{Family, World};

/// A variant in one world, with so many actors: everything a verdict needs.
#[derive(Clone, Copy)]
pub struct Case {
    /// The variant, in its pattern.
    pub entry: Entry,
    /// Where it runs.
    pub world: World,
    /// What it is made of.
    pub family: Family,
    /// How many actors the pattern is given.
    pub actors: usize,
}

/// What explores a case.
enum Engine {
    Explorer,
    Loom(Harness),
}

impl Case {
    /// Every case of a variant that this build can explore, at the sizes at which it is proved unless
    /// told otherwise.
    pub fn all_of(entry: Entry) -> impl Iterator<Item = Self> {
        let places = World::ALL
            .into_iter()
            .flat_map(|world| Family::ALL.into_iter().map(move |family| (world, family)));
        places
            .map(move |(world, family)| Self {
                entry,
                world,
                family,
                actors: entry.variant.default_actors(world),
            })
            .filter(|case| case.check().is_ok())
    }

    /// Whether the case can be explored, in this build and at this size.
    ///
    /// # Errors
    ///
    /// Why it cannot.
    pub fn check(&self) -> Result<(), ProofError> {
        self.engine().map(|_| ())
    }

    /// The outcomes that break nothing.
    pub fn allowed(&self) -> Outcomes {
        self.entry.allowed(self.actors)
    }

    /// Explores the case, and finds the cheapest witness if an outcome is forbidden.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn prove(&self, limits: Limits) -> Result<Proof, ProofError> {
        // The explorer sees every shared access of a pattern, whatever it is made of.
        let exploration = self.explore(Reduction::Replicas, limits)?;
        let allowed = self.allowed();
        let verdict = Verdict::of(&exploration, &allowed);
        let witness = match verdict {
            Verdict::Unsafe => self.witness(&exploration, &allowed, limits)?,
            Verdict::Safe | Verdict::Inconclusive => None,
        };
        Ok(Proof::new(*self, verdict, exploration, witness))
    }

    /// Explores the case without judging it. Loom has its own reduction and does as it does.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn explore(&self, reduction: Reduction, limits: Limits) -> Result<Exploration, ProofError> {
        self.explore_with(Self::cast, reduction, limits)
    }

    /// The same on primitives from which a guard can be taken away.
    pub(super) fn explore_weakened(&self, limits: Limits) -> Result<Exploration, ProofError> {
        self.explore_with(Self::weakened, Reduction::Replicas, limits)
    }

    fn explore_with(
        &self,
        played_on: fn(&Self) -> Cast,
        reduction: Reduction,
        limits: Limits,
    ) -> Result<Exploration, ProofError> {
        let program = self.program(played_on);
        Ok(match self.engine()? {
            Engine::Explorer => explore::explore(&program, self.config(reduction, limits)),
            Engine::Loom(harness) => harness.explore(program, limits),
        })
    }

    fn witness(
        &self,
        exploration: &Exploration,
        allowed: &Outcomes,
        limits: Limits,
    ) -> Result<Option<Witness>, ProofError> {
        let program = self.program(Self::cast);
        Ok(match self.engine()? {
            Engine::Explorer => explore::shortest(
                &program,
                self.config(exploration.reduction, limits),
                &exploration.found,
                &|outcome| !allowed.contains(outcome),
            ),
            Engine::Loom(harness) => harness.witness(program, limits, allowed),
        })
    }

    /// Runs one schedule again. `None` if the program cannot follow it.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn replay(&self, path: &[u32]) -> Result<Option<Witness>, ProofError> {
        let program = self.program(Self::cast);
        Ok(match self.engine()? {
            Engine::Explorer => {
                let config = self.config(Reduction::Replicas, Limits::default());
                explore::replay(&program, config, path)
            }
            Engine::Loom(harness) => harness.replay(program, path),
        })
    }

    /// Runs the FIFO schedule alone, on the model primitives.
    ///
    /// # Errors
    ///
    /// If there is no actor, or the variant means nothing on an event loop.
    pub fn run_fifo(&self) -> Result<Fifo, ProofError> {
        let on_the_loop = Self { world: World::EventLoop, family: Family::Model, ..*self };
        on_the_loop.check()?;
        Ok(explore::run_fifo(&on_the_loop.program(Self::cast)))
    }

    /// What explores the case: the one place that decides whether anything can.
    fn engine(&self) -> Result<Engine, ProofError> {
        let Self { entry, world, family, actors } = *self;
        if !family.runs_in(world) {
            return Err(ProofError::WrongFamily { family, world });
        }
        if actors == 0 {
            return Err(ProofError::NoActors);
        }
        let applies = entry.reached_in(world, actors);
        applies.map_err(|reason| ProofError::WrongWorld { world, reason })?;
        if entry.cast_on(family, actors).is_none() {
            return Err(ProofError::NotOnFamily { family });
        }
        if world != World::WeakMemory {
            return Ok(Engine::Explorer);
        }
        let harness = weak_memory::harness().ok_or(ProofError::NeedsLoom)?;
        // Loom's own types can be made only while it runs; the model has as many actors.
        let (setup, _) =
            Setup::by(|spawned| entry.cast_on(Family::Model, actors).map(|it| it.start(spawned)));
        let (pattern, needed) = (entry.pattern.name, setup.len());
        if needed > MOST_ACTORS {
            return Err(ProofError::TooManyActors { pattern, actors, needed });
        }
        Ok(Engine::Loom(harness))
    }

    /// What is run: the case, as this casts it.
    fn program(
        &self,
        played_on: fn(&Self) -> Cast,
    ) -> impl Fn(&mut Actors) -> Finish + Clone + Send + Sync + 'static + use<> {
        let case = *self;
        move |actors: &mut Actors| played_on(&case).start(actors)
    }

    fn cast(&self) -> Cast {
        let cast = self.entry.cast_on(self.family, self.actors);
        cast.expect("a case that was checked has a cast")
    }

    fn weakened(&self) -> Cast {
        let cast = self.entry.weakened_on(self.family, self.actors);
        cast.expect("what is weakened is a model")
    }

    fn config(&self, reduction: Reduction, limits: Limits) -> Config {
        Config { interleave: self.interleave(), reduction, limits }
    }

    fn interleave(&self) -> Interleave {
        match self.world {
            World::EventLoop => Interleave::AtAwaits,
            World::Threads | World::WeakMemory => Interleave::AtAccesses,
        }
    }
}
