//! What was found is never passed over.

use std::cell::Cell as StdCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Model, choose, spawn};
use selvedge::primitives::{Cell, Primitives};

type Word = <Model as Primitives>::Cell;

fn word(name: &'static str) -> Rc<Word> {
    Rc::new(Word::new(name, 0))
}

/// The message of an assertion that fails.
#[track_caller]
fn failure(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion should fail");
    panic.downcast_ref::<String>().expect("an assertion has a message").clone()
}

/// How many rounds an actor makes before it sees a signal, or four. Another actor may spawn, so that
/// the schedules are found without taking any object for private.
fn rounds(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (signal, rounds) = (word("signal"), word("rounds"));
    let (seen, counted) = (Rc::clone(&signal), Rc::clone(&rounds));
    actors.spawn("counter", async move {
        let own = Word::new("own", 0);
        let mut round = 0;
        while round < 4 {
            round += 1;
            own.get();
            if seen.get() == 1 {
                break;
            }
        }
        counted.set(round);
    });
    actors.spawn("signaller", async move { signal.set(1) });
    actors.spawn("parent", async {
        if choose(2) == 1 {
            drop(spawn("child", async {}));
        }
    });
    move || rounds.get()
}

#[test]
fn an_outcome_found_without_private_objects_has_a_witness_of_its_own() {
    let findings = Explorer::threads().explore(rounds);
    findings.assert_outcomes([1, 2, 3, 4]);
    for expected in 1..=4 {
        let witness = findings.witness(|outcome| *outcome == expected.into());
        let witness = witness.expect("every outcome that was found has a witness");
        assert_eq!(witness.outcome, expected.into());
        let again = findings.replay(&witness.path).expect("a witness can be replayed");
        assert_eq!((again.outcome, again.path), (witness.outcome, witness.path));
    }
}

#[test]
fn an_outcome_that_is_not_allowed_fails_the_assertion_in_its_world() {
    let findings = Explorer::threads().explore(rounds);
    let message = failure(|| findings.assert_outcomes([1, 3, 4]));
    assert!(message.starts_with("reached on threads, although not allowed: 2"), "{message}");
}

#[test]
fn an_outcome_whose_schedule_cannot_be_run_again_is_inconclusive_and_not_passed() {
    let run = StdCell::new(0);
    // The first run of all ends in 1, every other in 0.
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let outcome = i64::from(run.replace(run.get() + 1) == 0);
        actors.spawn("only", async {});
        move || outcome
    });
    let message = failure(|| findings.assert_outcomes([0]));
    assert!(message.starts_with("inconclusive on an event loop: 1 was reached"), "{message}");
    assert!(!message.contains('\n'), "{message}");
}
