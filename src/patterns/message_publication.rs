//! # message-publication
//!
//! A writer fills in a message and raises a flag; a reader sees the flag and not the message.
//!
//! ```text
//!   writer            message   flag    reader
//!   store message 42     42       0
//!   store flag 1         42       1
//!                        42       1     load flag -> 1
//!                        42       1     load message -> 0     the flag is seen, the message not yet
//! ```
//!
//! **In review, look for** a flag, index or pointer stored with `Relaxed` after the data that it
//! announces, or loaded with `Relaxed` before that data is read.
//!
//! **The fix** is to store the flag with `Release` and load it with `Acquire`: what follows a load that
//! reads the stored value then sees all that was written before the store. The message may stay relaxed.
//!
//! The message is an atomic here, so that a wrong ordering gives a wrong value and not undefined
//! behaviour; in [`double_checked_init`](super::double_checked_init) it is plain memory, and the same
//! mistake is a data race. No schedule shows the bug where memory is sequentially consistent, and a
//! test on x86 hardly will: it reorders neither two stores nor two loads, so only the compiler might.

use std::sync::atomic::Ordering;

use crate::catalogue::{AcquireRelease, Orderings, Relaxed};
use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Primitives};

/// What the message says.
const MESSAGE: i64 = 42;

/// The flag once it is raised.
const RAISED: i64 = 1;

/// One message, and a flag that says that it is there.
pub struct Mailbox<P: Primitives> {
    message: P::Atomic,
    flag: P::Atomic,
    received: P::Atomic,
    misread: P::Atomic,
}

impl<P: Primitives> Mailbox<P> {
    /// Fills in the message and raises the flag.
    pub fn publish<O: Orderings>(&self) {
        self.message.store(MESSAGE, Ordering::Relaxed);
        self.flag.store(RAISED, O::STORE); // <- the bug, if relaxed: may be seen before the message
    }

    /// Reads the message if the flag is raised, and counts whether it was there.
    pub fn read<O: Orderings>(&self) {
        if self.flag.load(O::LOAD) != RAISED {
            return;
        }
        let seen = self.message.load(Ordering::Relaxed);
        let count = if seen == MESSAGE { &self.received } else { &self.misread };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Primitives> Shared for Mailbox<P> {
    fn new(_actors: usize) -> Self {
        Self {
            message: P::Atomic::new("message", 0),
            flag: P::Atomic::new("flag", 0),
            received: P::Atomic::new("received", 0),
            misread: P::Atomic::new("misread", 0),
        }
    }

    fn outcome(&self) -> Value {
        let count = |count: &P::Atomic| count.load(Ordering::Relaxed);
        readings(count(&self.received), count(&self.misread))
    }
}

fn readings(received: i64, misread: i64) -> Value {
    [("received", received), ("misread", misread)].into()
}

enum Flag {
    Relaxed,
    ReleaseAcquire,
}

impl Program for Flag {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Relaxed => publication::<P, Relaxed>(n),
            Self::ReleaseAcquire => publication::<P, AcquireRelease>(n),
        }
    }
}

/// One actor writes, the others read.
fn publication<P: Primitives, O: Orderings>(actors: usize) -> Cast {
    let publish = async |mailbox: &Mailbox<P>| mailbox.publish::<O>();
    let read = async |mailbox: &Mailbox<P>| mailbox.read::<O>();
    Cast::new(actors, [Role::one("writer", publish), Role::replicas("reader", actors - 1, read)])
}

/// Each reader is too early or receives the message.
fn received_or_not_there_yet(actors: usize) -> Outcomes {
    outcomes((0..actors as i64).map(|received| readings(received, 0)))
}

/// Each reader is too early, receives the message or misreads it, whatever the others do.
fn received_or_misread(actors: usize) -> Outcomes {
    let readers = actors as i64 - 1;
    let split = |seen| (0..=seen).map(move |misread| readings(seen - misread, misread));
    outcomes((0..=readers).flat_map(split))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "message-publication",
    summary: "a flag says that a message is there, and the message is not visible yet",
    review: "a flag, index or pointer that announces other data, stored or loaded with `Relaxed`",
    sources: &[],
    allowed: received_or_not_there_yet,
    variants: &[
        Variant::safe("relaxed", "the flag stored and loaded relaxed", &Flag::Relaxed)
            .on_weak_memory(received_or_misread)
            .about_memory_ordering(),
        Variant::safe(
            "release-acquire",
            "the flag stored with release and loaded with acquire",
            &Flag::ReleaseAcquire,
        )
        .about_memory_ordering()
        .guarded_by(&[Guard::Ordering]),
    ],
};
