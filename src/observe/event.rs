//! One operation on one shared object, as a witness shows it.

use std::panic::Location;

use super::Seen;

/// How an operation touches its object; two operations conflict if they touch the same object
/// and one of them writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Leaves the object as it was.
    Read,
    /// Replaces what the object held without reading it.
    Write,
    /// Reads and writes in one step.
    Update,
    /// Takes, gives or waits for something: lock, event, queue.
    Synchronise,
    /// Touches none: ends from outside what the actor was doing, by cancelling it or a timeout.
    Cancel,
    /// Touches none: the actor never returns, and nothing else on its thread runs again.
    Block,
}

/// What is known of an operation before it is made.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The method's name, as the pattern wrote it.
    pub operation: &'static str,
    /// How it touches the object.
    pub access: Access,
    /// The value written, sent or added.
    pub argument: Option<i64>,
    /// Where the pattern called it.
    pub location: &'static Location<'static>,
}

impl Call {
    /// A call made where the caller of this function was called.
    #[track_caller]
    pub fn new(operation: &'static str, access: Access) -> Self {
        Self { operation, access, argument: None, location: Location::caller() }
    }

    /// A call that takes, gives or waits for something, made where the caller of this function was
    /// called.
    #[track_caller]
    pub fn synchronise(operation: &'static str) -> Self {
        Self::new(operation, Access::Synchronise)
    }

    /// The same call, made at `location`.
    #[must_use]
    pub fn at(self, location: &'static Location<'static>) -> Self {
        Self { location, ..self }
    }

    /// The same call with the value it writes.
    #[must_use]
    pub fn with(self, argument: i64) -> Self {
        Self { argument: Some(argument), ..self }
    }
}

/// One operation that was made.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// The actor's index, in the order of spawning.
    pub actor: usize,
    /// The step of the schedule during which it happened, counted from 0.
    pub step: usize,
    /// The object's name and, if several bear it, its number from 1. `None` where the actor only
    /// yielded.
    pub object: Option<(&'static str, usize)>,
    /// The call. `None` where the actor only yielded.
    pub call: Option<Call>,
    /// What came back.
    pub seen: Seen,
}

impl Event {
    /// The value that tells this event's story: what was written, else what came back.
    pub fn value(&self) -> String {
        let argument = self.call.and_then(|call| call.argument);
        match (argument, self.seen) {
            (Some(argument), Seen::Nothing) => argument.to_string(),
            (Some(argument), seen) => format!("{argument} -> {seen}"),
            (None, seen) => seen.to_string(),
        }
    }
}
