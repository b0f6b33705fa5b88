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
    /// Whether an actor was woken by itself or by another is not observed.
    OwnWakesIgnored,
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
    /// Nobody looks whether states that were merged go on alike.
    MergesUnaudited,
    /// What the explorer does not see is taken to be not there.
    Blindness,
    /// A wait that is handed over counts as its beginner's.
    HandOversIgnored,
    /// An access and the panic that follows it are one step.
    PanicsWithAccess,
    /// An actor that unwinds and goes on counts as stopped where it was not.
    UnwindingIgnored,
    /// On threads, whom an operation wakes it wakes at once.
    WakesAtOnce,
    /// On threads, all who wait for one event are told at once.
    ToldAtOnce,
    /// What wakes in any order wakes in the order in which the waiters came.
    FirstComeFirstWoken,
    /// What may happen is taken for what will, where nothing else can.
    MayTakenForWill,
    /// No time is over at the first poll.
    FirstPollInTime,
    /// How much longer an actor sleeps is not in the key.
    TimeLeftIgnored,
}

/// Whether the mistake is made: only ever in a test.
#[cfg(not(test))]
#[inline]
pub(crate) const fn is_on(_mistake: Mistake) -> bool {
    false
}

/// Whether any mistake is made, for a check that would find it too and must not.
#[cfg(not(test))]
pub(crate) const fn is_any() -> bool {
    false
}

#[cfg(test)]
pub(crate) use on_purpose::{is_any, is_on, make};

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

    pub(crate) fn is_any() -> bool {
        MADE.get().is_some()
    }

    /// Runs `body` with a mistake.
    pub(crate) fn make<R>(mistake: Mistake, body: impl FnOnce() -> R) -> R {
        MADE.set(Some(mistake));
        let result = body();
        MADE.set(None);
        result
    }
}
