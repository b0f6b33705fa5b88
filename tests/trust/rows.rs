//! Whatever decides how a schedule ends has a row in its witness, with its actor and its line.

use std::cell::Cell;
use std::fmt;
use std::panic::catch_unwind;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Model, Outcome, Witness, choose, note, spawn};
use selvedge::observe::{Aside, Event};
use selvedge::primitives::{Cell as _, Primitives};
use tokio::sync::Notify;
use tokio::task::yield_now;

/// The cheapest witness of an outcome.
#[track_caller]
fn witness<F: FnOnce() -> i64 + 'static>(
    program: impl Fn(&mut Actors) -> F,
    outcome: &Outcome,
) -> Witness {
    let findings = Explorer::opaque().explore(program);
    findings.witness(|reached| reached == outcome).expect("it is reached")
}

/// The only row of this kind: who it is of, and its line in this file.
#[track_caller]
fn row(witness: &Witness, is_wanted: impl Fn(&Aside) -> bool) -> (&str, Option<u32>) {
    let of_kind = |event: &&Event| event.aside.as_ref().is_some_and(&is_wanted);
    let mut rows = witness.events.iter().filter(of_kind);
    let row = rows.next().expect("it has a row");
    assert!(rows.next().is_none(), "{witness}");
    (&witness.actors[row.actor], row.place.as_ref().map(|place| place.line))
}

#[test]
fn a_choice_and_a_note_have_rows() {
    let program = |actors: &mut Actors| {
        let chosen = Rc::new(Cell::new(0));
        let inner = Rc::clone(&chosen);
        actors.spawn("task", async move {
            inner.set(choose(3));
            note(format_args!("chose {}", inner.get()));
        });
        move || chosen.get() as i64
    };
    let lines = (line!() - 5, line!() - 4);
    let witness = witness(program, &Outcome::from(2));
    let chooses = row(&witness, |it| *it == Aside::Chooses { chosen: 2, among: 3 });
    assert_eq!(chooses, ("task", Some(lines.0)));
    assert_eq!(row(&witness, |it| *it == Aside::Notes("chose 2".into())), ("task", Some(lines.1)));
    let text = witness.to_string();
    assert!(text.contains("chooses 2 of 0..3") && text.contains("notes: chose 2"), "{text}");
    assert!(text.ends_with("\noutcome  2\n"), "{text}");
}

/// Counts how often it is formatted.
struct Counting<'a>(&'a Cell<i64>);

impl fmt::Display for Counting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.set(self.0.get() + 1);
        f.write_str("counted")
    }
}

#[test]
fn a_note_is_made_where_a_run_is_logged_and_changes_nothing_that_is_found() {
    let noted = Rc::new(Cell::new(0));
    let counted = Rc::clone(&noted);
    let program = move |notes: bool| {
        let counted = Rc::clone(&counted);
        move |actors: &mut Actors| {
            let cell = Rc::new(<Model as Primitives>::Cell::new("cell", 0));
            for name in ["left", "right"] {
                let (cell, counted) = (Rc::clone(&cell), Rc::clone(&counted));
                actors.spawn(name, async move {
                    let seen = cell.get();
                    if notes {
                        note(Counting(&counted));
                    }
                    Model::yield_now().await;
                    cell.set(seen + 1);
                });
            }
            || 0
        }
    };
    let (silent, noting) =
        (Explorer::merging().explore(program(false)), Explorer::merging().explore(program(true)));
    assert_eq!(silent.exploration().states, noting.exploration().states);
    assert_eq!(silent.exploration().executions, noting.exploration().executions);
    assert_eq!(noted.get(), 0);
    noting.witness(|_| true).expect("it ends");
    assert_eq!(noted.get(), 2);
    note("nothing happens outside of an exploration");
}

#[test]
fn a_panic_has_a_row_of_its_actor() {
    let program = |actors: &mut Actors| {
        for name in ["calm", "unlucky"] {
            actors.spawn(name, async move { assert_eq!(name, "calm", "out of luck") });
        }
        || 0
    };
    let findings = Explorer::opaque().explore(program);
    let witness = findings.witness(|it| matches!(it, Outcome::Panic(_))).expect("it panics");
    let panics = row(&witness, |it| matches!(it, Aside::Panics(_)));
    assert_eq!(panics, ("unlucky", Some(line!() - 7)));
    assert!(witness.to_string().contains("out of luck"), "{witness}");
}

#[test]
fn a_panic_that_is_caught_has_a_row_too() {
    let program = |actors: &mut Actors| {
        actors.spawn("task", async {
            let _ = catch_unwind(|| panic!("caught"));
        });
        || 0
    };
    let line = line!() - 4;
    let witness = witness(program, &Outcome::from(0));
    let catches = row(&witness, |it| *it == Aside::Catches("caught".into()));
    assert_eq!(catches, ("task", Some(line)));
}

#[test]
fn a_broken_invariant_has_a_row_of_who_broke_it() {
    let program = |actors: &mut Actors| {
        let accounts = Rc::new((Cell::new(50), Cell::new(50)));
        let (left, right) = (Rc::clone(&accounts), Rc::clone(&accounts));
        actors.invariant("the sum is kept", move || left.0.get() + left.1.get() == 100);
        actors.spawn("idle", async {});
        actors.spawn("transfer", async move {
            right.0.set(40);
            yield_now().await;
            right.1.set(60);
        });
        || 0
    };
    let broken = Outcome::Violation("the sum is kept".to_owned());
    let witness = witness(program, &broken);
    assert_eq!(row(&witness, |it| *it == Aside::Breaks("the sum is kept".into())).0, "transfer");
    assert!(witness.to_string().contains("breaks the sum is kept"), "{witness}");
}

#[test]
fn a_poll_that_nothing_asked_for_has_a_row() {
    let program = |actors: &mut Actors| {
        actors.allow_spurious_polls(1);
        let polls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&polls);
        let waits = Notify::new();
        actors.spawn("task", async move {
            let mut notified = std::pin::pin!(waits.notified());
            std::future::poll_fn(move |context| {
                counted.set(counted.get() + 1);
                if counted.get() == 2 {
                    return std::task::Poll::Ready(());
                }
                notified.as_mut().poll(context)
            })
            .await;
        });
        move || polls.get()
    };
    let witness = witness(program, &Outcome::from(2));
    assert_eq!(row(&witness, |it| *it == Aside::IsPolledSpuriously).0, "task");
}

#[test]
fn actors_of_one_name_are_numbered_whoever_spawned_them() {
    let program = |actors: &mut Actors| {
        for _ in 0..2 {
            actors.spawn("worker", async {});
        }
        actors.spawn("boss", async { drop(spawn("worker", async {})) });
        || 0
    };
    let witness = witness(program, &Outcome::from(0));
    assert_eq!(witness.actors, ["worker 1", "worker 2", "boss", "worker 3"]);
}
