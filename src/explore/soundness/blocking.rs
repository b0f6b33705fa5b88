//! Programs whose actors block their threads, written to break the explorer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use futures::future::join;

use super::adversarial::{Flag, OnDrop, WORLDS, explore_each, finish, word};
use crate::explore::{Actors, Finish, Model, Outcome, outcomes, spawn};
use crate::primitives::{BlockingLock, Cell, Event, Primitives};

type Mutex = <Model as Primitives>::BlockingMutex;

fn lock() -> Rc<Mutex> {
    Rc::new(BlockingLock::new("lock"))
}

fn hold_across_an_await(actors: &mut Actors, lock: &Rc<Mutex>) {
    let lock = lock.clone();
    actors.spawn("holder", async move {
        let _guard = lock.acquire();
        Model::yield_now().await;
    });
}

#[test]
fn a_held_lock_stops_an_event_loop_and_one_thread() {
    let [event_loop, threads] = explore_each(|actors| {
        let lock = lock();
        hold_across_an_await(actors, &lock);
        actors.spawn("other", async move { drop(lock.acquire()) });
        finish(|| 0)
    });
    assert_eq!(event_loop.outcomes(), [Outcome::from(0), Outcome::Deadlock].into());
    assert_eq!(threads.outcomes(), outcomes([0]));
}

#[test]
fn a_wake_of_the_actor_that_comes_while_it_blocks_is_kept() {
    let [_, threads] = explore_each(|actors| {
        let (lock, event) = (lock(), Rc::new(Flag::new("event")));
        let (l, e) = (lock.clone(), event.clone());
        actors.spawn("holder", async move {
            let _guard = l.acquire();
            e.set();
            Model::yield_now().await;
        });
        actors.spawn("other", async move {
            join(event.wait(), async move { drop(lock.acquire()) }).await;
        });
        finish(|| 0)
    });
    assert_eq!(threads.outcomes(), outcomes([0]));
}

#[test]
fn an_actor_is_not_cancelled_where_it_blocks() {
    let [_, threads] = explore_each(|actors| {
        let (lock, word) = (lock(), word("word"));
        hold_across_an_await(actors, &lock);
        let w = word.clone();
        actors.spawn_cancellable("other", async move {
            w.set(1);
            let _guard = lock.acquire();
            w.set(2);
        });
        finish(move || word.get())
    });
    // Cancelled before its first poll, or not at all.
    assert_eq!(threads.outcomes(), outcomes([0, 2]));
}

#[test]
fn two_actors_that_block_each_other_are_a_deadlock_of_threads() {
    let [_, threads] = explore_each(|actors| {
        let locks = [lock(), lock()];
        for first in [0, 1] {
            let locks = locks.clone();
            actors.spawn("actor", async move {
                let _first = locks[first].acquire();
                let _second = locks[1 - first].acquire();
            });
        }
        finish(|| 0)
    });
    assert_eq!(threads.outcomes(), [Outcome::from(0), Outcome::Deadlock].into());
}

/// The second actor catches whatever unwinds it.
fn blocked_and_caught(actors: &mut Actors) -> Finish {
    let (lock, word) = (lock(), word("word"));
    hold_across_an_await(actors, &lock);
    let w = word.clone();
    actors.spawn("other", async move {
        let _ = catch_unwind(AssertUnwindSafe(|| drop(lock.acquire())));
        w.set(1);
    });
    finish(move || word.get())
}

#[test]
fn a_blocked_event_loop_is_a_deadlock_and_no_panic_whoever_catches_it() {
    let [event_loop, threads] = explore_each(blocked_and_caught);
    assert_eq!(event_loop.outcomes(), [Outcome::from(1), Outcome::Deadlock].into());
    assert_eq!(threads.outcomes(), outcomes([1]));
}

#[test]
fn a_witness_ends_where_the_loop_is_blocked() {
    let [event_loop, _] = WORLDS;
    let findings = event_loop().explore(|actors: &mut Actors| {
        let finish = blocked_and_caught(actors);
        move || finish()
    });
    let witness = findings.witness(|outcome| *outcome == Outcome::Deadlock).expect("it is reached");
    let operations: Vec<_> =
        witness.events.iter().filter_map(|event| event.call).map(|call| call.operation).collect();
    assert_eq!(operations, ["acquire", "acquire", "blocks its thread forever"]);
    let text = witness.to_string();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ends = "nobody else can run on its thread outcome deadlock: holder and other never finish";
    assert!(text.ends_with(ends), "{witness}");
}

#[test]
fn a_destructor_may_block_while_its_actor_unwinds() {
    let [event_loop, threads] = explore_each(|actors| {
        let lock = lock();
        hold_across_an_await(actors, &lock);
        actors.spawn("other", async move {
            let _last = OnDrop(|| drop(lock.acquire()));
            panic!("on the way out");
        });
        finish(|| 0)
    });
    let panic = Outcome::Panic("on the way out".to_owned());
    // The loop does not get to the end of the panic.
    assert_eq!(event_loop.outcomes(), [Outcome::Deadlock, panic.clone()].into());
    assert_eq!(threads.outcomes(), [panic].into());
}

#[test]
fn an_actor_that_blocks_an_event_loop_may_block_and_spawn_on_its_way_out() {
    let [event_loop, threads] = explore_each(|actors| {
        let lock = lock();
        hold_across_an_await(actors, &lock);
        actors.spawn("other", async move {
            let _last = OnDrop(|| drop(lock.acquire()));
            let _late = OnDrop(|| drop(spawn("late", async {})));
            drop(lock.acquire());
        });
        finish(|| 0)
    });
    assert_eq!(event_loop.outcomes(), [Outcome::from(0), Outcome::Deadlock].into());
    assert_eq!(threads.outcomes(), outcomes([0]));
}

#[test]
fn threads_that_block_each_other_may_block_in_destructors_too() {
    let [_, threads] = explore_each(|actors| {
        let locks = [lock(), lock()];
        for first in [0, 1] {
            let locks = locks.clone();
            actors.spawn("actor", async move {
                let _first = locks[first].acquire();
                let _last = OnDrop(|| drop(locks[1 - first].acquire()));
                drop(locks[1 - first].acquire());
            });
        }
        finish(|| 0)
    });
    assert_eq!(threads.outcomes(), [Outcome::from(0), Outcome::Deadlock].into());
}
