//! What an operation gave back to the actor that made it.

use std::fmt;
use std::task::Poll;

use super::Digest;

/// The result of one operation, as far as the actor can tell results apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The operation gives nothing back.
    Nothing,
    /// A word.
    Number(i64),
    /// A word that came back as a failure, e.g. of a compare-exchange.
    Refused(i64),
    /// There was nothing to give.
    Absent,
    /// Yes or no.
    Flag(bool),
    /// Not yet: the actor waits.
    Pending,
    /// A number that the primitive keeps with the actor, and that says nothing to a reader.
    Internal(i64),
}

impl Seen {
    #[inline]
    pub(crate) fn mix_into(self, digest: &mut Digest) {
        let (tag, word) = match self {
            Self::Nothing => (1, 0),
            Self::Number(n) => (2, n as u64),
            Self::Refused(n) => (3, n as u64),
            Self::Absent => (4, 0),
            Self::Flag(flag) => (5, u64::from(flag)),
            Self::Pending => (6, 0),
            Self::Internal(n) => (7, n as u64),
        };
        digest.mix(tag);
        digest.mix(word);
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing | Self::Internal(_) => Ok(()),
            Self::Number(n) => write!(f, "{n}"),
            Self::Refused(n) => write!(f, "refused, found {n}"),
            Self::Absent => f.write_str("none"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Pending => f.write_str("waits"),
        }
    }
}

/// A result that says everything its receiver can learn from it.
///
/// An implementation that leaves something out makes the explorer merge states that differ.
pub trait Observed {
    /// The result as the explorer sees it.
    fn seen(&self) -> Seen;
}

/// A result of which a witness shows nothing, although the explorer tells it apart: where a
/// receiver stands, how often a notify was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Internal(pub i64);

impl Observed for Internal {
    fn seen(&self) -> Seen {
        Seen::Internal(self.0)
    }
}

impl Observed for () {
    fn seen(&self) -> Seen {
        Seen::Nothing
    }
}

impl Observed for i64 {
    fn seen(&self) -> Seen {
        Seen::Number(*self)
    }
}

impl Observed for bool {
    fn seen(&self) -> Seen {
        Seen::Flag(*self)
    }
}

impl Observed for Option<i64> {
    fn seen(&self) -> Seen {
        self.map_or(Seen::Absent, Seen::Number)
    }
}

impl Observed for Result<i64, i64> {
    fn seen(&self) -> Seen {
        match *self {
            Ok(n) => Seen::Number(n),
            Err(n) => Seen::Refused(n),
        }
    }
}

impl<T: Observed> Observed for Poll<T> {
    fn seen(&self) -> Seen {
        match self {
            Self::Ready(value) => value.seen(),
            Self::Pending => Seen::Pending,
        }
    }
}
