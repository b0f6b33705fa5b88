//! A reader's program keeps its own types.

use std::cell::{Cell, RefCell};
use std::panic;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use selvedge::explore::{
    Actors, Checked, Explorer, Findings, Model, Outcome, Returned, check, choose, spawn,
    spawn_fallible,
};
use selvedge::primitives::{Cell as _, Primitives};
use tokio::sync::{Mutex, Notify, oneshot};
use tokio::task::yield_now;

/// Two actors that each append their name to a log.
fn two_entries(actors: &mut Actors) -> impl FnOnce() -> Vec<&'static str> + use<> {
    let log = Rc::new(RefCell::new(Vec::new()));
    for name in ["left", "right"] {
        let log = Rc::clone(&log);
        actors.spawn(name, async move { log.borrow_mut().push(name) });
    }
    move || log.take()
}

/// What is to be asserted in several tests.
fn explored() -> Findings<'static> {
    Explorer::opaque().explore(two_entries)
}

#[test]
fn an_outcome_may_be_anything_that_can_be_printed() {
    explored().assert_outcomes([vec!["left", "right"], vec!["right", "left"]]);
}

#[test]
fn what_is_printed_alike_is_one_outcome() {
    #[derive(Debug)]
    struct Entries;

    Explorer::opaque()
        .explore(|actors| {
            let read = two_entries(actors);
            move || (read().len(), Entries)
        })
        .assert_outcomes([(2_u8, Entries)]);
}

#[test]
fn values_are_expected_beside_deadlocks_and_panics() {
    let findings = Explorer::opaque().explore(|actors| {
        let notify = Rc::new(Notify::new());
        let waiter = Rc::clone(&notify);
        actors.spawn("waiter", async move { waiter.notified().await });
        actors.spawn("notifier", async move {
            yield_now().await;
            notify.notify_waiters();
        });
        actors.spawn("critic", async move { assert!(choose(2) == 0, "unfair") });
        || Ok::<_, ()>(1)
    });
    let unfair = Outcome::Panic("unfair".to_owned());
    findings.assert_outcomes([Outcome::of(Ok::<_, ()>(1)), Outcome::Deadlock, unfair]);
}

#[test]
fn a_program_may_compute_nothing() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn("task", yield_now());
        || ()
    });
    findings.assert_outcomes([()]);
    assert_eq!(
        findings.exploration().outcomes().first().map(ToString::to_string),
        Some("done".into())
    );
}

#[test]
fn findings_can_be_printed() {
    let printed = format!("{:?}", explored());
    assert!(printed.contains("executions: 2") && printed.contains("left"), "{printed}");
}

type ModelCell = <Model as Primitives>::Cell;

/// One actor sets a cell twice, the other returns what it sees in it.
fn reader_of_a_cell(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let cell = Rc::new(ModelCell::new("cell", 0));
    let seen = Rc::clone(&cell);
    actors.spawn("writer", async move {
        cell.set(1);
        Model::yield_now().await;
        cell.set(2);
    });
    let seen = actors.spawn("reader", async move { seen.get() });
    move || seen.value()
}

#[test]
fn the_closure_that_judges_reads_what_an_actor_returned() {
    for explorer in [Explorer::opaque(), Explorer::merging(), Explorer::threads()] {
        explorer.explore(reader_of_a_cell).assert_outcomes([0, 1, 2]);
    }
}

#[test]
fn a_value_that_nobody_can_read_any_more_is_no_part_of_the_state() {
    let states = |is_read: bool| {
        let findings = Explorer::merging().explore(move |actors| {
            let cell = Rc::new(ModelCell::new("cell", 0));
            let readers = ["left", "right"].map(|name| {
                let seen = Rc::clone(&cell);
                actors.spawn(name, async move { seen.get() })
            });
            actors.spawn("writer", async move { cell.set(1) });
            let readers = is_read.then_some(readers);
            move || readers.map(|each| each.map(|it| it.value()))
        });
        findings.assert_only(|_| true);
        findings.exploration().states
    };
    assert!(states(false) < states(true), "{:?} {:?}", states(false), states(true));
}

#[test]
fn an_actor_that_was_cancelled_has_returned_nothing() {
    let program = |actors: &mut Actors| {
        let cell = Rc::new(ModelCell::new("cell", 0));
        let task = actors.spawn_cancellable("task", async move {
            cell.set(1);
            Model::yield_now().await;
        });
        actors.spawn("other", Model::yield_now());
        move || task.try_value()
    };
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        explorer.explore(program).assert_outcomes([None, Some(())]);
    }
}

#[test]
fn what_an_actor_returns_is_not_read_by_another() {
    let findings = Explorer::opaque().explore(|actors| {
        let first = actors.spawn("first", async { 1 });
        actors.spawn("second", async move { first.value() });
        || ()
    });
    findings.assert_only(|outcome| {
        matches!(outcome, Outcome::Panic(message) if message.contains("through a channel"))
    });
}

#[test]
fn a_value_whose_reader_is_gone_is_dropped_when_the_actor_returns() {
    let findings = Explorer::opaque().explore(|actors| {
        let (sender, receiver) = oneshot::channel::<()>();
        actors.spawn("sender", async move { sender });
        let message = actors.spawn("receiver", receiver);
        move || message.value().is_err()
    });
    findings.assert_outcomes([true]);
}

#[test]
fn a_value_that_is_still_to_be_read_is_kept() {
    let findings = Explorer::opaque().explore(|actors| {
        let (sender, receiver) = oneshot::channel::<()>();
        let sender = actors.spawn("sender", async move { sender });
        actors.spawn("receiver", receiver);
        move || sender.value().is_closed()
    });
    findings.assert_outcomes([Outcome::Deadlock]);
}

/// The rows of the cheapest witness, without their numbers.
fn rows<P, R, T>(explorer: &Explorer, program: P) -> String
where
    P: Fn(&'static mut Actors) -> R,
    R: FnOnce() -> T + 'static,
    T: std::fmt::Debug + 'static,
{
    let findings = explorer.explore(program);
    findings.witness(|_| true).expect("it ends").to_string()
}

#[test]
fn a_witness_says_what_each_actor_returned_that_somebody_can_read() {
    let text = rows(&Explorer::opaque(), |actors| {
        let sum = actors.spawn("adds", async { 2 + 3 });
        let name = actors.spawn("names", async { Some("a name") });
        actors.spawn("forgets", async { 6 });
        let silent = actors.spawn("is silent", async {});
        move || (sum.value(), name.value(), silent.value())
    });
    assert!(text.contains("returns 5") && text.contains("returns Some(\"a name\")"), "{text}");
    assert!(!text.contains("returns 6") && !text.contains("returns ()"), "{text}");
    assert_eq!(text.matches("runs to its end").count(), 2, "{text}");
}

#[test]
fn what_cannot_be_printed_says_only_that_its_actor_ended() {
    struct Secret;

    let text = rows(&Explorer::opaque(), |actors| {
        let secret = actors.spawn("keeps it", async { Secret });
        move || matches!(secret.value(), Secret)
    });
    assert!(text.contains("runs to its end") && !text.contains("returns"), "{text}");
}

#[test]
fn a_value_has_a_row_after_the_operations_that_led_to_it() {
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let text = rows(&explorer, |actors| {
            let cell = <Model as Primitives>::Cell::new("value", 7);
            let seen = actors.spawn("reads", async move { cell.get() });
            move || seen.value()
        });
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        assert!(place("get value -> 7") < place("returns 7"), "{text}");
    }
}

#[test]
fn a_witness_says_what_was_returned_to_who_asks_for_it() {
    let text = rows(&Explorer::opaque(), |actors| {
        actors.spawn("parent", async {
            drop(spawn("stray", async { 1 }));
            let child = spawn_fallible("child", async { Ok::<_, ()>(vec![2]) });
            child.await.expect("it returns");
        });
        || ()
    });
    assert!(text.contains("returns [2]") && !text.contains("returns 1"), "{text}");
}

#[test]
fn an_error_is_an_outcome_with_a_witness() {
    #[derive(Debug)]
    enum Refused {
        #[expect(dead_code, reason = "it is printed")]
        Overdrawn { by: i64 },
    }

    let program = |actors: &mut Actors| {
        let balance = Rc::new(Mutex::new(100));
        for name in ["alice", "bob"] {
            let balance = Rc::clone(&balance);
            actors.spawn_fallible(name, async move {
                let mut balance = balance.lock().await;
                *balance -= 80;
                if *balance < 0 { Err(Refused::Overdrawn { by: -*balance }) } else { Ok(()) }
            });
        }
        || ()
    };
    let error = Outcome::Error("Overdrawn { by: 60 }".to_owned());
    let findings = Explorer::opaque().explore(program);
    findings.assert_outcomes([error.clone()]);
    let witness = findings.witness(|outcome| *outcome == error).expect("it was reached");
    assert_eq!((witness.outcome.to_string(), witness.switches), (format!("{error}"), 1));
}

#[test]
fn an_error_ends_the_execution_on_threads_too() {
    let findings = Explorer::threads().explore(|actors| {
        let cell = Rc::new(ModelCell::new("cell", 0));
        let other = Rc::clone(&cell);
        let read = actors.spawn_fallible("reader", async move { Err::<i64, _>(cell.get()) });
        actors.spawn("writer", async move { other.set(1) });
        move || read.value()
    });
    findings.assert_outcomes([Outcome::Error("0".to_owned()), Outcome::Error("1".to_owned())]);
}

#[test]
fn an_error_of_a_child_ends_the_execution() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn("parent", async {
            let child =
                spawn_fallible("child", async { if choose(2) == 0 { Ok(1) } else { Err("no") } });
            assert_eq!(child.await.unwrap(), 1);
        });
        || ()
    });
    findings.assert_outcomes([Outcome::of(()), Outcome::Error("\"no\"".to_owned())]);
}

#[test]
fn names_may_be_made_up() {
    let findings = Explorer::merging().explore(|actors| {
        let cell = Rc::new(ModelCell::new("cell", 0));
        actors.invariant(format!("at most {}", 3), {
            let cell = Rc::clone(&cell);
            move || cell.get() <= 3
        });
        for number in 1..=2 {
            let cell = Rc::clone(&cell);
            actors.spawn(format!("worker {number}"), async move {
                let child = spawn(format!("child of {number}"), async move { cell.set(4) });
                child.await.unwrap();
            });
        }
        || ()
    });
    let broken = Outcome::Violation("at most 3".to_owned());
    findings.assert_outcomes([broken]);
    let witness = findings.witness(|_| true).expect("it is broken");
    assert_eq!(witness.actors, ["worker 1", "worker 2", "child of 1"]);
}

#[test]
fn a_check_passes_where_every_schedule_does() {
    check(|| async {
        let balance = Rc::new(Mutex::new(0));
        let other = Rc::clone(&balance);
        let child = spawn("other", async move { *other.lock().await += 1 });
        *balance.lock().await += 1;
        child.await.unwrap();
        assert_eq!(*balance.lock().await, 2);
    });
    check(|| async { Ok::<_, String>(()) });
}

/// What a check fails with.
fn failure<F: Future<Output: Checked> + 'static>(program: impl Fn() -> F) -> String {
    let failing = panic::catch_unwind(panic::AssertUnwindSafe(|| check(program)));
    let payload = failing.expect_err("this should fail");
    payload.downcast_ref::<String>().expect("a formatted message").clone()
}

#[test]
fn a_check_fails_at_a_panic_an_error_and_a_deadlock_and_prints_the_schedule() {
    let panic =
        failure(|| async { drop(spawn("child", async { assert!(choose(2) == 0, "odd") })) });
    assert!(panic.contains("although not allowed: panic: odd"), "{panic}");
    let error = failure(|| async { if choose(2) == 0 { Ok(()) } else { Err("odd") } });
    assert!(error.contains("although not allowed: error: \"odd\""), "{error}");
    let deadlock = failure(|| async { Notify::new().notified().await });
    assert!(deadlock.contains("although not allowed: deadlock"), "{deadlock}");
    for message in [panic, error, deadlock] {
        assert!(message.contains("SELVEDGE_REPLAY=") && message.contains("main"), "{message}");
    }
}

#[test]
fn a_check_stops_at_the_first_failure() {
    let runs = Cell::new(0);
    let message = failure(|| {
        runs.set(runs.get() + 1);
        async {
            let children = [(); 8].map(|()| spawn("child", yield_now()));
            for child in children {
                child.await.unwrap();
            }
            assert_eq!(choose(1), 1, "at the end of each of 16!/2^8 schedules and more");
        }
    });
    assert!(message.contains("at the end of each"), "{message}");
    assert!(runs.get() < 1_000_000, "{}", runs.get());
}

#[test]
fn a_check_whose_failure_cannot_be_repeated_says_what_may_be_the_cause() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let message = failure(|| async { assert_ne!(RUNS.fetch_add(1, Relaxed), 0, "the first") });
    assert!(message.contains("Likely causes: tokio's `select!`"), "{message}");
}

#[test]
fn a_check_that_is_inconclusive_fails() {
    let message = failure(|| async {
        tokio::spawn(yield_now());
    });
    assert!(message.contains("inconclusive") && message.contains("explore::spawn"), "{message}");
}

/// In edition 2024 what this returns may borrow from `actors`, and nothing here says that it does not.
fn named(actors: &mut Actors) -> impl FnOnce() -> i64 {
    let sum = [1, 2].map(|each| actors.spawn(format!("adds {each}"), async move { each }));
    move || sum.into_iter().map(Returned::value).sum()
}

#[test]
fn a_program_may_be_a_function_that_says_nothing_of_lifetimes() {
    Explorer::opaque().explore(named).assert_outcomes([3]);
}

#[test]
fn actors_cannot_be_added_once_the_program_has_returned() {
    let findings = Explorer::opaque().explore(|actors| {
        let late = Rc::new(Cell::new(None));
        let own = Rc::clone(&late);
        actors.spawn("task", async move {
            let actors: Option<&mut Actors> = own.take();
            actors.expect("it was left here").spawn("late", yield_now());
        });
        late.set(Some(actors));
        || ()
    });
    findings.assert_only(|outcome| {
        matches!(outcome, Outcome::Panic(message) if message.contains("by `explore::spawn`"))
    });
}
