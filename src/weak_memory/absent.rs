//! In a build without `--cfg loom` there is no harness, and the compiler knows.

use super::Program;
use crate::explore::{Exploration, Limits, Model, Outcomes, Witness};

/// Stands in for the family that would run here, so that what has to run on it is checked.
pub type Loom = Model;

/// A harness that cannot exist.
pub(crate) enum Harness {}

/// No harness.
pub(crate) const fn harness() -> Option<Harness> {
    None
}

impl Harness {
    pub(crate) fn explore(&self, _program: impl Program, _limits: Limits) -> Exploration {
        match *self {}
    }

    pub(crate) fn witness(
        &self,
        _program: impl Program,
        _limits: Limits,
        _allowed: &Outcomes,
    ) -> Option<Witness> {
        match *self {}
    }

    pub(crate) fn replay(&self, _program: impl Program, _path: &[u32]) -> Option<Witness> {
        match *self {}
    }
}
