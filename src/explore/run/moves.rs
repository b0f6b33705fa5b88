//! What can happen next in an execution.

use crate::observe::sabotage::{Mistake, is_on};

/// One decision of a schedule that is not made inside a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Move {
    /// The actor takes a step.
    Step(usize),
    /// The actor is cancelled where it is suspended, or before its first step.
    Cancel(usize),
    /// The timeout of this number, in the order of their making, is over.
    Expire(usize),
    /// The actor is polled although nothing woke it.
    PollSpuriously(usize),
    /// The sleep of this number, in the order of their making, is over.
    Ring(usize),
}

/// How far the actor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Up to where it stops, or ends.
    Whole,
    /// Only to the end of its first access, although it would panic before its next: others may run
    /// in between.
    FirstAccess,
}

const FIRST_ACCESS: u32 = 1 << 31;
const KIND_SHIFT: u32 = 28;
const KINDS: u32 = 0b111;
const INDEX: u32 = (1 << KIND_SHIFT) - 1;

impl Move {
    /// Whether it happens if nothing else can. An actor that is ready is polled and time passes, but
    /// nobody has to cancel an actor, or poll it for nothing.
    pub(crate) fn is_certain(self) -> bool {
        match self {
            Self::Step(_) | Self::Expire(_) | Self::Ring(_) => true,
            Self::Cancel(_) | Self::PollSpuriously(_) => is_on(Mistake::MayTakenForWill),
        }
    }

    pub(crate) fn encode(self) -> u32 {
        let (kind, index) = match self {
            Self::Step(actor) => (0, actor),
            Self::Cancel(actor) => (1, actor),
            Self::Expire(timer) => (2, timer),
            Self::PollSpuriously(actor) => (3, actor),
            Self::Ring(sleep) => (4, sleep),
        };
        kind << KIND_SHIFT | index as u32
    }

    /// The same decision, except that the actor goes no further than its first access.
    pub(crate) fn shortened(code: u32) -> u32 {
        code | FIRST_ACCESS
    }

    pub(crate) fn extent(code: u32) -> Extent {
        if code & FIRST_ACCESS == 0 { Extent::Whole } else { Extent::FirstAccess }
    }

    pub(crate) fn decode(code: u32) -> Option<Self> {
        let index = (code & INDEX) as usize;
        match code >> KIND_SHIFT & KINDS {
            0 => Some(Self::Step(index)),
            1 => Some(Self::Cancel(index)),
            2 => Some(Self::Expire(index)),
            3 => Some(Self::PollSpuriously(index)),
            4 => Some(Self::Ring(index)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_survives_its_encoding() {
        let within = [Move::Step(9_999), Move::Cancel(3), Move::PollSpuriously(2)];
        let moves = within.into_iter().chain([Move::Expire(7), Move::Ring(8)]);
        for each in moves {
            let code = each.encode();
            assert_eq!((Move::decode(code), Move::extent(code)), (Some(each), Extent::Whole));
            let code = Move::shortened(code);
            assert_eq!((Move::decode(code), Move::extent(code)), (Some(each), Extent::FirstAccess));
        }
        assert_eq!(Move::decode(u32::MAX), None);
    }
}
