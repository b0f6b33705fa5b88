//! One operation on one shared object, as a witness shows it.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

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

/// A line of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as the compiler names it.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
}

impl From<&Location<'_>> for Place {
    fn from(location: &Location<'_>) -> Self {
        Self { file: location.file().into(), line: location.line() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What an actor did, or what became of it, beside its operations on objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It was left waiting for this, which no operation shows: `tokio::sync::Mutex::lock`.
    Awaits(Option<Arc<str>>),
    /// It was left waiting, but had woken itself already.
    Yields,
    /// It was left asleep, for so long.
    Sleeps(Duration),
    /// Its sleep was over, at this time by the clock of the run.
    WakesUp(Duration),
    /// It woke this actor.
    Wakes(usize),
    /// It chose one of several.
    Chooses {
        /// Which, from 0.
        chosen: usize,
        /// Out of how many.
        among: usize,
    },
    /// It said this.
    Notes(Arc<str>),
    /// It was polled although nothing had woken it.
    IsPolledSpuriously,
    /// It panicked with this message, and something caught that.
    Catches(Arc<str>),
    /// It panicked with this message.
    Panics(Arc<str>),
    /// It ran to its end and returned this, which somebody may read.
    Returns(Arc<str>),
    /// It returned this error, which ends the execution.
    Fails(Arc<str>),
    /// The invariant of this name did not hold after this step.
    Breaks(Arc<str>),
}

/// One operation that was made, or what else became of an actor.
#[derive(Clone, Debug)]
pub struct Event {
    /// The actor's index, in the order of spawning.
    pub actor: usize,
    /// The step of the schedule during which it happened, counted from 0.
    pub step: usize,
    /// The object's name and, if several bear it, its number from 1. `None` where no object was
    /// touched.
    pub object: Option<(&'static str, usize)>,
    /// The call. `None` where the actor made none that is known.
    pub call: Option<Call>,
    /// What came back.
    pub seen: Seen,
    /// What else it was. `None` beside a call, and where nothing is known but that the actor ran.
    pub aside: Option<Aside>,
    /// Where it was, if no call says so.
    pub place: Option<Place>,
}

impl Event {
    /// `actor` ran in this step, and came back with `seen`.
    pub(crate) fn of(actor: usize, step: usize, seen: Seen) -> Self {
        Self { actor, step, object: None, call: None, seen, aside: None, place: None }
    }

    /// The value that tells this event's story: what was written, else what came back; what was
    /// awaited, chosen or said.
    pub fn value(&self) -> String {
        let argument = self.call.and_then(|call| call.argument);
        match (&self.aside, argument, self.seen) {
            (Some(aside), ..) => aside.value(),
            (None, Some(argument), Seen::Nothing) => argument.to_string(),
            (None, Some(argument), seen) => format!("{argument} -> {seen}"),
            (None, None, seen) => seen.to_string(),
        }
    }
}

impl Aside {
    fn value(&self) -> String {
        match self {
            Self::Awaits(what) => what.as_deref().unwrap_or_default().to_owned(),
            Self::Sleeps(duration) => format!("{duration:?}"),
            Self::WakesUp(time) => format!("at {time:?}"),
            Self::Chooses { chosen, among } => format!("{chosen} of 0..{among}"),
            Self::Notes(text)
            | Self::Catches(text)
            | Self::Panics(text)
            | Self::Returns(text)
            | Self::Fails(text)
            | Self::Breaks(text) => text.to_string(),
            Self::Yields | Self::Wakes(_) | Self::IsPolledSpuriously => String::new(),
        }
    }
}
