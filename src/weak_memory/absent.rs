//! In a build without `--cfg loom` there is no harness, and the compiler knows.

use crate::catalogue::Scenario;
use crate::explore::{Exploration, Limits, Outcomes, Witness};
use crate::primitives::{Model, Primitives};

/// Stands in for the family that would run here, so that what has to run on it is checked.
pub type Loom = Model;

/// A harness that cannot exist.
pub(crate) enum Harness {}

/// No harness.
#[expect(clippy::extra_unused_type_parameters, reason = "the harness that exists needs them")]
pub(crate) const fn harness<S: Scenario<P>, P: Primitives>() -> Option<Harness> {
    None
}

impl Harness {
    pub(crate) fn explore(&self, _actors: usize, _limits: Limits) -> Exploration {
        match *self {}
    }

    pub(crate) fn witness(
        &self,
        _actors: usize,
        _limits: Limits,
        _allowed: &Outcomes,
    ) -> Option<Witness> {
        match *self {}
    }

    pub(crate) fn replay(&self, _actors: usize, _path: &[u32]) -> Option<Witness> {
        match *self {}
    }
}
