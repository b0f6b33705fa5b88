//! An explored case.

use std::time::Duration;

use super::{Case, Verdict};
use crate::explore::{Exploration, Incomplete, Outcomes, Witness};

/// An explored [`Case`].
pub struct Proof {
    /// What was explored.
    pub case: Case,
    /// What that says.
    pub verdict: Verdict,
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
    pub(super) fn new(
        case: Case,
        verdict: Verdict,
        exploration: Exploration,
        witness: Option<Witness>,
    ) -> Self {
        Self {
            case,
            verdict,
            reached: exploration.outcomes(),
            expected: case.entry.reached_in(case.world, case.actors).unwrap_or_default(),
            executions: exploration.executions,
            states: exploration.states,
            incomplete: exploration.incomplete,
            duration: exploration.duration,
            witness,
        }
    }

    /// The verdict that the catalogue expects.
    pub fn expected_verdict(&self) -> Verdict {
        Verdict::exhaustive(self.expected.is_subset(&self.case.allowed()))
    }

    /// Whether the exploration is exhaustive and found exactly what the catalogue expects. Then so is
    /// the verdict.
    pub fn is_as_expected(&self) -> bool {
        self.incomplete.is_none() && self.reached == self.expected
    }
}
