//! # cancelled-send
//!
//! A send that waits for room is given up at a deadline, and its message is gone: it had been moved
//! into the future that was dropped.
//!
//! ```text
//!   owner          queue   clock
//!   send b...        a
//!                    a     deadline
//!   drops the send   a                      b is neither sent nor kept
//! ```
//!
//! **In review, look for** a send to a bounded queue inside a timeout or a `select`, where the
//! message is given away before there is room for it.
//!
//! **The fix** is to wait for room alone and to give the message away only then: reserve, and send
//! without awaiting anything in between. Whoever gives up still has the message, and can keep it,
//! return it or report it. Tokio's `send_timeout` gives it back in its error, but only at its own
//! timeout: dropped by somebody else, it loses the message as well.

use std::pin::pin;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use futures::future::{Either, select};

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Event, Primitives, Slot};

/// Something that must not get lost: it has one owner at a time, and is not copied.
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
        let send = pin!(self.queue.send(message.into_item())); // <- the race: lost if dropped
        if let Either::Left(_) = select(send, pin!(self.deadline.wait())).await {
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends a message, if there is room for it by the deadline, and else keeps it.
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

    /// The deadline is over.
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

struct Send;
struct ReserveThenSend;

impl<P: Primitives> Scenario<P> for Send {
    type State = Outbox<P>;
    fn roles(actors: usize) -> Vec<Role<Outbox<P>>> {
        owners(actors, Outbox::send)
    }
}

impl<P: Primitives> Scenario<P> for ReserveThenSend {
    type State = Outbox<P>;
    fn roles(actors: usize) -> Vec<Role<Outbox<P>>> {
        owners(actors, Outbox::reserve_then_send)
    }
}

fn owners<P: Primitives>(
    actors: usize,
    send: impl AsyncFn(&Outbox<P>) + Copy + 'static,
) -> Vec<Role<Outbox<P>>> {
    vec![
        Role::replicas("owner", actors, send),
        Role::one("consumer", Outbox::consume),
        Role::one("clock", async |outbox: &Outbox<P>| outbox.expire()),
    ]
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
    variants: &[
        Variant::new::<Send>(
            "send",
            "give the message to a future that waits for room",
            all_sent_or_kept,
            Reaches::everywhere(none_kept),
        )
        .with_weak_memory_actors(1),
        Variant::new::<ReserveThenSend>(
            "reserve-then-send",
            "wait for room with the message in hand, and send it without waiting",
            all_sent_or_kept,
            Reaches::everywhere(all_sent_or_kept),
        )
        .unlike("send")
        .with_weak_memory_actors(1),
    ],
};
