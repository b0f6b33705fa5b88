//! # dropped-receive
//!
//! A `select` drops a future that has already taken a message and still awaits something to do with
//! it: the message is in no queue, and nobody has it.
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
//! message and then awaits. That `receive` itself is cancel safe does not help: it is over.
//!
//! **The fix** is to own the message outside of the future that may be dropped, as a cursor that
//! moves on only when the message has been dealt with; or to wait for everything that is needed
//! first, as for room in the next queue, and to await nothing once the message is taken.
//!
//! With a cursor, work that was cut short is done again from the start: what it had done by then must
//! bear being repeated. Here that is waiting for room, which leaves nothing behind.

use std::pin::pin;
use std::sync::atomic::Ordering;

use futures::FutureExt;
use futures::future::select;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Primitives, Queue, Slot};

/// Messages in an inbox, an outbox with room for all but the last, and somebody between the two who
/// is interrupted.
pub struct Relay<P: Primitives> {
    inbox: P::Queue,
    outbox: P::BoundedQueue,
    ticks: P::Queue,
    messages: usize,
    passed_on: P::Atomic,
}

/// What the forwarder has, whatever becomes of its futures.
pub struct Progress {
    left: usize,
    oldest: Option<i64>,
}

impl<P: Primitives> Relay<P> {
    /// Passes every message on, and attends to ticks meanwhile.
    async fn forward(&self, forward_next: impl AsyncFn(&Self, &mut Progress)) {
        let mut progress = Progress { left: self.messages, oldest: None };
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
        self.outbox.send(message).await; // <- the race: dropped in here, the message is lost
        self.passed_on.fetch_add(1, Ordering::Relaxed);
    }

    /// Looks at the oldest message, waits for room and passes it on, and only then moves on.
    async fn advance_after_processing(&self, progress: &mut Progress) {
        if progress.oldest.is_none() {
            progress.oldest = Some(self.inbox.receive().await);
        }
        if let Some(message) = progress.oldest {
            self.outbox.send(message).await;
        }
        progress.oldest = None;
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

    /// Makes room once.
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

struct ProcessAfterReceive;
struct CursorAfterProcessing;
struct Reserve;

impl<P: Primitives> Scenario<P> for ProcessAfterReceive {
    type State = Relay<P>;
    fn roles(_actors: usize) -> Vec<Role<Relay<P>>> {
        everyone(async |relay: &Relay<P>| relay.forward(Relay::process_after_receive).await)
    }
}

impl<P: Primitives> Scenario<P> for CursorAfterProcessing {
    type State = Relay<P>;
    fn roles(_actors: usize) -> Vec<Role<Relay<P>>> {
        everyone(async |relay: &Relay<P>| relay.forward(Relay::advance_after_processing).await)
    }
}

impl<P: Primitives> Scenario<P> for Reserve {
    type State = Relay<P>;
    fn roles(_actors: usize) -> Vec<Role<Relay<P>>> {
        everyone(async |relay: &Relay<P>| relay.forward(Relay::reserve_before_receive).await)
    }
}

fn everyone<P: Primitives>(
    forward: impl AsyncFn(&Relay<P>) + Copy + 'static,
) -> Vec<Role<Relay<P>>> {
    vec![
        Role::one("forwarder", forward),
        Role::one("consumer", Relay::consume),
        Role::one("clock", async |relay: &Relay<P>| relay.tick()),
    ]
}

/// There are always three actors; what grows is how many messages there are.
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
    variants: &[
        Variant::new::<ProcessAfterReceive>(
            "process-after-receive",
            "take a message, wait for room in the next queue, pass it on",
            all_passed_on,
            Reaches::everywhere(all_but_one_passed_on),
        )
        .with_weak_memory_actors(1),
        Variant::new::<CursorAfterProcessing>(
            "cursor-after-processing",
            "keep the message outside of the future until it has been passed on",
            all_passed_on,
            Reaches::everywhere(all_passed_on),
        )
        .unlike("process-after-receive")
        .with_weak_memory_actors(1),
        Variant::new::<Reserve>(
            "reserve",
            "wait for room in the next queue, then take a message and pass it on without waiting",
            all_passed_on,
            Reaches::everywhere(all_passed_on),
        )
        .unlike("process-after-receive")
        .with_weak_memory_actors(1),
    ],
};
