//! Futures that one actor polls first and another polls on.
//!
//! A wake tells the actor that began the wait, and not the one that the future belongs to by now; so
//! does a timer that ends. Such programs are explored without merging.

use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use super::adversarial::{Counter, Flag, explore_each, finish, word};
use crate::explore::{Actors, Finish, Model, Outcome, outcomes, spawn, timeout};
use crate::observe::{self, Record};
use crate::primitives::{Atomic, BoundedQueue, Cell, Event, Oneshot, Primitives, Queue};

/// An actor asks, begins to wait for the reply and leaves that to a worker, which counts its polls.
pub(super) fn reply_for_a_worker(actors: &mut Actors) -> Finish {
    let (reply, result) = (Rc::new(Flag::new("reply")), word("result"));
    let (asked, out) = (Rc::clone(&reply), Rc::clone(&result));
    actors.spawn("asker", async move {
        let mut wait = Box::pin(timeout(async move { asked.wait().await }));
        if futures::poll!(&mut wait).is_ready() {
            return;
        }
        let worker = async move {
            let mut polls = 1;
            let in_time = std::future::poll_fn(|context| {
                let poll = wait.as_mut().poll(context);
                polls += i64::from(poll.is_pending());
                poll
            });
            let late = i64::from(in_time.await.is_err());
            out.set(10 * polls + late);
        };
        drop(spawn("worker", worker));
    });
    actors.spawn("replier", async move { reply.set() });
    finish(move || result.get())
}

#[test]
fn a_timeout_may_be_left_to_another_actor() {
    let [event_loop, _] = explore_each(reply_for_a_worker);
    assert!(event_loop.outcomes().is_superset(&outcomes([10, 11, 20, 21])));
}

type Waits = FuturesUnordered<LocalBoxFuture<'static, i64>>;

/// Two waits, begun where this is called. Two actors end them, and the last to do so sets the event
/// that comes with them.
fn two_waits(actors: &mut Actors) -> (Waits, Rc<Flag>) {
    let (all, ended) = (Rc::new(Flag::new("all")), Rc::new(<Counter as Atomic>::new("ended", 0)));
    let waits = Waits::new();
    for digit in [1, 2] {
        let event = Rc::new(Flag::new("event"));
        let waited = Rc::clone(&event);
        waits.push(Box::pin(async move {
            waited.wait().await;
            digit
        }));
        let (all, ended) = (Rc::clone(&all), Rc::clone(&ended));
        actors.spawn("setter", async move {
            event.set();
            if ended.fetch_add(1, SeqCst) == 1 {
                all.set();
            }
        });
    }
    (waits, all)
}

/// Waits for `all`, and gives back in which order the waits are found to be over.
async fn order(mut waits: Waits, all: Rc<Flag>) -> i64 {
    all.wait().await;
    10 * waits.next().await.unwrap_or(0) + waits.next().await.unwrap_or(0)
}

/// An actor begins two waits and leaves them to a worker.
pub(super) fn waits_for_a_worker(actors: &mut Actors) -> Finish {
    let (mut waits, all) = two_waits(actors);
    let result = word("result");
    let out = Rc::clone(&result);
    actors.spawn("asker", async move {
        let _ = futures::poll!(waits.next());
        drop(spawn("worker", async move { out.set(order(waits, all).await) }));
    });
    finish(move || result.get())
}

/// The waits are begun while the program is set up.
pub(super) fn waits_of_set_up(actors: &mut Actors) -> Finish {
    let (mut waits, all) = two_waits(actors);
    let result = word("result");
    let out = Rc::clone(&result);
    assert!(waits.next().now_or_never().is_none());
    actors.spawn("worker", async move { out.set(order(waits, all).await) });
    finish(move || result.get())
}

#[test]
fn waits_may_be_left_to_another_actor() {
    for program in [waits_for_a_worker, waits_of_set_up] {
        for exploration in explore_each(program) {
            assert!(exploration.outcomes().is_superset(&outcomes([12, 21])));
        }
    }
}

/// Waits for `event`; comes to `digit`.
fn wait_for(event: &Rc<Flag>, digit: i64) -> LocalBoxFuture<'static, i64> {
    let event = Rc::clone(event);
    async move {
        event.wait().await;
        digit
    }
    .boxed_local()
}

/// An actor begins a wait and leaves it to a worker, which waits for the same event itself.
fn wait_beside_another(actors: &mut Actors) -> Finish {
    let (event, result) = (Rc::new(Flag::new("event")), word("result"));
    let wait = |digit| wait_for(&event, digit);
    let (mut left, own, out) = (wait(1), wait(2), Rc::clone(&result));
    actors.spawn("asker", async move {
        if futures::poll!(&mut left).is_pending() {
            let worker = async move {
                let mut waits: Waits = [left, own].into_iter().collect();
                out.set(10 * waits.next().await.unwrap_or(0) + waits.next().await.unwrap_or(0));
            };
            drop(spawn("worker", worker));
        }
    });
    actors.spawn("bystander", wait(0).map(drop));
    actors.spawn("setter", async move { event.set() });
    finish(move || result.get())
}

#[test]
fn a_wait_that_was_left_to_an_actor_may_be_woken_after_its_own() {
    for exploration in explore_each(wait_beside_another) {
        assert_eq!(exploration.outcomes(), outcomes([0, 12, 21]));
    }
}

/// An actor polls a combinator with one wait; a worker adds another wait for the same event.
fn combinator_for_a_worker(actors: &mut Actors) -> Finish {
    let (event, result) = (Rc::new(Flag::new("event")), word("result"));
    let wait = |digit| wait_for(&event, digit);
    let (mut waits, added, out) = (Waits::new(), wait(2), Rc::clone(&result));
    waits.push(wait(1));
    actors.spawn("asker", async move {
        if futures::poll!(waits.next()).is_pending() {
            let worker = async move {
                waits.push(added);
                out.set(10 * waits.next().await.unwrap_or(0) + waits.next().await.unwrap_or(0));
            };
            drop(spawn("worker", worker));
        }
    });
    actors.spawn("setter", async move { event.set() });
    finish(move || result.get())
}

#[test]
fn a_combinator_that_was_left_to_an_actor_may_be_woken_in_any_order() {
    for exploration in explore_each(combinator_for_a_worker) {
        assert_eq!(exploration.outcomes(), outcomes([0, 12, 21]));
    }
}

/// Begins to receive from what is sent to later, by a future that is polled once.
type Begin = fn(&mut Actors) -> LocalBoxFuture<'static, i64>;

const RECEIVERS: [Begin; 3] = [
    |actors| {
        let queue = Rc::new(<Model as Primitives>::Queue::new("queue"));
        let sender = Rc::clone(&queue);
        actors.spawn("sender", async move { sender.send(1) });
        Box::pin(async move { queue.receive().await })
    },
    |actors| {
        let queue = Rc::new(<Model as Primitives>::BoundedQueue::new("queue", 1));
        let sender = Rc::clone(&queue);
        actors.spawn("sender", async move { sender.send(1).await });
        Box::pin(async move { queue.receive().await })
    },
    |actors| {
        let channel = Rc::new(<Model as Primitives>::Oneshot::new("channel"));
        let sender = Rc::clone(&channel);
        actors.spawn("sender", async move { sender.send(1) });
        Box::pin(async move { channel.receive().await })
    },
];

#[test]
fn what_begins_to_receive_may_be_left_to_another_actor() {
    for begin in RECEIVERS {
        let explorations = explore_each(|actors| {
            let (mut receive, result) = (begin(actors), word("result"));
            let out = Rc::clone(&result);
            actors.spawn("asker", async move {
                let _ = futures::poll!(&mut receive);
                drop(spawn("worker", async move { out.set(receive.await) }));
            });
            finish(move || result.get())
        });
        for exploration in explorations {
            // Where it was ready at once the worker polls it again, and panics.
            assert!(exploration.outcomes().contains(&Outcome::from(1)));
            assert_eq!(exploration.states, None);
        }
    }
}

/// Polls a future of a primitive twice, and drops it; how many waits of its actor have not ended after
/// each of that.
fn waits_of<F: Future>(begin: impl FnOnce() -> F) -> [u64; 3] {
    let record = Rc::new(Record::new(false, false, &Rc::default()));
    record.populate(std::iter::once(std::ptr::null()));
    let _entered = observe::enter(Rc::clone(&record), None, None);
    let waits = || record.view().actors[0].waits();
    record.enter(0, 0);
    let mut future = Box::pin(begin());
    let mut poll = || {
        let _ = future.as_mut().now_or_never();
        waits()
    };
    let polled = [poll(), poll()];
    drop(future);
    [polled[0], polled[1], waits()]
}

#[test]
fn a_wait_is_counted_once_until_it_is_over() {
    type Counts = fn() -> [u64; 3];
    let waits: [Counts; 4] = [
        || waits_of(|| async { Flag::new("event").wait().await }),
        || waits_of(|| async { <Model as Primitives>::Queue::new("queue").receive().await }),
        || waits_of(|| async { <Model as Primitives>::BoundedQueue::new("", 1).receive().await }),
        || waits_of(|| async { <Model as Primitives>::Oneshot::new("channel").receive().await }),
    ];
    for count in waits {
        assert_eq!(count(), [1, 1, 0]);
    }
}

#[test]
fn a_wait_that_is_over_is_not_counted() {
    let queue = <Model as Primitives>::Queue::new("queue");
    let polled = waits_of(|| async {
        queue.send(1);
        queue.receive().await;
        std::future::pending::<()>().await;
    });
    assert_eq!(polled, [0, 0, 0]);
}

#[test]
fn a_program_that_hands_no_wait_over_is_merged() {
    let [event_loop, threads] = explore_each(|actors| {
        let (mut waits, all) = two_waits(actors);
        let result = word("result");
        let out = Rc::clone(&result);
        actors.spawn("worker", async move {
            let _ = futures::poll!(waits.next());
            out.set(order(waits, all).await);
        });
        finish(move || result.get())
    });
    assert!(event_loop.states.is_some() && threads.states.is_some());
}
