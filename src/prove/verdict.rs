//! What an exploration says.

use std::fmt;

use crate::explore::{Exploration, Outcomes};

/// What an exploration says about a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Explored exhaustively, and every outcome is allowed.
    Safe,
    /// A forbidden outcome was reached.
    Unsafe,
    /// Neither: a limit was reached, or nothing ran.
    Inconclusive,
}

impl Verdict {
    /// What `exploration` says where only these outcomes are allowed.
    pub(super) fn of(exploration: &Exploration, allowed: &Outcomes) -> Self {
        if !exploration.found.keys().all(|outcome| allowed.contains(outcome)) {
            Self::Unsafe
        } else if exploration.incomplete.is_none() {
            Self::Safe
        } else {
            Self::Inconclusive
        }
    }

    /// The verdict of an exhaustive exploration.
    pub(super) const fn exhaustive(is_safe: bool) -> Self {
        if is_safe { Self::Safe } else { Self::Unsafe }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Inconclusive => "inconclusive",
        })
    }
}
