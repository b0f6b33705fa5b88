//! Schedules drawn at random, which find early what the walk finds late.
//!
//! Depth first changes the last decisions first, so that a bug which needs another first decision
//! shows after everything else: of n requests for one value, each asks alone in the first (n-1)!
//! executions. Most bugs need few decisions to be right, and a random schedule has these soon (Burckhardt,
//! Kothari, Musuvathi, Nagarakatte: "A Randomized Scheduler with Probabilistic Guarantees of Finding
//! Bugs", 2010). They prove nothing, so the walk follows or was given up.

use std::collections::BTreeMap;

use super::search::{Position, Search, Visitor};
use crate::explore::{Outcome, progress};

/// Whether an outcome is enough. Every thread of a walk asks.
pub(crate) type Enough<'a> = &'a (dyn Fn(&Outcome) -> bool + Sync);

/// What luck is tried for, and which.
#[derive(Clone, Copy, Default)]
pub(crate) struct Luck<'a> {
    /// Another draws other schedules.
    pub(crate) seed: u64,
    /// The outcomes of which one is enough, if so.
    pub(crate) is_enough: Option<Enough<'a>>,
}

/// How many schedules to draw.
pub(super) const MOST_DRAWN: u64 = 1_000;

/// Steps of all of them: a program that takes long is not run as often.
const MOST_STEPS: usize = 200_000;

/// Of so many decisions one is drawn: some bugs need many switches, and others few.
const ONE_IN: [u64; 4] = [1, 2, 4, 8];

/// Draws up to `most` schedules until an outcome is enough. Each outcome that was not known is added to
/// those `found`.
pub(super) fn draw<'a>(
    search: &Search<'_>,
    most: u64,
    found: &'a mut BTreeMap<Outcome, Vec<u32>>,
    Luck { seed, is_enough }: Luck<'a>,
) -> Drawn<'a> {
    let is_enough = is_enough.unwrap_or(&|_| false);
    let mut drawn = Drawn { found, is_enough, has_enough: false, executions: 0, steps: 0 };
    // As good as random numbers of its own, for each seed.
    let seed = seed.wrapping_mul(most);
    for (number, one_in) in (0..most).zip(ONE_IN.into_iter().cycle()) {
        search.session.try_luck(seed.wrapping_add(number), one_in);
        let ended = search.run(&mut drawn);
        drawn.executions += ended.executions;
        // What ends a walk ends the one that follows too, which says why.
        let is_void = ended.incomplete.is_some() || ended.asymmetric || ended.hands_over;
        if is_void || drawn.has_enough || drawn.steps > MOST_STEPS || progress::is_stopped() {
            break;
        }
    }
    search.session.begin();
    drawn
}

/// Goes on from everywhere.
pub(super) struct Drawn<'a> {
    found: &'a mut BTreeMap<Outcome, Vec<u32>>,
    is_enough: Enough<'a>,
    pub(super) has_enough: bool,
    pub(super) executions: u64,
    steps: usize,
}

impl Visitor for Drawn<'_> {
    const COUNTS_SWITCHES: bool = false;

    fn enter(&mut self, _position: &Position, _path: &dyn Fn() -> Vec<u32>) -> bool {
        true
    }

    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, position: &Position) {
        self.steps += position.steps;
        if let Outcome::StepLimit(_) = outcome {
            return;
        }
        self.has_enough |= (self.is_enough)(&outcome);
        self.found.entry(outcome).or_insert_with(path);
    }

    fn end_again(&mut self, _outcome: Outcome, _path: &dyn Fn() -> Vec<u32>) {}

    fn continues(&self) -> bool {
        false
    }

    fn states(&self) -> u64 {
        0
    }

    fn bytes(&self) -> u64 {
        0
    }
}
