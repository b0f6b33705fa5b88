//! Mistakes that a state key can be built with, for the tests to make on purpose.

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    /// What an operation gave back is not observed.
    ResultsIgnored,
    /// How often an actor was polled is not observed.
    PollsIgnored,
    /// What was chosen is not observed.
    ChoicesIgnored,
    /// A wake is not observed until its actor runs.
    WakesIgnored,
    /// A cancellation is taken for a poll.
    CancellationsIgnored,
    /// What objects hold is left out of the key.
    ObjectsIgnored,
    /// An actor refers to the queue it waits in, but not to its place there.
    PlacesIgnored,
    /// Objects refer to who waits by digest.
    WaitersByDigest,
    /// Objects refer to who waits by index.
    WaitersByIndex,
    /// Every object counts as its user's own.
    EverythingPrivate,
    /// Actors stay interchangeable when they share what one of them made.
    AsymmetryIgnored,
    /// An actor that was spawned does not tell by whom.
    ParentsIgnored,
    /// An actor that was spawned does not tell what its parent had observed.
    ParentsHistoryIgnored,
    /// An actor makes its next access before those that it has spawned can run.
    ChildrenStartLate,
    /// What the explorer does not see is taken to be not there.
    Blindness,
    /// A wait that is handed over counts as its beginner's.
    HandOversIgnored,
    /// What wakes in any order wakes in the order in which the waiters came.
    FirstComeFirstWoken,
    /// What may happen is taken for what will, where nothing else can.
    MayTakenForWill,
}

/// Whether the mistake is made: only ever in a test.
#[cfg(not(test))]
#[inline]
pub(crate) const fn is_on(_mistake: Mistake) -> bool {
    false
}

#[cfg(test)]
pub(crate) use on_purpose::{is_on, make};

#[cfg(test)]
mod on_purpose {
    use std::cell::Cell;

    use super::Mistake;

    thread_local! {
        static MADE: Cell<Option<Mistake>> = const { Cell::new(None) };
    }

    pub(crate) fn is_on(mistake: Mistake) -> bool {
        MADE.get() == Some(mistake)
    }

    /// Runs `body` with a mistake.
    pub(crate) fn make<R>(mistake: Mistake, body: impl FnOnce() -> R) -> R {
        MADE.set(Some(mistake));
        let result = body();
        MADE.set(None);
        result
    }
}
