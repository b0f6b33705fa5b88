//! Proving a variant: exploring it in one world and judging what was found.

use std::fmt;
use std::time::Duration;

use crate::catalogue::{DoesNotApply, Pattern, Start, Variant};
use crate::explore::{
    self, Actors, Config, Exploration, Fifo, Incomplete, Interleave, Limits, Outcomes, Reduction,
    Witness,
};
use crate::weak_memory::{self, MOST_ACTORS};
use crate::world::{Family, World};

/// What an exploration says about a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// Explored exhaustively, and every outcome is allowed.
    Safe,
    /// A witness of a forbidden outcome exists.
    Unsafe,
    /// Neither: a limit was reached, or nothing ran.
    Inconclusive,
}

impl Judgement {
    pub(super) fn of(is_safe: bool, incomplete: Option<&Incomplete>) -> Self {
        match (is_safe, incomplete) {
            (false, _) => Self::Unsafe,
            (true, None) => Self::Safe,
            (true, Some(_)) => Self::Inconclusive,
        }
    }
}

impl fmt::Display for Judgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Inconclusive => "inconclusive",
        })
    }
}

/// A variant in one world, with so many actors: everything a verdict needs.
#[derive(Clone, Copy)]
pub struct Case {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// The variant.
    pub variant: &'static Variant,
    /// Where it runs.
    pub world: World,
    /// What it is made of.
    pub family: Family,
    /// How many actors the pattern is given.
    pub actors: usize,
}

/// An explored [`Case`].
pub struct Proof {
    /// What was explored.
    pub case: Case,
    /// What that says.
    pub judgement: Judgement,
    /// The outcomes that were reached.
    pub reached: Outcomes,
    /// The outcomes that the catalogue expects.
    pub expected: Outcomes,
    /// How many times the program was run, in full or in part.
    pub executions: u64,
    /// How many distinct states there are; `None` where states were not told apart.
    pub states: Option<u64>,
    /// Why the exploration is not exhaustive; `None` if it is.
    pub incomplete: Option<Incomplete>,
    /// How long the exploration took, without the search for a witness.
    pub duration: Duration,
    /// The cheapest schedule to a forbidden outcome.
    pub witness: Option<Witness>,
}

impl Proof {
    /// Whether the exploration is exhaustive and found exactly what the catalogue expects.
    pub fn is_as_expected(&self) -> bool {
        self.incomplete.is_none() && self.reached == self.expected
    }
}

/// A case that cannot be explored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Nothing would run.
    #[error("0 actors: a proof needs at least 1")]
    NoActors,
    /// More actors than loom has threads.
    #[error(
        "{actors} actors: loom has {MOST_ACTORS} threads, so the weak-memory world proves at most \
         {MOST_ACTORS} actors, and {pattern} takes {needed} for that"
    )]
    TooManyActors {
        /// The pattern.
        pattern: &'static str,
        /// The actors asked for.
        actors: usize,
        /// The threads it would take.
        needed: usize,
    },
    /// The weak-memory world is not in this build.
    #[error(
        "the weak-memory world needs a build with --cfg loom: `cargo prove`, or for any command \
         RUSTFLAGS=\"--cfg loom\" cargo run --release -- COMMAND"
    )]
    NeedsLoom,
    /// The family does not run in the world.
    #[error("the {family} primitives do not run in the {world} world")]
    WrongFamily {
        /// The family.
        family: Family,
        /// The world.
        world: World,
    },
    /// The variant means nothing in the world.
    #[error("not in the {world} world: {reason}")]
    WrongWorld {
        /// The world.
        world: World,
        /// Why not.
        reason: DoesNotApply,
    },
    /// The sibling that a mutant should run is not there.
    #[error("the pattern has no variant {0:?}")]
    NoSibling(&'static str),
    /// The variant cannot be built of the family's types.
    #[error("not on the {family} primitives: {}", lacks(*family))]
    NotOnFamily {
        /// The family.
        family: Family,
    },
}

impl ProofError {
    /// Whether it is the variant that is not made for the place, wherever that is.
    pub fn is_a_gap(&self) -> bool {
        matches!(self, Self::WrongWorld { .. } | Self::NotOnFamily { .. })
    }
}

fn lacks(family: Family) -> &'static str {
    match family {
        Family::Futures => "the futures crate has no such type",
        _ => "its real types would block the explorer's thread, or order memory that it cannot see",
    }
}

impl Case {
    /// Explores the case, and finds the cheapest witness if an outcome is forbidden.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn prove(&self, limits: Limits) -> Result<Proof, ProofError> {
        // The explorer sees every shared access of a pattern, whatever it is made of.
        let exploration = self.explore(Reduction::Replicas, limits)?;
        let allowed = (self.variant.allowed)(self.actors);
        let is_safe = exploration.found.keys().all(|outcome| allowed.contains(outcome));
        let witness = if is_safe { None } else { self.witness(&exploration, &allowed, limits) };
        Ok(self.judge(exploration, is_safe, witness))
    }

    /// Explores the case without judging it. Loom has its own reduction and does as it does.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn explore(&self, reduction: Reduction, limits: Limits) -> Result<Exploration, ProofError> {
        self.check()?;
        Ok(match self.start() {
            Some(start) => {
                let program = |actors: &mut Actors| start(self.actors, actors);
                explore::explore(&program, self.config(reduction, limits))
            }
            None => self.harness()?.explore(self.actors, limits),
        })
    }

    /// The same on primitives from which a guard can be taken away.
    pub(super) fn explore_weakened(&self, limits: Limits) -> Result<Exploration, ProofError> {
        self.check()?;
        let programs = &self.variant.programs;
        Ok(if self.world == World::WeakMemory {
            let harness = programs.weakened_in_weak_memory.as_ref();
            harness.ok_or(ProofError::NeedsLoom)?.explore(self.actors, limits)
        } else {
            let program = |actors: &mut Actors| (programs.weakened)(self.actors, actors);
            explore::explore(&program, self.config(Reduction::Replicas, limits))
        })
    }

    /// Runs one schedule again. `None` if the program cannot follow it.
    ///
    /// # Errors
    ///
    /// If the case cannot be explored in this build, or at this size.
    pub fn replay(&self, path: &[u32]) -> Result<Option<Witness>, ProofError> {
        self.check()?;
        Ok(match self.start() {
            Some(start) => {
                let program = |actors: &mut Actors| start(self.actors, actors);
                explore::replay(&program, self.interleave(), path)
            }
            None => self.harness()?.replay(self.actors, path),
        })
    }

    /// Runs the FIFO schedule alone, on the model primitives.
    ///
    /// # Errors
    ///
    /// If there is no actor, or the variant means nothing on an event loop.
    pub fn run_fifo(&self) -> Result<Fifo, ProofError> {
        if self.actors == 0 {
            return Err(ProofError::NoActors);
        }
        let world = World::EventLoop;
        let applies = self.variant.reaches.applies_in(world);
        applies.map_err(|reason| ProofError::WrongWorld { world, reason })?;
        let start = self.variant.programs.model;
        Ok(explore::run_fifo(&|actors: &mut Actors| start(self.actors, actors)))
    }

    fn witness(
        &self,
        exploration: &Exploration,
        allowed: &Outcomes,
        limits: Limits,
    ) -> Option<Witness> {
        match self.start() {
            Some(start) => explore::shortest(
                &|actors: &mut Actors| start(self.actors, actors),
                self.config(exploration.reduction, limits),
                &exploration.found,
                &|outcome| !allowed.contains(outcome),
            ),
            None => self.harness().ok()?.witness(self.actors, limits, allowed),
        }
    }

    fn judge(&self, exploration: Exploration, is_safe: bool, witness: Option<Witness>) -> Proof {
        let judgement = Judgement::of(is_safe, exploration.incomplete.as_ref());
        Proof {
            case: *self,
            judgement,
            reached: exploration.outcomes(),
            expected: self.variant.reaches.in_world(self.world, self.actors).unwrap_or_default(),
            executions: exploration.executions,
            states: exploration.states,
            incomplete: exploration.incomplete,
            duration: exploration.duration,
            witness,
        }
    }

    fn check(&self) -> Result<(), ProofError> {
        let Self { world, family, actors, .. } = *self;
        if !family.runs_in(world) {
            return Err(ProofError::WrongFamily { family, world });
        }
        if actors == 0 {
            return Err(ProofError::NoActors);
        }
        let variant = self.variant;
        if let Err(reason) = variant.reaches.applies_in(world) {
            return Err(ProofError::WrongWorld { world, reason });
        }
        if !variant.runs_in(world, family) {
            return Err(ProofError::NotOnFamily { family });
        }
        if world == World::WeakMemory {
            let mut spawned = Actors::default();
            drop((self.variant.programs.model)(actors, &mut spawned));
            let (pattern, needed) = (self.pattern.name, spawned.len());
            if needed > MOST_ACTORS {
                return Err(ProofError::TooManyActors { pattern, actors, needed });
            }
            self.harness()?;
        }
        Ok(())
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

    /// The program for the explorer; `None` in the weak-memory world.
    fn start(&self) -> Option<Start> {
        let programs = &self.variant.programs;
        match self.family {
            Family::Model => Some(programs.model),
            Family::Tokio => programs.tokio,
            Family::Futures => programs.futures,
            Family::Loom => None,
        }
    }

    fn harness(&self) -> Result<&weak_memory::Harness, ProofError> {
        self.variant.programs.weak_memory.as_ref().ok_or(ProofError::NeedsLoom)
    }
}
