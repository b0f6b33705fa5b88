//! What the explorer has to see and does not is refused.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Incomplete, Model, Outcome, Reduction, outcomes, spawn};
use selvedge::primitives::{Cell as _, Primitives};
use tokio::sync::{Mutex, Notify, oneshot};

type Word = <Model as Primitives>::Cell;

/// Explorers that have to see what is shared.
fn seeing() -> [Explorer; 4] {
    [
        Explorer::merging(),
        Explorer::threads(),
        Explorer::threads().reduction(Reduction::Opaque),
        Explorer::opaque().reduction(Reduction::Merging),
    ]
}

fn refusals<F: FnOnce() -> i64 + 'static>(program: fn(&mut Actors) -> F) -> [Option<String>; 4] {
    seeing().map(|explorer| {
        let findings = explorer.explore(program);
        findings.exploration().incomplete.as_ref().map(ToString::to_string)
    })
}

fn assert_refused<F: FnOnce() -> i64 + 'static>(program: fn(&mut Actors) -> F, reason: &str) {
    for refusal in refusals(program) {
        let refusal = refusal.expect("this must not be proved");
        assert!(refusal.starts_with(reason), "{refusal}");
        assert!(refusal.contains("Explorer::opaque"), "{refusal}");
    }
}

/// Two clients find 100 and take 80 each, with a yield between finding and taking.
fn two_withdrawals(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let balance = Rc::new(Cell::new(100));
    for name in ["left", "right"] {
        let balance = Rc::clone(&balance);
        actors.spawn(name, async move {
            if balance.get() >= 80 {
                Model::yield_now().await;
                balance.set(balance.get() - 80);
            }
        });
    }
    move || balance.get()
}

#[test]
fn actors_that_share_only_what_the_explorer_does_not_see_are_refused() {
    Explorer::opaque().explore(two_withdrawals).assert_outcomes([-60, 20]);
    assert_refused(two_withdrawals, "the actors share nothing that the explorer sees");
}

#[test]
fn one_actor_has_nobody_to_share_with() {
    for explorer in seeing() {
        let findings = explorer.explore(|actors| {
            actors.spawn("alone", Model::yield_now());
            || 0
        });
        findings.assert_outcomes([0]);
    }
}

/// The same on tokio's mutex, which is held across the yield; a word of the model is there too.
fn tokio_mutex(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (balance, seen) = (Rc::new(Mutex::new(100)), Rc::new(Word::new("seen", 0)));
    for name in ["left", "right"] {
        let (balance, seen) = (Rc::clone(&balance), Rc::clone(&seen));
        actors.spawn(name, async move {
            let mut balance = balance.lock().await;
            seen.set(seen.get() + *balance);
            Model::yield_now().await;
            *balance -= 80;
        });
    }
    move || seen.get()
}

#[test]
fn a_wake_that_no_primitive_announced_is_refused() {
    Explorer::opaque().explore(tokio_mutex).assert_outcomes([120]);
    for refusal in refusals(tokio_mutex) {
        let refusal = refusal.expect("this must not be proved");
        let waits = "waits for something that the explorer does not see";
        assert!(refusal.contains(waits), "{refusal}");
        assert!(refusal.starts_with("left") || refusal.starts_with("right"), "{refusal}");
    }
}

fn tokio_notify(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (notify, word) = (Rc::new(Notify::new()), Rc::new(Word::new("word", 0)));
    let w = Rc::clone(&word);
    actors.spawn("waiter", async move {
        notify.notified().await;
        w.set(1);
    });
    actors.spawn("other", async move { word.set(2) });
    || 0
}

#[test]
fn an_actor_left_waiting_for_what_is_not_seen_is_refused() {
    Explorer::opaque().explore(tokio_notify).assert_outcomes([Outcome::Deadlock]);
    assert_refused(tokio_notify, "waiter waits for something");
}

#[test]
fn an_actor_that_nobody_can_wake_is_a_deadlock() {
    for explorer in seeing() {
        let findings = explorer.explore(|actors| {
            let word = Rc::new(Word::new("word", 0));
            actors.spawn("stuck", pending::<()>());
            actors.spawn("other", async move { word.set(1) });
            || 0
        });
        findings.assert_outcomes([Outcome::Deadlock]);
    }
}

#[test]
fn what_an_actor_uses_alone_may_be_of_any_type() {
    for explorer in seeing() {
        let findings = explorer.explore(|actors| {
            let word = Rc::new(Word::new("word", 0));
            for name in ["left", "right"] {
                let word = Rc::clone(&word);
                actors.spawn(name, async move {
                    let (sender, receiver) = oneshot::channel();
                    let send = async {
                        Model::yield_now().await;
                        sender.send(1).expect("the receiver waits");
                    };
                    let (result, ()) = futures::join!(receiver, send);
                    word.set(result.expect("it was sent"));
                });
            }
            move || word.get()
        });
        findings.assert_outcomes([1]);
    }
}

#[test]
fn waiting_for_a_child_is_seen() {
    for explorer in seeing() {
        let findings = explorer.explore(|actors| {
            actors.spawn("parent", async {
                spawn("child", Model::yield_now()).await.unwrap();
                spawn("stuck", pending::<()>()).await.unwrap();
            });
            || 0
        });
        findings.assert_outcomes([Outcome::Deadlock]);
    }
}

#[test]
fn a_refusal_is_a_value() {
    let findings = Explorer::merging().explore(tokio_notify);
    let actor = "waiter".to_owned();
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Unseen { actor }));
}

/// A counter of the standard library beside a primitive that has nothing to do with it.
fn two_additions_beside_a_word(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (count, word) = (Rc::new(Cell::new(0)), Rc::new(Word::new("word", 0)));
    for name in ["left", "right"] {
        let (count, word) = (Rc::clone(&count), Rc::clone(&word));
        actors.spawn(name, async move {
            word.get();
            let found = count.get();
            Model::yield_now().await;
            count.set(found + 1);
        });
    }
    move || count.get()
}

#[test]
fn states_that_go_on_differently_were_not_one() {
    let program = two_additions_beside_a_word;
    Explorer::opaque().explore(program).assert_outcomes([1, 2]);
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let findings = explorer.explore(program);
        let exploration = findings.exploration();
        assert_eq!(exploration.incomplete, Some(Incomplete::HiddenState));
        assert_eq!(exploration.outcomes(), outcomes([1, 2]));
    }
}

#[test]
fn how_many_states_were_audited_is_said() {
    let findings = Explorer::merging().explore(two_additions_to_a_word);
    assert!(findings.exploration().audited > 0);
}

fn two_additions_to_a_word(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let word = Rc::new(Word::new("word", 0));
    for name in ["left", "right"] {
        let word = Rc::clone(&word);
        actors.spawn(name, async move { word.set(word.get() + 1) });
    }
    move || word.get()
}
