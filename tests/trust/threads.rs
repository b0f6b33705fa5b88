//! On threads, others may come in wherever real threads let them.

use std::collections::BTreeSet;
use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Poll;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use selvedge::explore::{
    Actors, Arc, Explorer, Incomplete, Model, Outcome, Outcomes, Reduction, choose, spawn, timeout,
};
use selvedge::primitives::{self, Atomic as _, Cell as _, Primitives};

type Atomic = <Model as Primitives>::Atomic;
type Word = <Model as Primitives>::Cell;

fn word(name: &'static str, value: i64) -> Word {
    primitives::Cell::new(name, value)
}

fn panic(message: &str) -> Outcome {
    Outcome::Panic(message.to_owned())
}

/// An actor adds and panics; another must not see that it has added.
fn added_and_panicked(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let shared = Rc::new(<Atomic as primitives::Atomic>::new("x", 0));
    let x = Rc::clone(&shared);
    actors.spawn("A", async move {
        x.fetch_add(1, SeqCst);
        Model::yield_now().await;
        panic!("A");
    });
    actors.spawn("B", async move { assert!(shared.load(SeqCst) == 0, "B saw it") });
    || 0
}

#[test]
fn others_run_between_an_access_and_the_panic_after_it() {
    for explorer in [Explorer::opaque, Explorer::merging, Explorer::threads] {
        let findings = explorer().explore(added_and_panicked);
        findings.assert_outcomes([panic("A"), panic("B saw it")]);
        let witness = findings.witness(|outcome| *outcome == panic("B saw it"));
        let witness = witness.expect("it can be followed");
        let again = findings.replay(&witness.path).expect("it can be followed again");
        assert_eq!(again.outcome, panic("B saw it"));
    }
}

#[test]
fn an_invariant_that_an_access_breaks_is_broken_before_the_panic_that_follows() {
    let program = |actors: &mut Actors| {
        let shared = Rc::new(word("x", 0));
        let x = Rc::clone(&shared);
        actors.invariant("x is 0", move || shared.get() == 0);
        actors.spawn("A", async move {
            let own = word("own", 0);
            x.set(1);
            own.set(1);
            panic!("A");
        });
        || 0
    };
    // The first takes what is the actor's own for shared, and stops there too.
    for reduction in [Reduction::Opaque, Reduction::Merging, Reduction::Replicas] {
        let findings = Explorer::threads().reduction(reduction).explore(program);
        findings.assert_outcomes([Outcome::Violation("x is 0".to_owned())]);
    }
}

/// Where it does not panic it is stopped after its access all the same, and cannot be cancelled there.
#[test]
fn an_actor_that_panics_by_chance_is_explored_to_the_end() {
    let findings = Explorer::threads().explore(|actors| {
        let shared = Rc::new(word("x", 0));
        let [x, seen] = [Rc::clone(&shared), Rc::clone(&shared)];
        actors.spawn("reads", async move { _ = seen.get() });
        actors.spawn_cancellable("panics", async move {
            let panics = choose(2) == 0;
            x.set(2);
            assert!(!panics, "panics");
            Model::yield_now().await;
        });
        move || shared.get()
    });
    assert_eq!(findings.exploration().incomplete, None);
    assert_eq!(
        findings.exploration().outcomes(),
        BTreeSet::from([0.into(), 2.into(), panic("panics")])
    );
}

#[test]
fn a_child_may_run_before_its_parent_panics() {
    let findings = Explorer::threads().explore(|actors| {
        actors.spawn("parent", async {
            drop(spawn("child", async { panic!("child") }));
            panic!("parent");
        });
        || 0
    });
    findings.assert_outcomes([panic("child"), panic("parent")]);
}

/// Writes twice when it is dropped.
struct Writes(Rc<Word>);

impl Drop for Writes {
    fn drop(&mut self) {
        self.0.set(1);
        self.0.set(2);
    }
}

/// An actor catches a panic on whose way `dropped` goes; another reads the word.
fn catches(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let shared = Rc::new(word("w", 0));
    let (writes, seen) = (Writes(Rc::clone(&shared)), Rc::new(word("seen", 0)));
    let into = Rc::clone(&seen);
    actors.spawn("A", async move {
        let unwinding = catch_unwind(AssertUnwindSafe(|| {
            let _writes = writes;
            panic!("caught");
        }));
        assert!(unwinding.is_err());
    });
    actors.spawn("B", async move { into.set(shared.get()) });
    move || seen.get()
}

#[test]
fn a_caught_panic_on_whose_way_others_could_come_in_is_no_proof() {
    let actor = "A".to_owned();
    let findings = Explorer::threads().explore(catches);
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Unwinds { actor }));
    // Nobody can come in there on an event loop.
    Explorer::merging().explore(catches).assert_outcomes([0, 2].map(Outcome::from));
}

#[test]
fn a_panic_that_ends_the_program_may_drop_what_is_shared() {
    let findings = Explorer::threads().explore(|actors| {
        let word = Rc::new(word("w", 0));
        let writes = Writes(Rc::clone(&word));
        actors.spawn("A", async move {
            let _writes = writes;
            panic!("A");
        });
        actors.spawn("B", async move { assert!(word.get() < 1, "B") });
        || 0
    });
    findings.assert_outcomes([panic("A")]);
}

/// Polls `future` twice in a row; at which poll it was ready, 0 if at neither.
async fn polled_twice(future: impl Future<Output = ()>) -> i64 {
    let mut future = pin!(future);
    poll_fn(|context| {
        let ready_at = (1..=2).find(|_| future.as_mut().poll(context).is_ready());
        Poll::Ready(ready_at.unwrap_or(0))
    })
    .await
}

fn explored<F: Future<Output = i64> + 'static>(future: fn() -> F) -> Outcomes {
    let findings = Explorer::threads().explore(|actors| {
        let out = Rc::new(word("out", 0));
        let own = Rc::clone(&out);
        actors.spawn("A", async move { own.set(future().await) });
        move || out.get()
    });
    assert_eq!(findings.exploration().incomplete, None);
    findings.exploration().outcomes()
}

#[test]
fn time_may_be_over_between_two_looks_at_it() {
    let outcomes = explored(|| polled_twice(async { _ = timeout(pending::<()>()).await }));
    assert_eq!(outcomes, [0, 1, 2].map(Outcome::from).into());
}

#[test]
fn time_may_be_over_between_two_looks_of_a_combinator() {
    let outcomes = explored(|| {
        let mut all = FuturesUnordered::from_iter([timeout(pending::<()>())]);
        polled_twice(async move { _ = all.next().await })
    });
    assert_eq!(outcomes, [0, 1, 2].map(Outcome::from).into());
}

/// What two actors do with a reference each, which is all there are.
fn both<F: Future<Output = i64> + 'static>(body: fn(Arc<()>) -> F) -> Outcomes {
    let findings = Explorer::threads().explore(|actors| {
        let (shared, sum) = (Arc::new(()), Rc::new(<Atomic as primitives::Atomic>::new("sum", 0)));
        for name in ["left", "right"] {
            let (shared, sum) = (shared.clone(), Rc::clone(&sum));
            actors.spawn(name, async move {
                sum.fetch_add(body(shared).await, SeqCst);
            });
        }
        drop(shared);
        move || sum.load(SeqCst)
    });
    assert_eq!(findings.exploration().incomplete, None);
    findings.exploration().outcomes()
}

#[test]
fn one_of_several_gets_what_they_had_in_common() {
    let outcomes = both(|shared| async { i64::from(Arc::into_inner(shared).is_some()) });
    assert_eq!(outcomes, [1].map(Outcome::from).into());
}

#[test]
fn two_may_each_see_that_the_other_still_has_it() {
    let outcomes = both(|shared| async { i64::from(Arc::try_unwrap(shared).is_ok()) });
    assert_eq!(outcomes, [0, 1].map(Outcome::from).into());
    let outcomes = both(|mut shared| async move { i64::from(Arc::get_mut(&mut shared).is_some()) });
    assert_eq!(outcomes, [0, 1].map(Outcome::from).into());
    let outcomes = both(|shared| async move { Arc::strong_count(&shared) as i64 });
    assert_eq!(outcomes, [3, 4].map(Outcome::from).into());
}

#[test]
fn a_weak_reference_may_come_too_late() {
    let outcomes = both(|shared| async {
        let weak = Arc::downgrade(&shared);
        drop(shared);
        i64::from(weak.upgrade().is_some())
    });
    assert_eq!(outcomes, [0, 1, 2].map(Outcome::from).into());
}
