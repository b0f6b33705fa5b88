//! A reader's program keeps its own types.

use std::cell::RefCell;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Findings, Outcome, choose};
use tokio::sync::Notify;
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
