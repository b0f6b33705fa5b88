//! # cancelled-send
//!
//! A send that waits for room is abandoned at a deadline, and its message is gone: it had been moved
//! into the future that was dropped.
//!
//! ```text
//!   owner          queue   clock
//!   send b...        a
//!                    a     deadline
//!   drops the send   a                      b is neither sent nor kept
//! ```
//!
//! **In review, look for** a send to a bounded queue inside a timeout or a `select`: the message is
//! moved before there is room for it.
//!
//! **The fix** is to wait for room alone and to move the message only then: reserve, and send without
//! awaiting anything in between. A sender that stops waiting still has the message, and can keep it,
//! return it or report it. Tokio's `send_timeout` returns it in its error, but only at its own timeout:
//! if the future is dropped, the message is lost as well.

use std::pin::pin;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use futures::future::{Either, select};

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Event, Primitives, Slot};

/// Something that must not get lost: it has one owner at a time, and cannot be copied.
struct Message(i64);

impl Message {
    fn into_item(self) -> i64 {
        self.0
    }
}

/// A full queue, which several actors send to until the deadline.
pub struct Outbox<P: Primitives> {
    queue: P::BoundedQueue,
    deadline: P::Event,
    sent: P::Atomic,
    kept: P::Atomic,
}

impl<P: Primitives> Outbox<P> {
    /// Sends a message, if there is room for it by the deadline.
    pub async fn send(&self) {
        let message = Message(1);
        let send = pin!(self.queue.send(message.into_item())); // <- the bug: lost if dropped
        if let Either::Left(_) = select(send, pin!(self.deadline.wait())).await {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends a message, if there is room for it by the deadline, and otherwise keeps it.
    pub async fn reserve_then_send(&self) {
        let message = Message(1);
        let reserve = pin!(self.queue.reserve());
        if let Either::Left((slot, _)) = select(reserve, pin!(self.deadline.wait())).await {
            slot.send(message.into_item());
            self.sent.fetch_add(1, Ordering::Relaxed);
        } else {
            self.kept.fetch_add(message.into_item(), Ordering::Relaxed);
        }
    }

    /// Makes room once.
    pub async fn consume(&self) {
        self.queue.receive().await;
    }

    /// Lets the deadline pass.
    pub fn expire(&self) {
        self.deadline.set();
    }
}

impl<P: Primitives> Shared for Outbox<P> {
    fn new(_actors: usize) -> Self {
        let queue = P::BoundedQueue::new("queue", 1);
        queue.send(0).now_or_never().expect("there is room");
        Self {
            queue,
            deadline: P::Event::new("deadline"),
            sent: P::Atomic::new("sent", 0),
            kept: P::Atomic::new("kept", 0),
        }
    }

    fn outcome(&self) -> Value {
        report(self.sent.load(Ordering::Relaxed), self.kept.load(Ordering::Relaxed))
    }
}

fn report(sent: i64, kept: i64) -> Value {
    [("sent", sent), ("kept", kept)].into()
}

enum By {
    Send,
    ReserveThenSend,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Send => owners(n, Outbox::<P>::send),
            Self::ReserveThenSend => owners(n, Outbox::<P>::reserve_then_send),
        }
    }
}

/// So many actors with a message each, room for one more, and the deadline.
fn owners<P: Primitives>(actors: usize, send: impl AsyncFn(&Outbox<P>) + Copy + 'static) -> Cast {
    let expire = async |outbox: &Outbox<P>| outbox.expire();
    Cast::new(
        actors,
        [
            Role::replicas("owner", actors, send),
            Role::one("consumer", Outbox::consume),
            Role::one("clock", expire),
        ],
    )
}

/// The consumer makes room for one, in time or not.
const SENT: [i64; 2] = [0, 1];

/// What was not sent is kept.
fn all_sent_or_kept(actors: usize) -> Outcomes {
    outcomes(SENT.map(|sent| report(sent, actors as i64 - sent)))
}

/// What was not sent is lost.
fn none_kept(_actors: usize) -> Outcomes {
    outcomes(SENT.map(|sent| report(sent, 0)))
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "cancelled-send",
    summary: "a send that waits for room is dropped at a deadline, and the message with it",
    review: "a send to a bounded queue inside a timeout or a `select`",
    sources: &[],
    allowed: all_sent_or_kept,
    variants: &[
        Variant::racy(
            "send",
            "move the message into a future that waits for room",
            &By::Send,
            none_kept,
        )
        .with_weak_memory_actors(1),
        Variant::safe(
            "reserve-then-send",
            "keep the message while waiting for room, then send it without waiting",
            &By::ReserveThenSend,
        )
        .unlike("send")
        .with_weak_memory_actors(1),
    ],
};
