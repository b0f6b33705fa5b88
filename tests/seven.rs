//! Seven programs of the kind that readers bring, on tokio's own types, each in fifteen lines at most.

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::catch_unwind;
use std::rc::Rc;

use selvedge::explore::{check, spawn, timeout};
use tokio::select;
use tokio::sync::{Mutex, Notify, RwLock, mpsc, oneshot};
use tokio::task::yield_now;

async fn latch_whose_future_is_created_before_the_check() {
    let latch = Rc::new((Cell::new(false), Notify::new()));
    for number in 1..=3 {
        let latch = latch.clone();
        spawn(format!("waiter {number}"), async move {
            let opened = latch.1.notified();
            if !latch.0.get() {
                opened.await;
            }
        });
    }
    yield_now().await;
    latch.0.set(true);
    latch.1.notify_waiters();
}

async fn latch_that_is_checked_before_the_future_is_created() {
    let latch = Rc::new((Cell::new(false), Notify::new()));
    let waiter = latch.clone();
    spawn("waiter", async move {
        if !waiter.0.get() {
            yield_now().await;
            waiter.1.notified().await; // <- the bug: it may have been opened since
        }
    });
    yield_now().await;
    latch.0.set(true);
    latch.1.notify_waiters();
}

async fn message_that_is_processed_in_a_branch_of_select() {
    let (sender, mut inbox) = mpsc::unbounded_channel();
    let (tick, ticked) = oneshot::channel::<()>();
    spawn("clock", async move { drop(tick) });
    spawn("sender", async move { sender.send("message") });
    let processed = Cell::new(0);
    let next = async {
        inbox.recv().await;
        yield_now().await; // <- the bug: dropped here, the message is lost
        processed.set(1);
    };
    select! { biased; _ = ticked => {} () = next => {} }
    processed.set(processed.get() + i32::from(inbox.recv().await.is_some()));
    assert_eq!(processed.get(), 1, "messages processed");
}

async fn message_that_is_sent_under_a_timeout() {
    let (sender, mut inbox) = mpsc::channel(1);
    for number in 1..=2 {
        let sender = sender.clone();
        spawn(format!("producer {number}"), async move {
            let _ = timeout(sender.send(number)).await; // <- the bug: too late, it is lost
        });
    }
    drop(sender);
    let mut received = 0;
    while inbox.recv().await.is_some() {
        received += 1;
    }
    assert_eq!(received, 2, "messages received");
}

async fn cache_that_is_read_and_filled_under_two_guards() {
    let cache = Rc::new((RwLock::new(HashMap::new()), Cell::new(0)));
    for number in 1..=2 {
        let cache = cache.clone();
        spawn(format!("client {number}"), async move {
            if !cache.0.read().await.contains_key("key") {
                cache.1.set(cache.1.get() + 1); // <- the bug: another may be fetching it
                yield_now().await;
                cache.0.write().await.insert("key", "value");
            }
            assert_eq!(cache.1.get(), 1, "fetches");
        });
    }
}

async fn waiter_that_counts_itself_by_hand() {
    let gate = Rc::new((Cell::new(0), Notify::new()));
    let shared = gate.clone();
    let waiter = spawn("waiter", async move {
        shared.0.set(shared.0.get() + 1);
        if timeout(shared.1.notified()).await.is_ok() {
            shared.0.set(shared.0.get() - 1); // <- the bug: too late, it still counts
        }
    });
    yield_now().await;
    gate.1.notify_one();
    waiter.await.unwrap();
    assert_eq!(gate.0.get(), 0, "waiters");
}

async fn guard_that_is_dropped_in_the_middle_of_an_update() {
    let accounts = Mutex::new((50, 50));
    let (cancel, cancelled) = oneshot::channel::<()>();
    spawn("client", async move { drop(cancel) });
    let transfer = async {
        let mut accounts = accounts.lock().await;
        accounts.0 -= 10;
        yield_now().await; // <- the bug: dropped here, half of it is done
        accounts.1 += 10;
    };
    select! { biased; _ = cancelled => {} () = transfer => {} }
    let (checking, savings) = *accounts.lock().await;
    assert_eq!(checking + savings, 100, "money");
}

/// Demands that some schedule of the program ends as said, and that it is printed.
#[track_caller]
fn fails<F: Future<Output = ()> + 'static>(program: fn() -> F, end: &str) {
    let payload = catch_unwind(|| check(program)).expect_err("it has a bug");
    let message = payload.downcast_ref::<String>().expect("a formatted message");
    assert!(message.contains(end) && message.contains("SELVEDGE_REPLAY="), "{message}");
}

#[test]
fn who_creates_the_future_before_the_check_misses_no_notification() {
    check(latch_whose_future_is_created_before_the_check);
}

#[test]
fn who_checks_before_creating_the_future_may_wait_forever() {
    fails(latch_that_is_checked_before_the_future_is_created, "deadlock");
}

#[test]
fn a_message_may_be_lost_in_a_branch_of_select() {
    fails(message_that_is_processed_in_a_branch_of_select, "messages processed");
}

#[test]
fn a_message_that_is_sent_under_a_timeout_may_be_lost() {
    fails(message_that_is_sent_under_a_timeout, "messages received");
}

#[test]
fn what_a_cache_keeps_may_be_fetched_twice() {
    fails(cache_that_is_read_and_filled_under_two_guards, "fetches");
}

#[test]
fn a_waiter_that_gives_up_may_be_counted_forever() {
    fails(waiter_that_counts_itself_by_hand, "waiters");
}

#[test]
fn a_guard_may_be_dropped_in_the_middle_of_an_update() {
    fails(guard_that_is_dropped_in_the_middle_of_an_update, "money");
}

#[test]
fn each_takes_fifteen_lines_at_most() {
    let source = include_str!("seven.rs");
    let programs = source.split("\nasync fn ").skip(1);
    let lines: Vec<_> = programs.filter_map(|it| it.split("\n}\n").next()).map(count).collect();
    assert!(lines.len() == 7 && lines.iter().all(|&lines| lines <= 15), "{lines:?}");
}

/// Lines of a function whose last brace is cut off.
fn count(function: &str) -> usize {
    function.lines().count() + 1
}
