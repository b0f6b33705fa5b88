//! What may happen may also not: an actor is cancelled, or polled for nothing, only if it is.

use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use selvedge::explore::{Actors, Explorer, Model, Outcome, outcomes, timeout};
use selvedge::primitives::{Cell as _, Lock, Primitives};

type Mutex = <Model as Primitives>::Mutex;
type Word = <Model as Primitives>::Cell;

const EVERY: [fn() -> Explorer; 3] = [Explorer::opaque, Explorer::merging, Explorer::threads];

/// Two actors take two locks in opposite orders; the first may be cancelled.
fn opposite_orders(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (a, b) = (Rc::new(Mutex::new("a")), Rc::new(Mutex::new("b")));
    let both = |first: &Rc<Mutex>, second: &Rc<Mutex>| {
        let (first, second) = (Rc::clone(first), Rc::clone(second));
        async move {
            let _first = first.acquire().await;
            Model::yield_now().await;
            let _second = second.acquire().await;
        }
    };
    actors.spawn_cancellable("left", both(&a, &b));
    actors.spawn("right", both(&b, &a));
    || 0
}

#[test]
fn a_deadlock_that_a_cancellation_would_end_is_a_deadlock() {
    for explorer in EVERY {
        explorer().explore(opposite_orders).assert_outcomes([Outcome::from(0), Outcome::Deadlock]);
    }
}

#[test]
fn a_deadlock_that_a_cancellation_would_end_has_a_witness() {
    for explorer in EVERY {
        let findings = explorer().explore(opposite_orders);
        let witness =
            findings.witness(|outcome| *outcome == Outcome::Deadlock).expect("it was reached");
        assert_eq!(witness.switches, 2);
        assert!(!witness.to_string().contains("is cancelled"), "{witness}");
        let again = findings.replay(&witness.path).expect("it can be followed");
        assert_eq!(again.outcome, Outcome::Deadlock);
    }
}

#[test]
fn an_actor_that_waits_forever_is_cancelled_or_not() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors| {
            actors.spawn_cancellable("waiter", pending::<()>());
            || 0
        });
        findings.assert_outcomes([Outcome::from(0), Outcome::Deadlock]);
    }
}

#[test]
fn a_spurious_poll_is_nothing_to_rely_on() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors| {
            actors.allow_spurious_polls(1);
            let mut is_first = true;
            let second_poll = poll_fn(move |_| {
                if std::mem::take(&mut is_first) { Poll::Pending } else { Poll::Ready(()) }
            });
            actors.spawn("waiter", second_poll);
            || 0
        });
        findings.assert_outcomes([Outcome::from(0), Outcome::Deadlock]);
    }
}

#[test]
fn time_passes_where_nothing_else_can_happen() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors| {
            actors.spawn("waiter", async { assert!(timeout(pending::<()>()).await.is_err()) });
            || 0
        });
        findings.assert_outcomes([0]);
    }
}

#[test]
fn the_time_may_be_over_at_the_first_poll() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors| {
            let late = Rc::new(Word::new("late", 0));
            let out = Rc::clone(&late);
            actors.spawn("hurries", async move {
                out.set(i64::from(timeout(Model::yield_now()).await.is_err()));
            });
            move || late.get()
        });
        findings.assert_outcomes([0, 1]);
        let late = findings.witness(|outcome| *outcome == 1.into()).expect("it can be replayed");
        assert!(late.to_string().contains("times out"), "{late}");
    }
}

#[test]
fn an_actor_that_is_cancelled_before_its_first_poll_drops_what_it_was_given() {
    struct Leaves(Rc<Word>);

    impl Drop for Leaves {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }

    let program = |actors: &mut Actors| {
        let (word, polled) = (Rc::new(Word::new("word", 0)), Rc::new(Word::new("polled", 0)));
        let (leaves, first) = (Leaves(Rc::clone(&word)), Rc::clone(&polled));
        actors.spawn_cancellable("task", async move {
            first.set(10);
            drop(leaves);
        });
        let other = Rc::clone(&word);
        actors.spawn("other", async move { other.set(other.get() + 1) });
        move || polled.get() + word.get()
    };
    Explorer::opaque().explore(program).assert_outcomes([2, 12]);
    Explorer::merging().explore(program).assert_outcomes([2, 12]);
    // Its destructor reads and writes; the other may come in between.
    assert_eq!(
        Explorer::threads().explore(program).exploration().outcomes(),
        outcomes([1, 2, 11, 12])
    );
}
