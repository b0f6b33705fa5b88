//! Sleeps go by a clock that stands still while anything else can happen.

use std::cell::RefCell;
use std::panic;
use std::rc::Rc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use selvedge::explore::{Actors, Explorer, Model, Outcome, sleep, spawn, timeout};
use selvedge::primitives::{Cell, Primitives};
use tokio::sync::Notify;
use tokio::task::yield_now;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What happened, in order.
type Log = Rc<RefCell<Vec<&'static str>>>;

/// The orders in which these are found to be over.
#[track_caller]
fn assert_orders<const N: usize>(
    program: impl Fn(&mut Actors, &Log),
    orders: [&[&'static str]; N],
) {
    let findings = Explorer::opaque().explore(|actors| {
        let log = Log::default();
        program(actors, &log);
        move || log.take()
    });
    findings.assert_outcomes(orders.map(<[_]>::to_vec));
}

/// An actor that sleeps so long and says so.
fn sleeper(actors: &mut Actors, log: &Log, name: &'static str, duration: Duration) {
    let log = Rc::clone(log);
    actors.spawn(name, async move {
        sleep(duration).await;
        log.borrow_mut().push(name);
    });
}

#[test]
fn sleeps_end_in_the_order_of_their_deadlines() {
    assert_orders(
        |actors, log| {
            sleeper(actors, log, "late", ms(30));
            sleeper(actors, log, "early", ms(10));
            let log = Rc::clone(log);
            actors.spawn("twice", async move {
                sleep(ms(10)).await;
                sleep(ms(10)).await;
                log.borrow_mut().push("twice");
            });
        },
        [&["early", "twice", "late"]],
    );
}

#[test]
fn those_of_one_deadline_end_in_every_order() {
    assert_orders(
        |actors, log| {
            sleeper(actors, log, "a", ms(10));
            sleeper(actors, log, "b", ms(10));
        },
        [&["a", "b"], &["b", "a"]],
    );
    // Also within one actor.
    assert_orders(
        |actors, log| {
            let log = Rc::clone(log);
            actors.spawn("both", async move {
                let nap = async |name| {
                    sleep(ms(10)).await;
                    name
                };
                let mut both: FuturesUnordered<_> = ["a", "b"].map(nap).into_iter().collect();
                while let Some(name) = both.next().await {
                    log.borrow_mut().push(name);
                }
            });
        },
        [&["a", "b"], &["b", "a"]],
    );
}

#[test]
fn time_stands_still_while_anybody_can_run() {
    assert_orders(
        |actors, log| {
            sleeper(actors, log, "sleeper", Duration::from_nanos(1));
            let log = Rc::clone(log);
            actors.spawn("runner", async move {
                for _ in 0..5 {
                    yield_now().await;
                }
                log.borrow_mut().push("runner");
            });
        },
        [&["runner", "sleeper"]],
    );
}

#[test]
fn a_deadline_counts_from_the_call_and_not_from_the_first_poll() {
    assert_orders(
        |actors, log| {
            sleeper(actors, log, "other", ms(25));
            let log = Rc::clone(log);
            actors.spawn("late", async move {
                let deadline = sleep(ms(20));
                sleep(ms(10)).await;
                deadline.await;
                log.borrow_mut().push("late");
            });
        },
        [&["late", "other"]],
    );
}

#[test]
fn no_time_is_over_at_once_and_all_time_never_overflows() {
    assert_orders(
        |actors, log| {
            sleeper(actors, log, "none", Duration::ZERO);
            let log = Rc::clone(log);
            actors.spawn("twice", async move {
                sleep(Duration::MAX).await;
                sleep(Duration::MAX).await;
                log.borrow_mut().push("twice");
            });
        },
        [&["none", "twice"]],
    );
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("only", sleep(Duration::ZERO));
        || ()
    });
    assert_eq!(findings.witness(|_| true).expect("it ends").path.len(), 1, "one step");
}

#[test]
fn an_actor_asleep_is_in_no_deadlock_and_what_waits_for_it_is_woken() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let notify = Rc::new(Notify::new());
        let waiter = Rc::clone(&notify);
        actors.spawn("waiter", async move { waiter.notified().await });
        actors.spawn("sleeper", async move {
            sleep(Duration::MAX).await;
            notify.notify_one();
        });
        || ()
    });
    findings.assert_outcomes([()]);
}

/// Whether a sleep was over before its timeout.
fn in_time(actors: &mut Actors) -> impl FnOnce() -> bool + use<> {
    let beside = <Model as Primitives>::Cell::new("beside", 0);
    actors.spawn("beside", async move { beside.set(1) });
    let is_over = actors.spawn("sleeper", async { timeout(sleep(ms(10))).await.is_ok() });
    move || is_over.value()
}

#[test]
fn a_timeout_may_be_over_before_the_sleep_or_not() {
    for explorer in [Explorer::opaque(), Explorer::merging(), Explorer::threads()] {
        explorer.explore(in_time).assert_outcomes([false, true]);
    }
}

#[test]
fn a_sleep_that_was_given_up_holds_nobody_up() {
    assert_orders(
        |actors, log| {
            let log = Rc::clone(log);
            actors.spawn("main", async move {
                drop(sleep(ms(5)));
                let (quick, slow) = (spawn("quick", sleep(ms(10))), spawn("slow", sleep(ms(20))));
                tokio::select! {
                    biased;
                    _ = slow => log.borrow_mut().push("slow"),
                    _ = quick => log.borrow_mut().push("quick"),
                }
            });
        },
        [&["quick"]],
    );
}

#[test]
fn a_witness_says_who_sleeps_how_long_and_when_that_is_over() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("sleeper", async {
            sleep(ms(10)).await;
            sleep(ms(5)).await;
        });
        || ()
    });
    let text = findings.witness(|_| true).expect("it ends").to_string();
    for part in ["sleeps 10ms", "wakes up at 10ms", "sleeps 5ms", "wakes up at 15ms", "sleep.rs:"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn outside_of_an_exploration_there_is_no_clock_to_sleep_by() {
    let panic = panic::catch_unwind(|| drop(sleep(ms(1)))).expect_err("there is no clock");
    let message = panic.downcast_ref::<String>().expect("a text");
    assert!(message.contains("may only be called in one"), "{message}");
}

/// Replicas that sleep for as long as each other and then take a number.
fn replicas(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let value = Rc::new(<Model as Primitives>::Cell::new("value", 0));
    let shared = Rc::clone(&value);
    actors.replicas("sleeper", 12, move || {
        let value = Rc::clone(&shared);
        async move {
            sleep(ms(1)).await;
            value.set(value.get() + 1);
        }
    });
    move || value.get()
}

#[test]
fn a_dozen_replicas_asleep_are_proved_by_merging() {
    let findings = Explorer::merging().explore(replicas);
    findings.assert_outcomes([12]);
    assert!(findings.exploration().states < Some(100), "{findings:?}");
}

#[test]
fn in_which_order_actors_are_told_takes_no_schedules_of_its_own() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        for number in 1..=4 {
            actors.spawn(format!("sleeper {number}"), sleep(ms(1)));
        }
        || ()
    });
    // Who falls asleep first, and who goes on first.
    assert_eq!(findings.exploration().executions, 24 * 24);
    assert!(findings.exploration().outcomes().contains(&Outcome::of(())));
}
