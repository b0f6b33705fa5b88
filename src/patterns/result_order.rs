//! # result-order
//!
//! Results are taken in the order in which they arrive, and used as if that were the order in which
//! they were asked for.
//!
//! ```text
//!   client                       server 1     server 2
//!   ask both
//!                                             answers
//!   next result -> 2's
//!                                answers
//!   next result -> 1's                                     asked 1, 2; got 2, 1
//! ```
//!
//! **In review, look for** `FuturesUnordered`, `buffer_unordered`, `JoinSet::join_next` or a
//! channel of results, where a result's position is taken for that of its question.
//!
//! **The fix** is `join_all` (or `FuturesOrdered`, or `buffered`), which gives results in the order
//! of its inputs, whichever finishes first. Asking one after the other keeps the order too, but the
//! waits add up. Where the order of completion is wanted, let each result say what it answers.
//!
//! That the results of Python's `gather` may vary in order, as the source below says, is refuted by
//! `join-all`, which makes the same promise as `gather`.

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;

use crate::catalogue::{Cast, Pattern, Program, Role, Shared, Variant};
use crate::explore::{Outcomes, Value, outcomes};
use crate::primitives::{Cell, Event, Primitives};

/// One server for each question.
pub struct Servers<P: Primitives> {
    answers: Vec<P::Event>,
    received: P::Cell,
}

impl<P: Primitives> Servers<P> {
    /// Asks server `number`, and waits for its answer, which is its number.
    async fn ask(&self, number: usize) -> i64 {
        self.answers[number - 1].wait().await;
        number as i64
    }

    fn questions(&self) -> impl Iterator<Item = impl Future<Output = i64>> {
        (1..=self.answers.len()).map(|number| self.ask(number))
    }

    /// Answers as server `number`, from 1. Panics if there is none of that number.
    pub fn answer(&self, number: usize) {
        self.answers[number - 1].set();
    }

    /// Asks all at once and takes the results together.
    pub async fn ask_joined(&self) {
        self.keep(&join_all(self.questions()).await);
    }

    /// Asks all at once and takes each result as it arrives.
    pub async fn ask_as_completed(&self) {
        let mut answers = self.questions().collect::<FuturesUnordered<_>>();
        let mut received = Vec::new();
        while let Some(answer) = answers.next().await {
            received.push(answer); // <- the bug: any server may be the next to answer
        }
        self.keep(&received);
    }

    /// Asks one after the other.
    pub async fn ask_in_turn(&self) {
        let mut received = Vec::new();
        for question in self.questions() {
            received.push(question.await);
        }
        self.keep(&received);
    }

    /// Keeps the results as the digits of one number, which is enough for nine servers.
    fn keep(&self, received: &[i64]) {
        self.received.set(digits(received));
    }
}

fn digits(numbers: &[i64]) -> i64 {
    numbers.iter().fold(0, |digits, number| digits * 10 + number)
}

impl<P: Primitives> Shared for Servers<P> {
    fn new(actors: usize) -> Self {
        Self {
            answers: (0..actors).map(|_| P::Event::new("answer")).collect(),
            received: P::Cell::new("received", 0),
        }
    }

    /// The results in the order in which the client has them.
    fn outcome(&self) -> Value {
        self.received.get().into()
    }
}

enum Client {
    AsCompleted,
    JoinAll,
    Sequential,
}

impl Program for Client {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        let client = match self {
            Self::AsCompleted => Role::one("client", Servers::<P>::ask_as_completed),
            Self::JoinAll => Role::one("client", Servers::<P>::ask_joined),
            Self::Sequential => Role::one("client", Servers::<P>::ask_in_turn),
        };
        let server = async |servers: &Servers<P>, number| servers.answer(number);
        Cast::new(n, [client, Role::numbered("server", n, server)])
    }
}

fn in_the_order_asked(actors: usize) -> Outcomes {
    let numbers: Vec<_> = (1..=actors as i64).collect();
    outcomes([digits(&numbers)])
}

/// The servers may answer in any order.
fn in_any_order(actors: usize) -> Outcomes {
    let mut orders = vec![vec![]];
    for number in 1..=actors as i64 {
        orders = orders.iter().flat_map(|order| inserted(order, number)).collect();
    }
    outcomes(orders.iter().map(|order| digits(order)))
}

/// `order` with `number` at each place.
fn inserted(order: &[i64], number: i64) -> Vec<Vec<i64>> {
    let at = |place: usize| [&order[..place], &[number], &order[place..]].concat();
    (0..=order.len()).map(at).collect()
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "result-order",
    summary: "results arrive in the order of completion, and are used as if in the order of asking",
    review: "a stream of results whose positions are taken for those of the questions",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    allowed: in_the_order_asked,
    variants: &[
        Variant::racy(
            "as-completed",
            "each result taken as it arrives",
            &Client::AsCompleted,
            in_any_order,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "join-all",
            "all asked at once, the results in the order of the questions",
            &Client::JoinAll,
        )
        .unlike("as-completed")
        .with_weak_memory_actors(2),
        Variant::safe(
            "sequential",
            "each asked when the one before has answered",
            &Client::Sequential,
        )
        .unlike("as-completed"),
    ],
};
