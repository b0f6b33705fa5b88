//! # unbounded-backlog
//!
//! A producer that never waits outruns its consumer, and what is not consumed yet grows for as long
//! as the producer goes on.
//!
//! ```text
//!   producer      queue     consumer
//!   send 0         0
//!   send 1         0 1
//!   send 2         0 1 2                           never made to wait; so on while memory lasts
//!                  1 2      receive -> 0
//!                  1 2      works on 0
//! ```
//!
//! **In review, look for** a queue without a capacity, or a task spawned for each request, where
//! nothing else limits how much is sent.
//!
//! **The fix** is a queue with a capacity: `send` becomes an `.await`, and whoever produces waits
//! until there is room. It is then ahead by the capacity at most, and by the item that the consumer
//! has in hand.
//!
//! Either queue delivers each item once and in order. There is one producer here; of many, each
//! would wait with an item in its own hand, so that their number has to be bounded too.

use std::sync::atomic::Ordering;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Cell, Primitives, Queue};

/// How many items wait in the bounded queue at most.
const CAPACITY: usize = 1;

/// The item that the consumer has taken and works on.
const IN_HAND: usize = 1;

/// What lies between the producer and the consumer.
pub trait Channel: 'static {
    /// An empty one.
    fn new() -> Self;
    /// Appends `item`, once there is room.
    fn send(&self, item: i64) -> impl Future<Output = ()>;
    /// Takes the oldest item, once there is one.
    fn receive(&self) -> impl Future<Output = i64>;
}

/// A queue that always has room.
pub struct Unlimited<P: Primitives>(P::Queue);

impl<P: Primitives> Channel for Unlimited<P> {
    fn new() -> Self {
        Self(P::Queue::new("queue"))
    }

    async fn send(&self, item: i64) {
        self.0.send(item); // <- the race: never waits, however far the producer is ahead
    }

    async fn receive(&self) -> i64 {
        self.0.receive().await
    }
}

/// A queue whose senders wait for room.
pub struct Limited<P: Primitives>(P::BoundedQueue);

impl<P: Primitives> Channel for Limited<P> {
    fn new() -> Self {
        Self(P::BoundedQueue::new("queue", CAPACITY))
    }

    async fn send(&self, item: i64) {
        self.0.send(item).await;
    }

    async fn receive(&self) -> i64 {
        self.0.receive().await
    }
}

/// A producer, a consumer, and how far the one is ahead of the other.
pub struct Pipeline<P: Primitives, C: Channel> {
    channel: C,
    items: i64,
    backlog: P::Cell,
    done_in_order: P::Atomic,
}

impl<P: Primitives, C: Channel> Pipeline<P, C> {
    /// Sends every item, and then notes how many of them the consumer is not done with.
    pub async fn produce(&self) {
        for item in 0..self.items {
            self.channel.send(item).await;
        }
        P::yield_now().await;
        self.backlog.set(self.items - self.done_in_order.fetch_add(0, Ordering::Relaxed));
    }

    /// Receives and works on every item, giving way in between.
    pub async fn consume(&self) {
        for expected in 0..self.items {
            let item = self.channel.receive().await;
            P::yield_now().await;
            self.done_in_order.fetch_add(i64::from(item == expected), Ordering::Relaxed);
        }
    }
}

impl<P: Primitives, C: Channel> Shared for Pipeline<P, C> {
    fn new(actors: usize) -> Self {
        Self {
            channel: C::new(),
            items: actors as i64,
            backlog: P::Cell::new("backlog", 0),
            done_in_order: P::Atomic::new("done in order", 0),
        }
    }

    /// How many items were not done when all had been sent, and how many were done in their turn.
    fn outcome(&self) -> Value {
        report(self.backlog.get(), self.done_in_order.load(Ordering::Relaxed))
    }
}

fn report(backlog: i64, done_in_order: i64) -> Value {
    [("backlog", backlog), ("done in order", done_in_order)].into()
}

struct Unbounded;
struct Bounded;

impl<P: Primitives> Scenario<P> for Unbounded {
    type State = Pipeline<P, Unlimited<P>>;
    fn roles(_actors: usize) -> Vec<Role<Self::State>> {
        both_ends()
    }
}

impl<P: Primitives> Scenario<P> for Bounded {
    type State = Pipeline<P, Limited<P>>;
    fn roles(_actors: usize) -> Vec<Role<Self::State>> {
        both_ends()
    }
}

fn both_ends<P: Primitives, C: Channel>() -> Vec<Role<Pipeline<P, C>>> {
    vec![Role::one("producer", Pipeline::produce), Role::one("consumer", Pipeline::consume)]
}

/// There are always two actors; what grows is how many items they exchange. Up to `most` of them
/// are not done when the last has been sent, and none in the end.
fn backlog_up_to(most: usize, items: usize) -> Outcomes {
    outcomes((0..=most.min(items)).map(|backlog| report(backlog as i64, items as i64)))
}

fn at_most_the_capacity(actors: usize) -> Outcomes {
    backlog_up_to(CAPACITY + IN_HAND, actors)
}

fn at_most_everything(actors: usize) -> Outcomes {
    backlog_up_to(actors, actors)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "unbounded-backlog",
    summary: "a producer that never waits outruns its consumer, and the queue between them grows",
    review: "a queue without a capacity, where nothing else limits how much is sent",
    sources: &[
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
        "Why Python async concurrency patterns fail (and how to fix them)",
    ],
    variants: &[
        Variant::new::<Unbounded>(
            "unbounded",
            "a queue that always has room",
            at_most_the_capacity,
            Reaches::everywhere(at_most_everything),
        ),
        Variant::new::<Bounded>(
            "bounded",
            "a queue of a fixed capacity, whose sender waits for room",
            at_most_the_capacity,
            Reaches::everywhere(at_most_the_capacity),
        )
        .unlike("unbounded")
        .with_weak_memory_actors(2),
    ],
};
