//! How a program is explored.

use super::Limits;

/// Which schedules need not be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// None: every schedule is walked. For programs whose shared accesses the explorer cannot see.
    Opaque,
    /// A state reached twice is entered once. Given up for [`Reduction::Opaque`], as the others
    /// below are, if an actor takes on a wait that another began.
    Merging,
    /// Merging, and actors made by one closure are interchangeable before their first step: nothing
    /// can refer to them yet.
    FreshReplicas,
    /// Merging, and actors made by one closure are interchangeable throughout; what an actor makes
    /// for itself is private to it. Given up for [`Reduction::FreshReplicas`] if the program turns
    /// out otherwise.
    Replicas,
}

/// Where another actor may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interleave {
    /// Where a poll returns: the event-loop world.
    AtAwaits,
    /// Before every access to shared state: the threads world. Every shared access must go through
    /// the model primitives.
    AtAccesses,
}

/// How a program is explored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Config {
    /// Where another actor may come in.
    pub interleave: Interleave,
    /// Which schedules need not be told apart.
    pub reduction: Reduction,
    /// Where to give up.
    pub limits: Limits,
}

impl Config {
    /// Whether all that actors share has to be seen by the explorer.
    #[inline]
    pub(crate) fn must_see(self) -> bool {
        self.reduction != Reduction::Opaque || self.interleave == Interleave::AtAccesses
    }
}
