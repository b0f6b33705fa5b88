//! Programs whose actors spawn others, written to break the explorer.

use std::cell::Cell as Local;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use super::adversarial::{
    Counter, Flag, Mutex, OnDrop, WORLDS, Word, explore_each, finish, is_nondeterministic, word,
};
use crate::explore::run::panics::catching;
use crate::explore::{
    Actors, Explorer, Finish, Model, Outcome, Value, choose, outcomes, run_fifo, spawn,
};
use crate::primitives::{Abort, Atomic, Cell, Event, Extended, Lock, Primitives};

fn counter(name: &'static str) -> Rc<Counter> {
    Rc::new(Atomic::new(name, 0))
}

#[test]
fn a_child_may_run_before_the_next_access_of_its_parent() {
    let [event_loop, threads] = explore_each(|actors| {
        let (word, result) = (word("word"), word("result"));
        let out = result.clone();
        actors.spawn("parent", async move {
            let child = word.clone();
            drop(spawn("child", async move { child.set(1) }));
            out.set(word.get());
        });
        finish(move || result.get())
    });
    assert_eq!(event_loop.outcomes(), outcomes([0]));
    assert_eq!(threads.outcomes(), outcomes([0, 1]));
}

/// Two children make the same observations, and do not do the same once both are there.
pub(super) fn children_that_draw(actors: &mut Actors) -> Finish {
    let (parents, turn, result) = (counter("parents"), counter("turn"), word("result"));
    let both = Rc::new(Flag::new("both"));
    for digit in [1, 2] {
        let (parents, turn, result) = (parents.clone(), turn.clone(), result.clone());
        let (both, all) = (both.clone(), both.clone());
        actors.spawn("parent", async move {
            let child = async move {
                let drawn = turn.fetch_add(1, SeqCst);
                both.wait().await;
                if drawn == 0 {
                    result.set(digit);
                }
            };
            drop(spawn("child", child));
            if parents.fetch_add(1, SeqCst) == 1 {
                all.set();
            }
        });
    }
    finish(move || result.get())
}

#[test]
fn children_are_told_apart_whatever_the_order_they_were_spawned_in() {
    for exploration in explore_each(children_that_draw) {
        assert_eq!(exploration.outcomes(), outcomes([1, 2]));
    }
}

/// What the child does depends on what its parent saw before it ended.
pub(super) fn child_of_a_reader(actors: &mut Actors) -> Finish {
    let (word, result) = (word("word"), word("result"));
    let (w, out) = (word.clone(), result.clone());
    actors.spawn("parent", async move {
        let seen = w.get();
        drop(spawn("child", async move { out.set(10 + seen) }));
    });
    actors.spawn("writer", async move {
        word.set(1);
        Model::yield_now().await;
        word.set(0);
    });
    finish(move || result.get())
}

#[test]
fn what_its_parent_knew_belongs_to_a_child() {
    for exploration in explore_each(child_of_a_reader) {
        assert_eq!(exploration.outcomes(), outcomes([10, 11]));
    }
}

#[test]
fn what_a_child_came_to_is_part_of_the_state_until_it_is_asked_for() {
    for exploration in explore_each(|actors| {
        let (word, go, result) = (word("word"), Rc::new(Flag::new("go")), word("result"));
        let (w, g, out) = (word.clone(), go.clone(), result.clone());
        actors.spawn("parent", async move {
            let child = spawn("child", async move { w.get() });
            g.wait().await;
            out.set(10 + child.await.unwrap());
        });
        actors.spawn("writer", async move {
            Model::yield_now().await;
            word.set(1);
            Model::yield_now().await;
            word.set(0);
            Model::yield_now().await;
            go.set();
        });
        finish(move || result.get())
    }) {
        assert_eq!(exploration.outcomes(), outcomes([10, 11]));
    }
}

#[test]
fn what_an_actor_made_for_itself_it_may_share_with_a_child() {
    let [_, threads] = explore_each(|actors| {
        let result = word("result");
        let out = result.clone();
        actors.spawn("parent", async move {
            let own = word("own");
            own.set(1);
            let shared = own.clone();
            let child = spawn("child", async move { shared.get() });
            own.set(2);
            own.set(3);
            out.set(child.await.unwrap());
        });
        finish(move || result.get())
    });
    assert_eq!(threads.outcomes(), outcomes([1, 2, 3]));
}

/// Each replica hands its child what it has drawn.
fn replicas_with_children(actors: &mut Actors) -> Finish {
    let (turn, log) = (counter("turn"), counter("log"));
    let shared = log.clone();
    actors.replicas("replica", 2, move || {
        let (turn, log) = (turn.clone(), shared.clone());
        async move {
            let drawn = 1 + turn.fetch_add(1, SeqCst);
            let child = log.clone();
            let add = async move {
                child.fetch_add(9 * child.load(SeqCst) + drawn, SeqCst);
            };
            spawn("child", add).await.unwrap();
            log.fetch_add(100 * drawn, SeqCst);
        }
    });
    finish(move || log.load(SeqCst))
}

#[test]
fn replicas_may_spawn() {
    let [event_loop, threads] = explore_each(replicas_with_children);
    assert!(event_loop.outcomes().is_superset(&outcomes([312, 321])));
    assert!(threads.outcomes().is_superset(&event_loop.outcomes()));
}

#[test]
fn children_may_spawn_and_be_waited_for_in_any_order() {
    for exploration in explore_each(|actors| {
        let log = counter("log");
        let out = log.clone();
        actors.spawn("first", async move {
            let second = spawn("second", async {
                let third =
                    spawn("third", async { spawn("fourth", async { 1 }).await.unwrap() + 10 });
                let other = spawn("third", async { 100 });
                other.await.unwrap() + third.await.unwrap()
            });
            out.fetch_add(second.await.unwrap(), SeqCst);
        });
        finish(move || log.load(SeqCst))
    }) {
        assert_eq!(exploration.outcomes(), outcomes([111]));
    }
}

#[test]
fn a_child_whose_handle_is_dropped_goes_on_and_has_to_end() {
    for exploration in explore_each(|actors| {
        let (word, abort) = (word("word"), Rc::new(<Model as Primitives>::Abort::new("abort")));
        let (w, a) = (word.clone(), abort.clone());
        actors.spawn("parent", async move {
            let child = async move {
                Model::yield_now().await;
                w.set(1);
            };
            let _ = a.run(async move { spawn("child", child).await }).await;
        });
        actors.spawn("canceller", async move { abort.abort() });
        finish(move || word.get())
    }) {
        // Where the parent is cancelled first there is no child.
        assert_eq!(exploration.outcomes(), outcomes([0, 1]));
    }
    for exploration in explore_each(|actors| {
        actors.spawn("parent", async { drop(spawn("child", std::future::pending::<()>())) });
        finish(|| 0)
    }) {
        assert_eq!(exploration.outcomes(), [Outcome::Deadlock].into());
    }
}

#[test]
fn a_child_may_inherit_a_lock_that_is_held() {
    for exploration in explore_each(|actors| {
        let (lock, log) = (Rc::new(Mutex::new("lock")), counter("log"));
        for digit in [1, 2] {
            let (lock, log) = (lock.clone(), log.clone());
            actors.spawn("parent", async move {
                let wait = lock.clone();
                let child = async move {
                    let _guard = wait.acquire().await;
                    log.fetch_add(9 * log.load(SeqCst) + digit, SeqCst);
                };
                let guard = lock.acquire().await;
                let child = Model::spawn("child", child);
                Model::yield_now().await;
                drop(guard);
                child.await;
            });
        }
        finish(move || log.load(SeqCst))
    }) {
        assert_eq!(exploration.outcomes(), outcomes([12, 21]));
    }
}

#[test]
fn a_panic_of_a_child_is_a_panic_and_names_are_numbered() {
    for world in WORLDS {
        let findings = world().explore(|actors: &mut Actors| {
            actors.spawn("parent", async {
                spawn("helper", async {}).await.unwrap();
                let child = spawn("child", async {});
                let bad = spawn("child", async { assert!(choose(2) == 0, "chose badly") });
                child.await.unwrap();
                if let Err(error) = bad.await {
                    std::panic::resume_unwind(error.into_panic());
                }
            });
            || 0
        });
        let panic = Outcome::Panic("chose badly".to_owned());
        assert_eq!(findings.exploration().outcomes(), [Outcome::from(0), panic.clone()].into());
        let witness = findings.witness(|outcome| *outcome == panic).expect("it was reached");
        assert_eq!(witness.actors, ["parent", "helper", "child 1", "child 2"]);
        let again = findings.replay(&witness.path).expect("it can be replayed");
        assert_eq!(again.outcome, panic);
        assert!(again.to_string().contains("spawn helper"), "{again}");
    }
}

#[test]
fn what_is_spawned_on_the_way_out_never_runs() {
    for exploration in explore_each(|actors| {
        let ran = word("ran");
        for _ in 0..2 {
            let ran = ran.clone();
            actors.spawn("stuck", async move {
                let _last = OnDrop(|| {
                    let ran = ran.clone();
                    let handle = spawn("late", async move {
                        let _later = OnDrop(|| drop(spawn("later", async {})));
                        ran.set(1);
                    });
                    drop(handle);
                });
                std::future::pending::<()>().await;
            });
        }
        finish(move || ran.get())
    }) {
        assert_eq!(exploration.outcomes(), [Outcome::Deadlock].into());
    }
}

#[test]
fn only_an_actor_can_spawn() {
    let by_nobody = || drop(spawn("child", async {}));
    let refusal = catching(by_nobody).expect_err("there is no exploration");
    assert!(refusal.message.contains("may only be called by one of its actors"));
    let findings = Explorer::merging().explore(|actors: &mut Actors| {
        actors.spawn("actor", async {});
        move || {
            by_nobody();
            0
        }
    });
    assert_eq!(findings.exploration().outcomes(), [Outcome::Panic(refusal.message)].into());
}

#[test]
fn a_body_that_spawns_in_every_other_execution_is_reported() {
    for world in WORLDS {
        let executions = Local::new(0);
        let findings = world().explore(|actors: &mut Actors| {
            executions.set(executions.get() + 1);
            let spawns = executions.get() % 2 == 0;
            for each in [word("one"), word("two")] {
                actors.spawn("actor", async move {
                    each.set(1);
                    if spawns {
                        drop(spawn("child", async {}));
                    }
                    Model::yield_now().await;
                    each.set(2);
                });
            }
            || 0
        });
        assert!(is_nondeterministic(findings.exploration()));
    }
}

#[test]
fn a_fifo_loop_runs_children_in_the_order_of_spawning_and_waking() {
    let fifo = run_fifo(&|actors: &mut Actors| {
        let (event, log) = (Rc::new(Flag::new("event")), counter("log"));
        let write = |digit| {
            let log = log.clone();
            move || log.fetch_add(9 * log.load(SeqCst) + digit, SeqCst)
        };
        let (e, woken) = (event.clone(), write(2));
        actors.spawn("waiter", async move {
            e.wait().await;
            woken();
        });
        let (first, last) = (write(1), write(3));
        actors.spawn("parent", async move {
            drop(spawn("first", async move { first() }));
            event.set();
            drop(spawn("last", async move { last() }));
        });
        Box::new(move || Value::Number(log.load(SeqCst)))
    });
    assert_eq!(fifo.outcome, Outcome::from(123));
}

#[test]
fn a_word_that_a_child_made_may_be_handed_up() {
    for exploration in explore_each(|actors| {
        let result = word("result");
        for add in [1, 10] {
            let result = result.clone();
            actors.spawn("parent", async move {
                let maker = async move {
                    let own: Rc<Word> = word("own");
                    own.set(add);
                    own
                };
                let made = spawn("maker", maker).await.unwrap();
                let seen = result.get();
                Model::yield_now().await;
                result.set(seen + made.get());
            });
        }
        finish(move || result.get())
    }) {
        assert_eq!(exploration.outcomes(), outcomes([1, 10, 11]));
    }
}
