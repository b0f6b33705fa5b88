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

/// How many schedules are drawn.
const DRAWN: u64 = 1_000;

/// Of so many decisions one is drawn: some bugs need many switches, and others few.
const ONE_IN: [u64; 4] = [1, 2, 4, 8];

/// Draws schedules until an outcome `is_enough`, and adds what they come to, each outcome with the first
/// of its schedules. Gives back how many it drew.
pub(super) fn draw(
    search: &Search<'_>,
    found: &mut BTreeMap<Outcome, Vec<u32>>,
    is_enough: &dyn Fn(&Outcome) -> bool,
) -> u64 {
    let mut drawn = Drawn { found, is_enough, has_enough: false };
    let mut count = 0;
    for (seed, one_in) in (0..DRAWN).zip(ONE_IN.into_iter().cycle()) {
        search.session.try_luck(seed, one_in);
        let ended = search.run(&mut drawn);
        count += 1;
        // What ends a walk will end the next one too, which then says why.
        let is_void = ended.incomplete.is_some() || ended.asymmetric || ended.hands_over;
        if drawn.has_enough || is_void || progress::is_stopped() {
            break;
        }
    }
    search.session.begin();
    count
}

/// Goes on from everywhere.
struct Drawn<'a> {
    found: &'a mut BTreeMap<Outcome, Vec<u32>>,
    is_enough: &'a dyn Fn(&Outcome) -> bool,
    has_enough: bool,
}

impl Visitor for Drawn<'_> {
    const COUNTS_SWITCHES: bool = false;

    fn enter(&mut self, _position: &Position, _path: &dyn Fn() -> Vec<u32>) -> bool {
        true
    }

    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, _position: &Position) {
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
