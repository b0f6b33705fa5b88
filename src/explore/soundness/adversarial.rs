//! Programs written to break the explorer.

use std::cell::{Cell as Local, RefCell};
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;

use futures::future::{Either, join, select};

use crate::explore::{
    Actors, Exploration, Explorer, Finish, Incomplete, Model, Outcome, Outcomes, Reduction, Value,
    choose, outcomes, timeout,
};
use crate::primitives::{Atomic, Cell, Event, Lock, Primitives, Queue};

pub(super) type Word = <Model as Primitives>::Cell;
pub(super) type Counter = <Model as Primitives>::Atomic;
pub(super) type Mutex = <Model as Primitives>::Mutex;
pub(super) type Flag = <Model as Primitives>::Event;
type Channel = <Model as Primitives>::Queue;

pub(super) const WORLDS: [fn() -> Explorer; 2] = [Explorer::merging, Explorer::threads];
const REDUCTIONS: [Reduction; 4] =
    [Reduction::Opaque, Reduction::Merging, Reduction::FreshReplicas, Reduction::Replicas];

pub(super) fn word(name: &'static str) -> Rc<Word> {
    Rc::new(Cell::new(name, 0))
}

/// What both worlds find, which must not depend on the reduction.
pub(super) fn explore_each(program: impl Fn(&mut Actors) -> Finish) -> [Exploration; 2] {
    WORLDS.map(|world| {
        let [opaque, .., replicas] = REDUCTIONS.map(|reduction| {
            let explorer = world().reduction(reduction);
            let program = |actors: &mut Actors| {
                let finish = program(actors);
                move || finish()
            };
            let findings = explorer.explore(program);
            let exploration = findings.exploration();
            Exploration {
                found: exploration.found.clone(),
                left: exploration.left.clone(),
                incomplete: exploration.incomplete.clone(),
                ..*exploration
            }
        });
        assert_eq!(opaque.incomplete, None);
        assert_eq!(replicas.incomplete, None);
        assert_eq!(opaque.outcomes(), replicas.outcomes());
        replicas
    })
}

/// What the threads world finds.
pub(super) fn threads(program: fn(&mut Actors) -> Finish, reduction: Reduction) -> Outcomes {
    let explorer = Explorer::threads().reduction(reduction);
    let findings = explorer.explore(|actors: &mut Actors| {
        let finish = program(actors);
        move || finish()
    });
    findings.exploration().outcomes()
}

pub(super) fn finish(read: impl FnOnce() -> i64 + 'static) -> Finish {
    Box::new(move || Value::Number(read()))
}

/// Runs something when it is dropped.
pub(super) struct OnDrop<F: FnMut()>(pub(super) F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Both a poll and a cancellation of the reader begin by leaving the event's queue.
pub(super) fn cancelled_reader(actors: &mut Actors) -> Finish {
    let (event, lock) = (Rc::new(Flag::new("event")), Rc::new(Mutex::new("lock")));
    let (word, log) = (word("word"), word("log"));
    let (e, l, w, out) = (event.clone(), lock.clone(), word.clone(), log.clone());
    actors.spawn_cancellable("reader", async move {
        let read = async {
            out.set(w.get());
            let _guard = l.acquire().await;
            std::future::pending::<()>().await;
        };
        select(Box::pin(e.wait()), Box::pin(read)).await;
        out.set(out.get() + 100);
    });
    actors.spawn("writer", async move {
        let _guard = lock.acquire().await;
        event.set();
        word.set(5);
    });
    finish(move || log.get())
}

#[test]
fn being_cancelled_is_not_mistaken_for_going_on() {
    let [_, threads] = explore_each(cancelled_reader);
    assert!(threads.outcomes().contains(&Outcome::from(5)));
    assert!(threads.outcomes().contains(&Outcome::from(105)));
}

#[test]
fn a_panic_of_a_destructor_at_the_end_is_not_merged_away() {
    // A cancelled actor is gone, whatever it has seen.
    for exploration in explore_each(|actors| {
        let word = word("word");
        let w = word.clone();
        actors.spawn("writer", async move { w.set(1) });
        actors.spawn_cancellable("reader", async move {
            let seen = word.get();
            let bomb = OnDrop(move || assert_ne!(seen, 0, "read too early"));
            Model::yield_now().await;
            std::mem::forget(bomb);
        });
        finish(|| 0)
    }) {
        let panic = exploration.outcomes().into_iter().find(|o| matches!(o, Outcome::Panic(_)));
        assert!(panic.is_some(), "lost the panic");
        assert_eq!(exploration.outcomes().len(), 2);
    }
}

#[test]
fn a_choice_made_while_setting_up_is_part_of_the_state() {
    for exploration in explore_each(|actors| {
        let input = choose(3) as i64;
        let word = word("word");
        let w = word.clone();
        actors.spawn("writer", async move {
            Model::yield_now().await;
            w.set(input);
        });
        finish(move || word.get())
    }) {
        assert_eq!(exploration.outcomes(), outcomes([0, 1, 2]));
    }
}

#[test]
fn a_destructor_may_choose() {
    for exploration in explore_each(|actors| {
        let word = word("word");
        let w = word.clone();
        actors.spawn_cancellable("chooser", async move {
            let _choice = OnDrop(move || w.set(1 + choose(2) as i64));
            Model::yield_now().await;
            Model::yield_now().await;
        });
        finish(move || word.get())
    }) {
        // Cancelled before its first poll, it has no destructor to run.
        assert_eq!(exploration.outcomes(), outcomes([0, 1, 2]));
    }
}

#[test]
fn a_destructor_that_chooses_after_a_deadlock_decides_nothing() {
    for exploration in explore_each(|actors| {
        let word = word("word");
        for _ in 0..2 {
            let word = word.clone();
            actors.spawn("stuck", async move {
                let _choice = OnDrop(|| _ = choose(2));
                word.set(1);
                std::future::pending::<()>().await;
            });
        }
        finish(|| 0)
    }) {
        assert_eq!(exploration.outcomes(), [Outcome::Deadlock].into());
    }
}

#[test]
fn two_destructors_that_panic_are_one_outcome() {
    for exploration in explore_each(|actors| {
        let word = word("word");
        for _ in 0..2 {
            let w = word.clone();
            actors.spawn("stuck", async move {
                let _bomb = OnDrop(|| panic!("in a destructor"));
                w.set(1);
                std::future::pending::<()>().await;
            });
        }
        finish(|| 0)
    }) {
        assert_eq!(exploration.outcomes(), [Outcome::Deadlock].into());
    }
}

#[test]
fn two_actors_that_panic_holding_guards_are_one_outcome_each() {
    for exploration in explore_each(|actors| {
        let word = word("word");
        for name in ["first", "second"] {
            let (w, lock) = (word.clone(), Mutex::new("lock"));
            let lock = Rc::new(lock);
            let other = lock.clone();
            actors.spawn(name, async move {
                let _guard = lock.acquire().await;
                let _last = OnDrop(|| w.set(w.get() + 1));
                w.set(2);
                panic!("{name}");
            });
            actors.spawn("other", async move { drop(other.acquire().await) });
        }
        finish(|| 0)
    }) {
        let panics = ["first", "second"].map(|name| Outcome::Panic(name.to_owned()));
        assert_eq!(exploration.outcomes(), panics.into());
    }
}

#[test]
fn a_grant_that_is_dropped_is_passed_on() {
    // The waiter that loses the race may hold a grant already.
    for exploration in explore_each(|actors| {
        let (lock, event) = (Rc::new(Mutex::new("lock")), Rc::new(Flag::new("event")));
        let count = Rc::new(<Counter as Atomic>::new("count", 0));
        let (l, e, c) = (lock.clone(), event.clone(), count.clone());
        actors.spawn("holder", async move {
            let guard = l.acquire().await;
            Model::yield_now().await;
            drop(guard);
            e.set();
            c.fetch_add(1, SeqCst);
        });
        let (l, c) = (lock.clone(), count.clone());
        actors.spawn("fickle", async move {
            let both = select(Box::pin(event.wait()), Box::pin(l.acquire()));
            let won = match both.await {
                Either::Left(_) => 10,
                Either::Right(_) => 20,
            };
            c.fetch_add(won, SeqCst);
        });
        let c = count.clone();
        actors.spawn("patient", async move {
            let _guard = lock.acquire().await;
            c.fetch_add(100, SeqCst);
        });
        finish(move || count.load(SeqCst))
    }) {
        assert_eq!(exploration.outcomes(), outcomes([111, 121]));
    }
}

#[test]
fn a_timeout_races_with_the_grant() {
    for exploration in explore_each(|actors| {
        let lock = Rc::new(Mutex::new("lock"));
        let count = Rc::new(<Counter as Atomic>::new("count", 0));
        for worth in [1, 10] {
            let (l, c) = (lock.clone(), count.clone());
            actors.spawn("contender", async move {
                let Ok(_guard) = timeout(l.acquire()).await else { return };
                Model::yield_now().await;
                c.fetch_add(worth, SeqCst);
            });
        }
        finish(move || count.load(SeqCst))
    }) {
        assert_eq!(exploration.outcomes(), outcomes([1, 10, 11]));
    }
}

#[test]
fn time_may_be_over_at_an_await_that_is_over_as_well() {
    for exploration in explore_each(|actors| {
        let word = word("word");
        let w = word.clone();
        actors.spawn("hasty", async move {
            let twice = async {
                Model::yield_now().await;
                Model::yield_now().await;
            };
            w.set(if timeout(twice).await.is_ok() { 1 } else { 2 });
        });
        finish(move || word.get())
    }) {
        assert_eq!(exploration.outcomes(), outcomes([1, 2]));
    }
}

/// Two actors hand on what they made. The taker comes to it by way of the queue, so what it finds
/// there is determined.
pub(super) fn gifts(actors: &mut Actors) -> Finish {
    let channel = Rc::new(Channel::new("channel"));
    let places: Rc<[RefCell<Option<Rc<Word>>>; 2]> = Rc::default();
    let result = word("result");
    for (index, add) in [1, 10].into_iter().enumerate() {
        let (channel, places) = (channel.clone(), places.clone());
        actors.spawn("maker", async move {
            let own = word("own");
            own.set(add);
            places[index].replace(Some(own.clone()));
            channel.send(index as i64);
            let seen = own.get();
            Model::yield_now().await;
            own.set(seen + add);
        });
    }
    let out = result.clone();
    actors.spawn("taker", async move {
        let index = channel.receive().await as usize;
        let gift = places[index].take().expect("it was put there before its place was sent");
        gift.set(gift.get() + 100);
        out.set(gift.get());
    });
    finish(move || result.get())
}

#[test]
fn an_object_that_an_actor_made_may_be_handed_on() {
    for exploration in explore_each(gifts) {
        assert!(exploration.outcomes().contains(&Outcome::from(101)));
        assert!(exploration.outcomes().contains(&Outcome::from(102)));
        assert!(exploration.outcomes().contains(&Outcome::from(120)));
    }
}

#[test]
fn replicas_may_make_objects_of_their_own() {
    for exploration in explore_each(|actors| {
        let count = word("count");
        let c = count.clone();
        actors.replicas("replica", 2, move || {
            let count = c.clone();
            async move {
                let mutex = Mutex::new("own lock");
                let add = async {
                    let _guard = mutex.acquire().await;
                    let seen = count.get();
                    Model::yield_now().await;
                    count.set(seen + 1);
                };
                join(add, async { drop(mutex.acquire().await) }).await;
            }
        });
        finish(move || count.get())
    }) {
        assert_eq!(exploration.outcomes(), outcomes([1, 2]));
    }
}

#[test]
fn an_actor_that_ends_may_leave_objects_and_waits_behind() {
    for exploration in explore_each(|actors| {
        let lock = Rc::new(Mutex::new("lock"));
        let kept: Rc<RefCell<Vec<Rc<Word>>>> = Rc::default();
        let l = lock.clone();
        actors.spawn("careless", async move {
            let own = word("own");
            own.set(1);
            kept.borrow_mut().push(own);
            let mut wait = Box::pin(async move { drop(l.acquire().await) });
            let _ = futures::poll!(&mut wait);
            // It stays in the queue, and nobody will poll it.
            std::mem::forget(wait);
        });
        actors.spawn("patient", async move {
            let guard = lock.acquire().await;
            Model::yield_now().await;
            drop(guard);
            drop(lock.acquire().await);
        });
        finish(|| 0)
    }) {
        assert_eq!(exploration.outcomes(), [Outcome::from(0), Outcome::Deadlock].into());
    }
}

#[test]
fn waking_a_cancelled_actor_does_nothing() {
    for exploration in explore_each(|actors| {
        let (event, word) = (Rc::new(Flag::new("event")), word("word"));
        let (e, w) = (event.clone(), word.clone());
        actors.spawn_cancellable("waiter", async move {
            e.wait().await;
            w.set(w.get() + 1);
        });
        let w = word.clone();
        actors.spawn("setter", async move {
            event.set();
            Model::yield_now().await;
            w.set(w.get() + 10);
        });
        finish(move || word.get())
    }) {
        assert!(exploration.outcomes().is_superset(&outcomes([10, 11])));
    }
}

#[test]
fn an_exploration_inside_of_another_is_refused() {
    let nested = || {
        Explorer::merging().explore(|actors: &mut Actors| {
            actors.spawn("inner", async {});
            || 0
        });
    };
    for world in WORLDS {
        let findings = world().explore(|actors: &mut Actors| {
            let word = word("word");
            actors.spawn("outer", async move {
                word.set(1);
                nested();
                word.set(2);
            });
            || 0
        });
        let found = findings.exploration().outcomes();
        let is_refused = |outcome: &Outcome| outcome.to_string().contains("explor");
        assert!(!found.is_empty() && found.iter().all(is_refused), "{found:?}");
    }
}

pub(super) fn is_nondeterministic(exploration: &Exploration) -> bool {
    matches!(exploration.incomplete, Some(Incomplete::Nondeterministic { .. }))
}

#[test]
fn a_body_that_counts_its_executions_is_reported_with_the_step() {
    for reduction in REDUCTIONS {
        let executions = Local::new(0);
        let findings = Explorer::merging().reduction(reduction).explore(|actors: &mut Actors| {
            executions.set(executions.get() + 1);
            let gives_way = executions.get() % 2 == 0;
            let words = [word("one"), word("two")];
            for each in words {
                actors.spawn("actor", async move {
                    each.set(1);
                    if gives_way {
                        Model::yield_now().await;
                    }
                    each.set(2);
                });
            }
            || 0
        });
        let incomplete = findings.exploration().incomplete.clone();
        assert_eq!(incomplete, Some(Incomplete::Nondeterministic { step: 1 }), "{reduction:?}");
    }
}

#[test]
fn a_body_that_writes_another_value_each_time_is_reported() {
    for reduction in REDUCTIONS {
        let executions = Local::new(0);
        let findings = Explorer::merging().reduction(reduction).explore(|actors: &mut Actors| {
            executions.set(executions.get() + 1);
            let value = executions.get();
            for _ in 0..2 {
                let word = word("word");
                actors.spawn("actor", async move {
                    word.set(value);
                    Model::yield_now().await;
                });
            }
            || 0
        });
        assert!(is_nondeterministic(findings.exploration()), "{reduction:?}");
    }
}

#[test]
fn an_object_kept_between_executions_is_reported() {
    for world in WORLDS {
        for reduction in REDUCTIONS {
            let kept = word("kept");
            let findings = world().reduction(reduction).explore(|actors: &mut Actors| {
                for _ in 0..2 {
                    let kept = kept.clone();
                    actors.spawn("actor", async move {
                        kept.set(1);
                        Model::yield_now().await;
                        kept.set(2);
                    });
                }
                || 0
            });
            assert!(is_nondeterministic(findings.exploration()), "{reduction:?}");
        }
    }
}

#[test]
fn a_random_select_is_reported() {
    use std::hash::{BuildHasher, RandomState};
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let word = word("word");
        for _ in 0..2 {
            let word = word.clone();
            actors.spawn("actor", async move {
                for _ in 0..6 {
                    if RandomState::new().hash_one(0).is_multiple_of(2) {
                        word.get();
                    }
                    Model::yield_now().await;
                }
            });
        }
        || 0
    });
    assert!(is_nondeterministic(findings.exploration()));
}
