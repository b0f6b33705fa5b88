//! # dropped-receive
//!
//! A `select` drops a future that has already taken a message and is still waiting to pass it on: the
//! message is in no queue, and nobody has it.
//!
//! ```text
//!   forwarder             inbox     outbox   clock
//!                          b          a
//!   receive -> b           -          a
//!   send b...              -          a      tick
//!   drops that future      -          a                    b is gone
//! ```
//!
//! **In review, look for** a branch of a `select`, or a future under a timeout, that receives a
//! message and then awaits. That `receive` itself is cancel safe does not help: it has completed.
//!
//! **The fix** is to own the message outside of the future that may be dropped, as a cursor that
//! moves on only when the message has been dealt with; or to wait first for everything that is needed,
//! such as room in the next queue, and to await nothing once the message is taken.
//!
//! With a cursor, work that was cut short starts over, so what it had done by then must be safe to
//! repeat. Here that is waiting for room, which leaves nothing behind.

use std::pin::pin;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use futures::future::select;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Primitives, Queue, Slot};

/// Messages in an inbox, an outbox with room for all but the last, and ticks that interrupt the actor
/// that moves messages from one to the other.
pub struct Relay<P: Primitives> {
    inbox: P::Queue,
    outbox: P::BoundedQueue,
    ticks: P::Queue,
    messages: usize,
    passed_on: P::Atomic,
}

/// What the forwarder keeps when one of its futures is dropped.
pub struct Progress {
    left: usize,
    in_hand: Option<i64>,
}

impl<P: Primitives> Relay<P> {
    /// Passes every message on, and handles ticks meanwhile.
    async fn forward(&self, forward_next: impl AsyncFn(&Self, &mut Progress)) {
        let mut progress = Progress { left: self.messages, in_hand: None };
        while progress.left > 0 {
            // A tick drops `next` where it waits.
            let next = pin!(forward_next(self, &mut progress));
            select(next, pin!(self.ticks.receive())).await;
        }
    }

    /// Takes a message, then waits for room and passes it on.
    async fn process_after_receive(&self, progress: &mut Progress) {
        let message = self.inbox.receive().await;
        progress.left -= 1;
        self.outbox.send(message).await; // <- the bug: dropped here, it loses `message`
        self.passed_on.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a message unless one is in hand, waits for room and passes it on, and only then moves on.
    async fn advance_after_processing(&self, progress: &mut Progress) {
        let message = match progress.in_hand {
            Some(message) => message,
            None => *progress.in_hand.insert(self.inbox.receive().await),
        };
        self.outbox.send(message).await;
        progress.in_hand = None;
        progress.left -= 1;
        self.passed_on.fetch_add(1, Ordering::Relaxed);
    }

    /// Waits for room, then takes a message and passes it on.
    async fn reserve_before_receive(&self, progress: &mut Progress) {
        let slot = self.outbox.reserve().await;
        let message = self.inbox.receive().await;
        slot.send(message);
        progress.left -= 1;
        self.passed_on.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes room in the outbox once.
    pub async fn consume(&self) {
        self.outbox.receive().await;
    }

    /// Ticks once.
    pub fn tick(&self) {
        self.ticks.send(0);
    }
}

impl<P: Primitives> Shared for Relay<P> {
    fn new(actors: usize) -> Self {
        let outbox = P::BoundedQueue::new("outbox", actors);
        outbox.send(0).now_or_never().expect("there is room");
        let inbox = P::Queue::new("inbox");
        (1..=actors).for_each(|message| inbox.send(message as i64));
        Self {
            inbox,
            outbox,
            ticks: P::Queue::new("ticks"),
            messages: actors,
            passed_on: P::Atomic::new("passed on", 0),
        }
    }

    fn outcome(&self) -> Value {
        self.passed_on.load(Ordering::Relaxed).into()
    }
}

enum By {
    ProcessAfterReceive,
    CursorAfterProcessing,
    ReserveBeforeReceive,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::ProcessAfterReceive => interrupted(n, Relay::<P>::process_after_receive),
            Self::CursorAfterProcessing => interrupted(n, Relay::<P>::advance_after_processing),
            Self::ReserveBeforeReceive => interrupted(n, Relay::<P>::reserve_before_receive),
        }
    }
}

/// One forwarder, room for one more message, and one tick.
fn interrupted<P: Primitives>(
    messages: usize,
    forward_next: impl AsyncFn(&Relay<P>, &mut Progress) + Copy + 'static,
) -> Cast {
    let forward = async move |relay: &Relay<P>| relay.forward(forward_next).await;
    let tick = async |relay: &Relay<P>| relay.tick();
    Cast::new(
        messages,
        [
            Role::one("forwarder", forward),
            Role::one("consumer", Relay::consume),
            Role::one("clock", tick),
        ],
    )
}

/// There are always three actors; it is the number of messages that grows.
fn all_passed_on(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

/// There is room for every message but the last, which may be lost while it waits.
fn all_but_one_passed_on(actors: usize) -> Outcomes {
    outcomes([actors as i64 - 1, actors as i64])
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "dropped-receive",
    summary: "a select drops a future that has taken a message and not yet dealt with it",
    review: "a branch of a `select`, or a future under a timeout, that receives and then awaits",
    sources: &[],
    allowed: all_passed_on,
    variants: &[
        Variant::racy(
            "process-after-receive",
            "take a message, wait for room in the next queue, pass it on",
            &By::ProcessAfterReceive,
            all_but_one_passed_on,
        )
        .with_weak_memory_actors(1),
        Variant::safe(
            "cursor-after-processing",
            "keep the message outside of the future until it has been passed on",
            &By::CursorAfterProcessing,
        )
        .unlike("process-after-receive")
        .with_weak_memory_actors(1),
        Variant::safe(
            "reserve",
            "wait for room in the next queue, then take a message and pass it on without waiting",
            &By::ReserveBeforeReceive,
        )
        .unlike("process-after-receive")
        .with_weak_memory_actors(1),
    ],
};
