//! # result-order
//!
//! Results are taken in the order in which they come, and used as if that were the order in which
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
//! channel of results, where the place of a result is taken for the place of its question.
//!
//! **The fix** is `join_all` (or `FuturesOrdered`, or `buffered`), which gives results in the order
//! of its inputs, whoever finishes first. One after the other is in order too, and waits for each
//! in turn. Where the order of completion is wanted, let each result say what it answers.
//!
//! That the results of Python's `gather` may vary in order, as the source below says, is refuted by
//! `join-all`, which makes the same promise as `gather`.

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
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

    /// Asks everyone at once and takes the results together.
    pub async fn ask_joined(&self) {
        self.keep(&join_all(self.questions()).await);
    }

    /// Asks everyone at once and takes each result as it comes.
    pub async fn ask_as_completed(&self) {
        let mut answers = self.questions().collect::<FuturesUnordered<_>>();
        let mut received = Vec::new();
        while let Some(answer) = answers.next().await {
            received.push(answer); // <- the race: whose answer comes next is not settled
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

    /// Keeps the results as the digits of a number, which tells any nine of them apart.
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

struct JoinAll;
struct AsCompleted;
struct Sequential;

impl<P: Primitives> Scenario<P> for JoinAll {
    type State = Servers<P>;
    fn roles(actors: usize) -> Vec<Role<Servers<P>>> {
        client_and_servers(actors, Servers::ask_joined)
    }
}

impl<P: Primitives> Scenario<P> for AsCompleted {
    type State = Servers<P>;
    fn roles(actors: usize) -> Vec<Role<Servers<P>>> {
        client_and_servers(actors, Servers::ask_as_completed)
    }
}

impl<P: Primitives> Scenario<P> for Sequential {
    type State = Servers<P>;
    fn roles(actors: usize) -> Vec<Role<Servers<P>>> {
        client_and_servers(actors, Servers::ask_in_turn)
    }
}

fn client_and_servers<P: Primitives>(
    servers: usize,
    client: impl AsyncFn(&Servers<P>) + Copy + 'static,
) -> Vec<Role<Servers<P>>> {
    let server = async |all: &Servers<P>, number| all.answer(number);
    vec![Role::one("client", client), Role::numbered("server", servers, server)]
}

fn in_the_order_asked(actors: usize) -> Outcomes {
    let numbers: Vec<_> = (1..=actors as i64).collect();
    outcomes([digits(&numbers)])
}

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
    summary: "results come in the order of completion, and are used as if in the order of asking",
    review: "a stream of results whose places are taken for the places of the questions",
    sources: &["Why Python async concurrency patterns fail (and how to fix them)"],
    variants: &[
        Variant::new::<AsCompleted>(
            "as-completed",
            "each result taken as it comes",
            in_the_order_asked,
            Reaches::everywhere(in_any_order),
        )
        .with_weak_memory_actors(2),
        Variant::new::<JoinAll>(
            "join-all",
            "all asked at once, the results in the order of the questions",
            in_the_order_asked,
            Reaches::everywhere(in_the_order_asked),
        )
        .unlike("as-completed")
        .with_weak_memory_actors(2),
        Variant::new::<Sequential>(
            "sequential",
            "each asked when the one before has answered",
            in_the_order_asked,
            Reaches::everywhere(in_the_order_asked),
        )
        .unlike("as-completed"),
    ],
};
