//! What one execution ended in, and what an exploration found.

use std::collections::BTreeSet;
use std::fmt;

use super::Value;
use super::value::cast;

/// How one execution ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every actor finished, and the program computed this.
    Value(Value),
    /// An actor waits, and no other is left that must wake it.
    Deadlock,
    /// An actor panicked, with this message.
    Panic(String),
    /// An actor returned this error, printed by `Debug`.
    Error(String),
    /// Two unordered accesses to the object of this name, one of them a write.
    DataRace(String),
    /// The invariant of this name did not hold at some state.
    Violation(String),
    /// The execution was cut off after this many steps. Never part of a proof.
    StepLimit(usize),
}

impl Outcome {
    /// The outcome of a program that computed `value`: see [`Value::of`]. An `Outcome` is itself.
    ///
    /// ```
    /// use selvedge::explore::Outcome;
    ///
    /// let expected = [Outcome::of(3), Outcome::Deadlock];
    /// assert_eq!(Outcome::of(Outcome::Deadlock), expected[1]);
    /// ```
    pub fn of<T: fmt::Debug + 'static>(value: T) -> Self {
        cast(value).unwrap_or_else(|value| Self::Value(Value::of(value)))
    }
}

impl<V: Into<Value>> From<V> for Outcome {
    fn from(value: V) -> Self {
        Self::Value(value.into())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Deadlock => f.write_str("deadlock"),
            Self::Panic(message) => write!(f, "panic: {message}"),
            Self::Error(error) => write!(f, "error: {error}"),
            Self::DataRace(object) => write!(f, "data race: {object}"),
            Self::Violation(name) => write!(f, "violation: {name}"),
            Self::StepLimit(steps) => write!(f, "step limit: {steps} steps"),
        }
    }
}

/// A set of outcomes, in ascending order.
pub type Outcomes = BTreeSet<Outcome>;

/// The set of these outcomes.
pub fn outcomes<O: Into<Outcome>>(each: impl IntoIterator<Item = O>) -> Outcomes {
    each.into_iter().map(Into::into).collect()
}
