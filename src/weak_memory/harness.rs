//! Drives loom through all executions and collects their outcomes.

use std::collections::BTreeMap;
use std::time::Instant;

use super::walk::{Executed, walk};
use crate::catalogue::Scenario;
use crate::catalogue::scenario::program;
use crate::explore::{Actors, Exploration, Finish, Limits, Outcome, Outcomes, Reduction, Witness};
use crate::primitives::Primitives;

/// Explores one scenario under loom.
pub(crate) struct Harness {
    start: fn(usize, &mut Actors) -> Finish,
}

/// The harness of `S` on the primitives `P`, which loom must see.
#[expect(clippy::unnecessary_wraps, reason = "a build without loom has none")]
pub(crate) const fn harness<S: Scenario<P>, P: Primitives>() -> Option<Harness> {
    Some(Harness { start: program::<S, P> })
}

impl Harness {
    /// Every outcome, with the number of the first execution that ended in it.
    pub(crate) fn explore(&self, actors: usize, limits: Limits) -> Exploration {
        let start = Instant::now();
        let collect = |found: &mut BTreeMap<Outcome, Vec<u32>>, execution: Executed| {
            let number = execution.number as u32;
            found.entry(execution.outcome).or_insert_with(|| vec![number]);
            true
        };
        let (found, walked) = walk(self.start, actors, limits, None, false, collect);
        Exploration {
            found,
            executions: walked.executions,
            states: None,
            incomplete: walked.incomplete,
            duration: start.elapsed(),
            reduction: Reduction::Opaque,
        }
    }

    /// The witness of an outcome outside of `allowed` with the fewest preemptions; among those the
    /// one with the fewest switches.
    pub(crate) fn witness(
        &self,
        actors: usize,
        limits: Limits,
        allowed: &Outcomes,
    ) -> Option<Witness> {
        (0..=MOST_PREEMPTIONS).find_map(|preemptions| {
            let allowed = allowed.clone();
            let collect = move |best: &mut Option<Witness>, execution: Executed| {
                if !allowed.contains(&execution.outcome) {
                    let witness = execution.into_witness(preemptions);
                    let cost = |witness: &Witness| (witness.switches, witness.events.len());
                    if best.as_ref().is_none_or(|best| cost(&witness) < cost(best)) {
                        *best = Some(witness);
                    }
                }
                true
            };
            walk(self.start, actors, limits, Some(preemptions), true, collect).0
        })
    }

    /// Runs up to the execution that `path` names and gives back what happened in it.
    pub(crate) fn replay(&self, actors: usize, path: &[u32]) -> Option<Witness> {
        let &[preemptions, number] = path else { return None };
        let preemptions = u8::try_from(preemptions).ok()?;
        let collect = move |witness: &mut Option<Witness>, execution: Executed| {
            if execution.number == u64::from(number) {
                *witness = Some(execution.into_witness(preemptions));
            }
            witness.is_none()
        };
        walk(self.start, actors, Limits::default(), Some(preemptions), true, collect).0
    }
}

/// Where the search for a witness with few preemptions gives up.
const MOST_PREEMPTIONS: u8 = 16;
