//! # message-passing
//!
//! Two actors ask for the next number of a sequence, and are given the same one.
//!
//! ```text
//!   actor 1          last number      actor 2
//!   get -> 0              0
//!                         0           get -> 0
//!                         1           set 1             its number is 1
//!   set 1                 1                             so is this one's
//! ```
//!
//! **In review, look for** a value that each of several actors reads before an `.await`, writes
//! after it, and then uses as if it were unique.
//!
//! **The fix** is to let one actor own the state and to send it the requests, each with the place
//! where the caller waits for the reply. The owner works on one request after the other, with the
//! same code as before and no lock: nobody else touches the state. The reply has to carry the
//! number: a caller that sent a request and then read the state might find what another was given.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Cell, Oneshot, Primitives, Queue};

/// A sequence of numbers, each to be given to one caller.
pub struct Sequence<P: Primitives> {
    last: P::Cell,
    requests: P::Queue,
    tickets: P::Atomic,
    replies: Vec<P::Oneshot>,
    given: Vec<P::Atomic>,
}

impl<P: Primitives> Sequence<P> {
    /// The next number, yielding between the read and the write.
    async fn next(&self) -> i64 {
        let next = self.last.get() + 1;
        P::yield_now().await;
        self.last.set(next); // <- the bug, without one owner: others may have this number too
        next
    }

    /// Takes the next number without asking an owner.
    pub async fn take(&self) {
        let number = self.next().await;
        self.keep(number);
    }

    /// Asks for the next number: the request is a ticket, which names where the reply goes.
    pub async fn request(&self) {
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        self.requests.send(ticket);
        let number = self.replies[ticket as usize].receive().await;
        self.keep(number);
    }

    /// Owns the sequence: answers one request of each caller, one after the other.
    pub async fn own(&self) {
        for _ in &self.replies {
            let ticket = self.requests.receive().await;
            let number = self.next().await;
            self.replies[ticket as usize].send(number);
        }
    }

    /// Notes that `number` was given. Panics unless it is one from 1 to the number of actors.
    fn keep(&self, number: i64) {
        self.given[number as usize - 1].fetch_add(1, Ordering::Relaxed);
    }
}

impl<P: Primitives> Shared for Sequence<P> {
    fn new(actors: usize) -> Self {
        Self {
            last: P::Cell::new("last number", 0),
            requests: P::Queue::new("requests"),
            tickets: P::Atomic::new("tickets", 0),
            replies: (0..callers(actors)).map(|_| P::Oneshot::new("reply")).collect(),
            given: (0..actors).map(|_| P::Atomic::new("given", 0)).collect(),
        }
    }

    /// How many different numbers the callers have.
    fn outcome(&self) -> Value {
        let given = self.given.iter().filter(|times| times.load(Ordering::Relaxed) > 0);
        (given.count() as i64).into()
    }
}

enum By {
    Everyone,
    Owner,
}

impl Program for By {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::Everyone => Cast::replicas("caller", n, Sequence::<P>::take),
            Self::Owner => {
                let owner = Role::one("owner", Sequence::<P>::own);
                Cast::new(n, [owner, Role::replicas("caller", callers(n), Sequence::request)])
            }
        }
    }
}

/// One actor owns the sequence, the others call.
fn callers(actors: usize) -> usize {
    actors - 1
}

fn a_number_each(actors: usize) -> Outcomes {
    outcomes([actors as i64])
}

fn a_number_each_but_the_owner(actors: usize) -> Outcomes {
    a_number_each(callers(actors))
}

/// From one number for all, if everyone reads before anyone writes, to a number each.
fn any_may_be_the_same(actors: usize) -> Outcomes {
    outcomes(1..=actors as i64)
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "message-passing",
    summary: "two actors ask for the next number of a sequence, and are given the same one",
    review: "a value that is read before an `.await`, written after it, and then used as if unique",
    sources: &[
        "Python asyncio race condition fix, Namit Jain, 2025",
        "Diagnosing Race Conditions in Async Python with asyncio Tasks, 2026",
    ],
    allowed: a_number_each,
    variants: &[
        Variant::racy(
            "shared",
            "each reads, awaits and writes for itself",
            &By::Everyone,
            any_may_be_the_same,
        ),
        Variant::safe(
            "actor",
            "one of the actors owns the state, and replies to the requests of the others",
            &By::Owner,
        )
        .allowing(a_number_each_but_the_owner)
        .unlike("shared")
        .with_weak_memory_actors(2),
    ],
};
