//! Why a case cannot be explored.

use crate::catalogue::DoesNotApply;
use crate::weak_memory::MOST_ACTORS;
use crate::world::{Family, World};

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
