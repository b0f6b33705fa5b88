//! What becomes of actors that others have spawned, and may abort or ask for their panics.

use std::cell::Cell;
use std::rc::Rc;

use selvedge::explore::{
    Actors, Explorer, Incomplete, JoinHandle, Model, Outcome, Reduction, outcomes, spawn,
};
use selvedge::primitives::{Cell as _, Event as _, Primitives};
use tokio::task::yield_now;

type Word = <Model as Primitives>::Cell;
type Event = <Model as Primitives>::Event;

fn word() -> Rc<Word> {
    Rc::new(Word::new("word", 0))
}

fn panic(message: &str) -> Outcome {
    Outcome::Panic(message.to_owned())
}

fn everywhere() -> [Explorer; 3] {
    [Explorer::opaque(), Explorer::merging(), Explorer::threads()]
}

/// A child that panics if it comes late, and a parent that asks for it.
fn asked(actors: &mut Actors) -> impl FnOnce() -> &'static str + use<> {
    let word = word();
    let seen = Rc::clone(&word);
    let result = actors.spawn("parent", async move {
        let child = spawn("child", async move { assert!(seen.get() == 0, "late") });
        match child.await {
            Ok(()) => "in time",
            Err(error) => {
                assert!(error.is_panic() && !error.is_cancelled());
                assert_eq!(error.to_string(), "child panicked: late");
                "caught"
            }
        }
    });
    actors.spawn("other", async move { word.set(1) });
    move || result.value()
}

#[test]
fn a_panic_is_handed_to_whoever_awaits_the_handle() {
    for explorer in everywhere() {
        explorer.explore(asked).assert_outcomes(["in time", "caught"]);
    }
}

#[test]
fn a_panic_that_nobody_asks_for_is_an_outcome() {
    type Keep = Rc<Cell<Option<JoinHandle<()>>>>;
    let ways: [fn(JoinHandle<()>, &Keep); 2] = [
        |child, _| drop(child),
        |child, keep| {
            keep.set(Some(child));
        },
    ];
    for way in ways {
        for explorer in everywhere() {
            let findings = explorer.explore(move |actors| {
                let (word, keep) = (word(), Keep::default());
                let (seen, kept) = (Rc::clone(&word), Rc::clone(&keep));
                actors.spawn("parent", async move {
                    let child = spawn("child", async move { assert!(seen.get() == 0, "late") });
                    Model::yield_now().await;
                    way(child, &kept);
                });
                actors.spawn("other", async move { word.set(1) });
                move || drop(keep)
            });
            findings.assert_outcomes([Outcome::of(()), panic("late")]);
        }
    }
}

#[test]
fn others_come_in_before_a_thread_drops_the_handle_of_an_actor_that_panicked() {
    let program = |actors: &mut Actors| {
        let (word, event) = (word(), Rc::new(Event::new("event")));
        let seen = Rc::clone(&word);
        actors.spawn("parent", async move {
            let about_to = Rc::clone(&event);
            let child = spawn("child", async move {
                about_to.set();
                panic!("child");
            });
            event.wait().await;
            word.set(1);
            drop::<JoinHandle<()>>(child);
        });
        actors.spawn("other", async move { assert!(seen.get() == 0, "saw it") });
        || ()
    };
    for reduction in [Reduction::Opaque, Reduction::Replicas] {
        let findings = Explorer::threads().reduction(reduction).explore(program);
        findings.assert_outcomes([panic("child"), panic("saw it")]);
    }
}

/// A child of two steps that is aborted at some time.
fn aborted(actors: &mut Actors) -> impl FnOnce() -> (i64, bool) + use<> {
    let word = word();
    let own = Rc::clone(&word);
    let result = actors.spawn("parent", async move {
        let child = spawn("child", async move {
            own.set(1);
            Model::yield_now().await;
            own.set(2);
        });
        Model::yield_now().await;
        child.abort();
        child.await.is_err_and(|error| error.is_cancelled())
    });
    move || (word.get(), result.value())
}

#[test]
fn an_aborted_actor_is_dropped_at_its_next_step_and_one_that_has_ended_is_not() {
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        let findings = explorer.explore(aborted);
        findings.assert_outcomes([(0, true), (1, true), (2, false)]);
    }
}

#[test]
fn an_abort_on_threads_is_no_proof() {
    let findings = Explorer::threads().explore(aborted);
    let actor = "parent".to_owned();
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Aborts { actor }));
}

#[test]
fn what_an_aborted_actor_holds_is_dropped_before_its_parent_goes_on() {
    struct Sets(Rc<Word>);

    impl Drop for Sets {
        fn drop(&mut self) {
            self.0.set(1);
        }
    }

    let program = |actors: &mut Actors| {
        let word = word();
        let seen = actors.spawn("parent", async move {
            let sets = Sets(Rc::clone(&word));
            let child = spawn("child", async move {
                let _sets = sets;
                std::future::pending::<()>().await;
            });
            child.abort();
            let _ = child.await;
            word.get()
        });
        move || seen.value()
    };
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        explorer.explore(program).assert_outcomes([1]);
    }
}

#[test]
fn merging_loses_no_outcome_of_aborts() {
    let program = |actors: &mut Actors| {
        let word = word();
        let mut ends = Vec::new();
        for digit in [1, 10] {
            let word = Rc::clone(&word);
            ends.push(actors.spawn(format!("parent {digit}"), async move {
                let own = Rc::clone(&word);
                let child = spawn(format!("child {digit}"), async move {
                    let seen = own.get();
                    Model::yield_now().await;
                    own.set(seen + digit);
                    assert!(seen < 10, "too late");
                });
                if word.get() > 0 {
                    child.abort();
                }
                Model::yield_now().await;
                child.abort();
                word.set(word.get() + 100);
                child.await.map_err(|error| error.to_string())
            }));
        }
        move || (word.get(), ends.into_iter().map(|end| end.value()).collect::<Vec<_>>())
    };
    let merged = Explorer::merging().explore(program);
    let plain = Explorer::merging().reduction(Reduction::Opaque).explore(program);
    assert_eq!(merged.exploration().outcomes(), plain.exploration().outcomes());
    assert_eq!((&merged.exploration().incomplete, &plain.exploration().incomplete), (&None, &None));
    assert!(merged.exploration().outcomes().len() > 10, "{:?}", merged.exploration().outcomes());
}

#[test]
fn a_call_for_tokios_runtime_in_a_child_is_not_handed_on() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn("parent", async {
            let child = spawn("child", async { drop(tokio::spawn(async {})) });
            let _ = child.await;
        });
        || ()
    });
    assert_eq!(findings.exploration().outcomes(), outcomes::<Outcome>([]));
    assert!(matches!(findings.exploration().incomplete, Some(Incomplete::Runtime { .. })));
}

#[test]
fn an_abort_is_part_of_the_state_when_whoever_made_it_has_ended() {
    let program = |actors: &mut Actors| {
        let (word, ran) = (word(), word());
        let (other, result) = (Rc::clone(&word), Rc::clone(&ran));
        actors.spawn("parent", async move {
            let child = spawn("child", async move { ran.set(1) });
            Model::yield_now().await;
            if word.get() == 1 {
                child.abort();
            }
        });
        actors.spawn("other", async move { other.set(1) });
        move || result.get()
    };
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        explorer.explore(program).assert_outcomes([0, 1]);
    }
}

#[test]
fn the_panic_that_comes_first_is_the_outcome() {
    let [dropped, unwound]: [fn(JoinHandle<()>); 2] = [
        |child| {
            drop(child);
            panic!("parent");
        },
        |_child| panic!("parent"),
    ];
    for (way, end) in [(dropped, "child"), (unwound, "parent")] {
        let findings = Explorer::opaque().explore(move |actors| {
            actors.spawn("parent", async move {
                let child = spawn("child", async { panic!("child") });
                yield_now().await;
                yield_now().await;
                way(child);
            });
            || ()
        });
        // Where the child has not run yet, its parent is the first.
        let reached = [end, "parent"].map(panic);
        assert_eq!(findings.exploration().outcomes(), outcomes(reached));
    }
}
