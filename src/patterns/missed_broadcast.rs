//! # missed-broadcast
//!
//! A client asks and then subscribes to the answers; by then its answer has been sent, to nobody.
//!
//! ```text
//!   client              answers         loader
//!   send request
//!                                       receive request
//!                                       send answer         nobody is subscribed
//!   subscribe
//!   receive...                                              nothing more will come
//! ```
//!
//! **In review, look for** a `subscribe()` that comes after what causes the message: a request, a
//! spawned task, a registration. A task that subscribes in its own body does so after its spawn: check
//! whether the sender waits for that.
//!
//! **The fix** is to subscribe first and cause the message afterwards. Or to keep the answer where
//! latecomers find it: in a watch channel, read with `wait_for`. For a latecomer `changed` is no fix:
//! the value that is there when it subscribes counts as seen, and it waits for the next.
//!
//! A subscriber gets what is sent from then on, as long as it lags no further behind than the capacity.

use std::sync::atomic::Ordering;

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Role, Shared, Variant, WithoutFutures};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{
    Atomic, Broadcast, BroadcastReceiver, Extended, Queue, Watch, WatchReceiver,
};

/// What is asked and what is answered.
const REQUEST: i64 = 1;
const NO_ANSWER: i64 = 0;
const ANSWER: i64 = 1;

/// A loader that collects the requests of all clients and answers them at once.
pub struct Loader<P: Extended> {
    requests: P::Queue,
    answers: P::Broadcast,
    answer: P::Watch,
    clients: usize,
    answered: P::Atomic,
}

impl<P: Extended> Loader<P> {
    /// When all have asked, answers those who are subscribed.
    pub async fn load_and_broadcast(&self) {
        self.collect().await;
        self.answers.send(ANSWER);
    }

    /// When all have asked, leaves the answer where everyone finds it.
    pub async fn load_and_keep(&self) {
        self.collect().await;
        self.answer.send(ANSWER);
    }

    /// Asks, then subscribes and waits for the answer.
    pub async fn ask_then_subscribe(&self) {
        self.ask().await;
        let mut answers = self.answers.subscribe(); // <- the bug: the answer may have been sent
        self.take(answers.receive().await);
    }

    /// Subscribes, then asks and waits for the answer.
    pub async fn subscribe_then_ask(&self) {
        let mut answers = self.answers.subscribe();
        self.ask().await;
        self.take(answers.receive().await);
    }

    /// Asks, then waits for the answer to change.
    pub async fn ask_then_wait_for_a_change(&self) {
        self.ask().await;
        let mut answer = self.answer.subscribe(); // <- the bug: an earlier answer counts as seen
        answer.changed().await;
        self.take(ANSWER);
    }

    /// Asks, then waits for an answer, which may already be there.
    pub async fn ask_then_wait_for_an_answer(&self) {
        self.ask().await;
        let answer = self.answer.subscribe();
        self.take(answer.wait_for(|answer| answer != NO_ANSWER).await);
    }

    /// Receives as many requests as there are clients.
    async fn collect(&self) {
        for _ in 0..self.clients {
            self.requests.receive().await;
        }
    }

    /// Sends the request and yields.
    async fn ask(&self) {
        self.requests.send(REQUEST);
        P::yield_now().await;
    }

    fn take(&self, answer: i64) {
        self.answered.fetch_add(answer, Ordering::Relaxed);
    }
}

impl<P: Extended> Shared for Loader<P> {
    fn new(actors: usize) -> Self {
        Self {
            requests: P::Queue::new("requests"),
            answers: P::Broadcast::new("answers", 1),
            answer: P::Watch::new("answer", NO_ANSWER),
            clients: clients(actors),
            answered: P::Atomic::new("answered", 0),
        }
    }

    /// How many clients have their answer.
    fn outcome(&self) -> Value {
        self.answered.load(Ordering::Relaxed).into()
    }
}

enum By {
    SubscribeAfterSend,
    SubscribeFirst,
    WatchForChange,
    WatchForValue,
}

impl ExtendedProgram for By {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        let broadcast = Loader::<P>::load_and_broadcast;
        let keep = Loader::<P>::load_and_keep;
        match self {
            Self::SubscribeAfterSend => one_loads(n, broadcast, Loader::ask_then_subscribe),
            Self::SubscribeFirst => one_loads(n, broadcast, Loader::subscribe_then_ask),
            Self::WatchForChange => one_loads(n, keep, Loader::ask_then_wait_for_a_change),
            Self::WatchForValue => one_loads(n, keep, Loader::ask_then_wait_for_an_answer),
        }
    }
}

/// One actor loads, the others ask.
fn one_loads<P: Extended>(
    actors: usize,
    load: impl AsyncFn(&Loader<P>) + Copy + 'static,
    ask: impl AsyncFn(&Loader<P>) + Copy + 'static,
) -> Cast {
    let loader = Role::one("loader", load);
    Cast::new(actors, [loader, Role::replicas("client", clients(actors), ask)])
}

fn clients(actors: usize) -> usize {
    actors - 1
}

fn everyone_answered(actors: usize) -> Outcomes {
    outcomes([clients(actors) as i64])
}

/// One client is enough: once the last has asked, the answer may be sent before it subscribes.
fn everyone_answered_or_somebody_waits(actors: usize) -> Outcomes {
    let mut reached = everyone_answered(actors);
    if clients(actors) > 0 {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "missed-broadcast",
    summary: "an answer is broadcast before the client that asked for it has subscribed",
    review: "a subscription that comes after what causes the message: a request, a spawned task",
    sources: &[],
    allowed: everyone_answered,
    variants: &[
        Variant::racy(
            "subscribe-after-send",
            "send the request, await, subscribe to a broadcast",
            &WithoutFutures(By::SubscribeAfterSend),
            everyone_answered_or_somebody_waits,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "subscribe-first",
            "subscribe to a broadcast, send the request, await",
            &WithoutFutures(By::SubscribeFirst),
        )
        .unlike("subscribe-after-send")
        .with_weak_memory_actors(2),
        Variant::racy(
            "watch-changed",
            "send the request, await, wait for a watched value to change",
            &WithoutFutures(By::WatchForChange),
            everyone_answered_or_somebody_waits,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "watch",
            "send the request, await, wait for a watched value to be there",
            &WithoutFutures(By::WatchForValue),
        )
        .unlike("watch-changed")
        .with_weak_memory_actors(2),
    ],
};
