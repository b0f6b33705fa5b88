//! Drives loom through all executions and collects their outcomes.

use std::collections::BTreeMap;
use std::time::Instant;

use super::Program;
use super::walk::{Executed, walk};
use crate::explore::{Exploration, Left, Limits, Outcome, Outcomes, Reduction, Witness};

/// Explores programs under loom. They must be built on the family [`Loom`](super::Loom).
pub(crate) struct Harness;

/// The harness of this build.
#[expect(clippy::unnecessary_wraps, reason = "a build without loom has none")]
pub(crate) const fn harness() -> Option<Harness> {
    Some(Harness)
}

#[expect(clippy::unused_self, reason = "a harness is what shows that the build has loom")]
impl Harness {
    /// Every outcome, with the number of the first execution that ended in it.
    pub(crate) fn explore(&self, program: impl Program, limits: Limits) -> Exploration {
        let start = Instant::now();
        let collect = |found: &mut BTreeMap<Outcome, Vec<u32>>, execution: Executed| {
            let number = execution.number as u32;
            found.entry(execution.outcome).or_insert_with(|| vec![number]);
            true
        };
        let (found, walked) = walk(program, limits, None, false, collect);
        Exploration {
            audited: 0,
            found,
            left: Left::default(),
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
        program: impl Program,
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
            walk(program.clone(), limits, Some(preemptions), true, collect).0
        })
    }

    /// Runs up to the execution that `path` names and gives back what happened in it.
    pub(crate) fn replay(&self, program: impl Program, path: &[u32]) -> Option<Witness> {
        let &[preemptions, number] = path else { return None };
        let preemptions = u8::try_from(preemptions).ok()?;
        let collect = move |witness: &mut Option<Witness>, execution: Executed| {
            if execution.number == u64::from(number) {
                *witness = Some(execution.into_witness(preemptions));
            }
            witness.is_none()
        };
        walk(program, Limits::default(), Some(preemptions), true, collect).0
    }
}

/// Where the search for a witness with few preemptions gives up.
const MOST_PREEMPTIONS: u8 = 16;
