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
//! **The fix** is to store the flag with `Release` and load it with `Acquire`: whoever loads what was
//! stored then sees all that was written before. The message itself may stay relaxed.
//!
//! The message is an atomic here, so that a wrong ordering gives a wrong value and not undefined
//! behaviour; in [`double_checked_init`](super::double_checked_init) it is plain memory, and the same
//! mistake is a data race. No schedule shows this where memory is sequentially consistent, and a test
//! on x86, which reorders neither two stores nor two loads, hardly will: only the compiler may do so.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{AcquireRelease, Orderings, Relaxed};
use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Primitives};

/// What the message says.
const MESSAGE: i64 = 42;

/// The flag once it is up.
const RAISED: i64 = 1;

/// One message, and a flag that says that it is there.
pub struct Mailbox<P: Primitives, O> {
    message: P::Atomic,
    flag: P::Atomic,
    received: P::Atomic,
    misread: P::Atomic,
    orderings: PhantomData<O>,
}

impl<P: Primitives, O: Orderings> Mailbox<P, O> {
    /// Fills in the message, and says so.
    pub fn publish(&self) {
        self.message.store(MESSAGE, Ordering::Relaxed);
        self.flag.store(RAISED, O::STORE); // <- the race: if relaxed, may be seen before the message
    }

    /// The message, if the flag says that it is there.
    pub fn look(&self) {
        if self.flag.load(O::LOAD) != RAISED {
            return;
        }
        let seen = self.message.load(Ordering::Relaxed);
        let count = if seen == MESSAGE { &self.received } else { &self.misread };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Primitives, O: Orderings> Shared for Mailbox<P, O> {
    fn new(_actors: usize) -> Self {
        Self {
            message: P::Atomic::new("message", 0),
            flag: P::Atomic::new("flag", 0),
            received: P::Atomic::new("received", 0),
            misread: P::Atomic::new("misread", 0),
            orderings: PhantomData,
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

struct Publication<O>(PhantomData<O>);

impl<P: Primitives, O: Orderings> Scenario<P> for Publication<O> {
    type State = Mailbox<P, O>;
    fn roles(actors: usize) -> Vec<Role<Mailbox<P, O>>> {
        vec![
            Role::one("writer", async |mailbox: &Mailbox<P, O>| mailbox.publish()),
            Role::replicas("reader", actors - 1, async |mailbox: &Mailbox<P, O>| mailbox.look()),
        ]
    }
}

/// Each reader comes too early or receives the message.
fn received_or_not_there_yet(actors: usize) -> Outcomes {
    outcomes((0..actors as i64).map(|received| readings(received, 0)))
}

/// Each reader comes too early, receives the message or misreads it, whatever the others do.
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
    variants: &[
        Variant::model_only::<Publication<Relaxed>>(
            "relaxed",
            "the flag stored and loaded relaxed",
            received_or_not_there_yet,
            Reaches::everywhere(received_or_not_there_yet)
                .on_weak_memory(received_or_misread)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        ),
        Variant::model_only::<Publication<AcquireRelease>>(
            "release-acquire",
            "the flag stored with release and loaded with acquire",
            received_or_not_there_yet,
            Reaches::everywhere(received_or_not_there_yet)
                .not_on_event_loop(super::ONE_THREAD_NEEDS_NO_ORDERING),
        )
        .guarded_by(&[Guard::Ordering]),
    ],
};
