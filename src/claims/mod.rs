//! What the sources of the catalogue say about races, settled by proofs.
//!
//! A claim names a variant and says what it does. It holds in a world where the exploration of that
//! variant agrees.
//!
#![doc = include_str!("../../docs/claims.md")]

mod sources;

use crate::catalogue::Entry;
use crate::explore::{Outcome, Outcomes};
use crate::patterns::find;
use crate::world::World;

pub use sources::CLAIMS;

/// Something that a source says.
pub struct Claim {
    /// The source: title, author and year where given.
    pub source: &'static str,
    /// What it says, in words of our own.
    pub says: &'static str,
    /// What that means for a variant of the catalogue.
    pub about: About,
    /// Why it holds or does not, in one sentence.
    pub finding: &'static str,
}

/// A claim about one variant.
#[derive(Clone, Copy)]
pub struct About {
    /// The pattern.
    pub pattern: &'static str,
    /// The variant.
    pub variant: &'static str,
    /// What is said of the variant.
    pub asserts: Assertion,
    /// In which worlds it is said: where the claim has to hold, or is refuted.
    pub worlds: &'static [World],
}

/// What a claim says of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assertion {
    /// Some schedule breaks it.
    Unsafe,
    /// No schedule breaks it.
    Safe,
    /// Some schedule ends in an error that is raised.
    Raises,
}

impl Assertion {
    /// Whether it is true of a variant that reached these outcomes, of which those are allowed.
    pub fn holds(self, reached: &Outcomes, allowed: &Outcomes) -> bool {
        match self {
            Self::Unsafe => !reached.is_subset(allowed),
            Self::Safe => reached.is_subset(allowed),
            Self::Raises => reached.iter().any(|outcome| matches!(outcome, Outcome::Panic(_))),
        }
    }
}

impl Claim {
    /// The variant that settles it; `None` if the catalogue has no such thing.
    pub fn settled_by(&self) -> Option<Entry> {
        find(self.about.pattern)?.entry(self.about.variant)
    }

    /// Whether it holds in `world`, by the outcomes that the catalogue expects and the proofs
    /// confirm; `None` where it says nothing.
    pub fn holds_in(&self, world: World) -> Option<bool> {
        if !self.about.worlds.contains(&world) {
            return None;
        }
        let entry = self.settled_by()?;
        let actors = entry.variant.default_actors(world);
        let reached = entry.reached_in(world, actors).ok()?;
        Some(self.about.asserts.holds(&reached, &entry.allowed(actors)))
    }

    /// Where it holds, in a few words.
    pub fn answer(&self) -> String {
        let applies = World::ALL.into_iter().filter(|&world| self.holds_in(world).is_some());
        let (holds, fails): (Vec<_>, Vec<_>) =
            applies.partition(|&world| self.holds_in(world) == Some(true));
        match (holds.as_slice(), fails.as_slice()) {
            ([], []) => "not settled".to_owned(),
            (_, []) => "proved".to_owned(),
            ([], _) => "refuted".to_owned(),
            ([World::EventLoop], _) => "proved on an event loop, refuted on threads".to_owned(),
            ([World::Threads, ..], _) => "refuted on an event loop, proved on threads".to_owned(),
            ([World::WeakMemory], _) => "proved in weak memory only".to_owned(),
            _ => "refuted in weak memory only".to_owned(),
        }
    }
}
