//! What one execution ended in, and what an exploration found.

use std::collections::BTreeSet;
use std::fmt;

/// What a program computed, ordered as a reader expects: numbers numerically.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// One number.
    Number(i64),
    /// Several numbers, each with the name of what it counts.
    Fields(Vec<(&'static str, i64)>),
    /// Anything else.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<const N: usize> From<[(&'static str, i64); N]> for Value {
    fn from(fields: [(&'static str, i64); N]) -> Self {
        Self::Fields(fields.into())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Fields(fields) => {
                for (index, (name, number)) in fields.iter().enumerate() {
                    let comma = if index > 0 { ", " } else { "" };
                    write!(f, "{comma}{name} {number}")?;
                }
                Ok(())
            }
        }
    }
}

/// How one execution ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every actor finished, and the program computed this.
    Value(Value),
    /// An actor waits, and no other is left that must wake it.
    Deadlock,
    /// An actor panicked, with this message.
    Panic(String),
    /// Two unordered accesses to the object of this name, one of them a write.
    DataRace(String),
    /// The invariant of this name did not hold at some state.
    Violation(String),
    /// The execution was cut off after this many steps. Never part of a proof.
    StepLimit(usize),
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
