//! A program that does not repeat itself is never proved.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt::Debug;
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering};

use selvedge::explore::{Actors, Explorer, Incomplete, select};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// Demands that the exploration either found all of `expected` or is inconclusive, and says by what.
#[track_caller]
fn is_noticed<F, V>(program: impl Fn(&mut Actors) -> F)
where
    F: FnOnce() -> V + 'static,
    V: Debug + 'static,
{
    let findings = Explorer::opaque().explore(program);
    let incomplete = &findings.exploration().incomplete;
    let is_noticed = matches!(
        incomplete,
        Some(Incomplete::Unrepeatable { .. } | Incomplete::Nondeterministic { .. })
    );
    assert!(is_noticed, "{incomplete:?}, {:?}", findings.exploration().outcomes());
}

/// A sender with an item for each of two channels, and a receiver that takes from either.
fn either<R, F>(actors: &mut Actors, receive: R) -> impl FnOnce() -> i64 + use<R, F>
where
    R: FnOnce(UnboundedReceiver<i64>, UnboundedReceiver<i64>) -> F,
    F: Future<Output = i64> + 'static,
{
    let (one, ones) = unbounded_channel();
    let (two, twos) = unbounded_channel();
    let first = Rc::new(Cell::new(0));
    let seen = Rc::clone(&first);
    let receive = receive(ones, twos);
    actors.spawn("sender", async move {
        // The receiver may have gone.
        let _ = one.send(1);
        let _ = two.send(2);
    });
    actors.spawn("receiver", async move { seen.set(receive.await) });
    move || first.get()
}

#[test]
fn a_select_that_begins_at_random_is_noticed() {
    is_noticed(|actors: &mut Actors| {
        either(actors, |mut ones, mut twos| async move {
            tokio::select! {
                Some(item) = ones.recv() => item,
                Some(item) = twos.recv() => item,
            }
        })
    });
}

#[test]
fn a_select_whose_beginning_is_a_choice_is_proved_with_every_order() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        either(actors, |mut ones, mut twos| async move {
            select! {
                Some(item) = ones.recv() => item,
                Some(item) = twos.recv() => { item }
            }
        })
    });
    findings.assert_outcomes([1, 2]);
}

#[test]
fn a_choosing_select_takes_conditions_and_an_else_as_tokios_does() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        either(actors, |mut ones, mut twos| async move {
            let is_open = false;
            select! {
                Some(item) = ones.recv(), if is_open => item,
                Some(item) = twos.recv(), if is_open => { item },
                else => 3,
            }
        })
    });
    findings.assert_outcomes([3]);
}

#[test]
fn the_order_of_a_hash_set_is_noticed() {
    is_noticed(|actors: &mut Actors| {
        let keys: HashSet<i64> = (0..16).collect();
        actors.spawn("reader", async {});
        move || *keys.iter().next().expect("there are keys")
    });
}

#[test]
fn a_counter_that_outlives_the_run_is_noticed() {
    static COUNTER: AtomicI64 = AtomicI64::new(0);
    thread_local! {
        static LOCAL: Cell<i64> = const { Cell::new(0) };
    }
    is_noticed(|actors: &mut Actors| {
        actors.spawn("counter", async {});
        || COUNTER.fetch_add(1, Ordering::Relaxed)
    });
    is_noticed(|actors: &mut Actors| {
        actors.spawn("counter", async {});
        || LOCAL.replace(LOCAL.get() + 1)
    });
    let outside = Rc::new(Cell::new(0));
    is_noticed(|actors: &mut Actors| {
        let kept = Rc::clone(&outside);
        actors.spawn("counter", async {});
        move || kept.replace(kept.get() + 1)
    });
}

#[test]
fn what_depends_on_an_address_is_noticed() {
    is_noticed(|actors: &mut Actors| {
        let object = Box::new(0_u64);
        actors.spawn("only", async {});
        move || std::ptr::from_ref(&*object).addr() as i64
    });
}

#[test]
fn a_program_that_repeats_itself_is_run_again_and_proved() {
    let runs = Cell::new(0);
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        runs.set(runs.get() + 1);
        actors.spawn("only", async {});
        || 7
    });
    findings.assert_outcomes([7]);
    assert!(runs.get() > 32, "run {} times", runs.get());
    assert_eq!(findings.exploration().executions, 1);
}
