//! # unbounded-backlog
//!
//! A producer that never waits outruns its consumer, and the backlog between them grows for as long
//! as the producer goes on.
//!
//! ```text
//!   producer      queue     consumer
//!   send 0         0
//!   send 1         0 1
//!   send 2         0 1 2                           never waits, and so on until memory runs out
//!                  1 2      receive -> 0
//!                  1 2      works on 0
//! ```
//!
//! **In review, look for** a queue without a capacity, or a task spawned for each request, where
//! nothing else limits how much is sent.
//!
//! **The fix** is a queue with a capacity: `send` becomes an `.await`, and the producer waits until
//! there is room. It is then ahead by at most the capacity and the one item in the consumer's hand.
//!
//! Either queue delivers each item once and in order. There is one producer here; of several, each
//! could wait with an item in hand, so that their number has to be bounded too.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, BoundedQueue, Cell, Primitives, Queue};

/// How many items wait in the bounded queue at most.
const CAPACITY: usize = 1;

/// The item that the consumer has taken and works on.
const IN_HAND: usize = 1;

/// What lies between the producer and the consumer.
#[derive(Clone, Copy)]
enum Through {
    /// A queue that always has room.
    Unbounded,
    /// A queue whose sender waits for room.
    Bounded,
}

/// Both queues, of which a variant uses one, and how far the producer is ahead of the consumer.
struct Pipeline<P: Primitives> {
    unbounded: P::Queue,
    bounded: P::BoundedQueue,
    items: i64,
    backlog: P::Cell,
    done_in_order: P::Atomic,
}

impl<P: Primitives> Pipeline<P> {
    /// Sends every item, and then notes how many of them the consumer is not done with.
    async fn produce(&self, through: Through) {
        for item in 0..self.items {
            self.send(through, item).await;
        }
        P::yield_now().await;
        self.backlog.set(self.items - self.done_in_order.fetch_add(0, Ordering::Relaxed));
    }

    /// Receives and works on every item, yielding in between.
    async fn consume(&self, through: Through) {
        for expected in 0..self.items {
            let item = self.receive(through).await;
            P::yield_now().await;
            self.done_in_order.fetch_add(i64::from(item == expected), Ordering::Relaxed);
        }
    }

    async fn send(&self, through: Through, item: i64) {
        match through {
            Through::Unbounded => self.unbounded.send(item), // <- the bug: the producer never waits
            Through::Bounded => self.bounded.send(item).await,
        }
    }

    async fn receive(&self, through: Through) -> i64 {
        match through {
            Through::Unbounded => self.unbounded.receive().await,
            Through::Bounded => self.bounded.receive().await,
        }
    }
}

impl<P: Primitives> Shared for Pipeline<P> {
    fn new(actors: usize) -> Self {
        Self {
            unbounded: P::Queue::new("queue"),
            bounded: P::BoundedQueue::new("bounded queue", CAPACITY),
            items: actors as i64,
            backlog: P::Cell::new("backlog", 0),
            done_in_order: P::Atomic::new("done in order", 0),
        }
    }

    /// How many items were not done when all had been sent, and how many were done in order.
    fn outcome(&self) -> Value {
        report(self.backlog.get(), self.done_in_order.load(Ordering::Relaxed))
    }
}

fn report(backlog: i64, done_in_order: i64) -> Value {
    [("backlog", backlog), ("done in order", done_in_order)].into()
}

impl Program for Through {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let through = *self;
        let producer = async move |pipeline: &Pipeline<P>| pipeline.produce(through).await;
        let consumer = async move |pipeline: &Pipeline<P>| pipeline.consume(through).await;
        Cast::new(n, [Role::one("producer", producer), Role::one("consumer", consumer)])
    }
}

/// There are always two actors; what grows is the number of items. When the last has been sent, up
/// to `most` of them are not done; in the end all are.
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
    allowed: at_most_the_capacity,
    variants: &[
        Variant::racy(
            "unbounded",
            "a queue that always has room",
            &Through::Unbounded,
            at_most_everything,
        ),
        Variant::safe(
            "bounded",
            "a queue of a fixed capacity, whose sender waits for room",
            &Through::Bounded,
        )
        .unlike("unbounded")
        .with_weak_memory_actors(2),
    ],
};
