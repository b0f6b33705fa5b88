//! A deadlock says who is left in it, over all schedules, so that of each actor it can be demanded that it
//! finishes.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Limits, Model, Outcome, choose, spawn};
use selvedge::primitives::{Lock, Primitives};
use tokio::sync::{Notify, mpsc};

/// The message of an assertion that fails.
#[track_caller]
fn failure(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("the assertion should fail");
    panic.downcast_ref::<String>().expect("an assertion has a message").clone()
}

/// A server that waits for requests forever, a client that is served, and one that may miss its wakeup.
fn server_and_clients(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (sender, mut receiver) = mpsc::unbounded_channel::<i64>();
    let (told, telling) = (Rc::new(Notify::new()), sender.clone());
    let teller = Rc::clone(&told);
    actors.spawn("server", async move { while receiver.recv().await.is_some() {} });
    actors.spawn("client", async move {
        let _ = telling.send(1);
        teller.notify_waiters();
    });
    actors.spawn("late", async move { told.notified().await });
    // The queue is never closed.
    move || i64::from(sender.is_closed())
}

#[test]
fn who_can_be_stuck_is_told_from_who_cannot() {
    let findings = Explorer::opaque().explore(server_and_clients);
    findings.assert_outcomes([Outcome::Deadlock]);
    let names: Vec<_> = findings.stuck().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["late", "server"]);
    findings.assert_never_stuck("client");
    for (name, path) in findings.stuck() {
        let witness = findings.replay(path).expect("a schedule");
        assert!(witness.stuck.iter().any(|&actor| witness.actors[actor] == name), "{witness}");
    }
}

#[test]
fn to_demand_that_an_actor_finishes_fails_with_a_schedule_that_leaves_it() {
    let findings = Explorer::opaque().explore(server_and_clients);
    let message = failure(|| findings.assert_never_stuck("late"));
    assert!(message.starts_with("late can wait forever on an event loop\n\n"), "{message}");
    assert!(message.contains("outcome  deadlock: server and late never finish"), "{message}");
    assert!(message.contains("run it again with SELVEDGE_REPLAY="), "{message}");
}

#[test]
fn an_actor_that_does_not_exist_and_one_that_was_not_explored_are_no_evidence() {
    let findings = Explorer::opaque().explore(server_and_clients);
    let message = failure(|| findings.assert_never_stuck("clients"));
    assert!(message.starts_with("no actor is called clients"), "{message}");
    let limits = Limits { executions: 1.try_into().expect("not zero"), ..Limits::default() };
    let findings = Explorer::opaque().limits(limits).explore(server_and_clients);
    let message = failure(|| findings.assert_never_stuck("client"));
    assert!(message.starts_with("inconclusive on an event loop"), "{message}");
}

#[test]
fn of_interchangeable_actors_each_is_as_stuck_as_any_other() {
    let program = |actors: &mut Actors| {
        let lock = Rc::new(<Model as Primitives>::Mutex::new("lock"));
        let keeps = Rc::clone(&lock);
        actors.spawn("idle", async {});
        actors.replicas("worker", 3, move || {
            let lock = Rc::clone(&keeps);
            async move { std::mem::forget(lock.acquire().await) }
        });
        move || {
            drop(lock);
            0
        }
    };
    for explorer in [Explorer::merging(), Explorer::threads(), Explorer::opaque()] {
        let findings = explorer.explore(program);
        let names: Vec<_> = findings.stuck().map(|(name, _)| name.to_owned()).collect();
        assert_eq!(names, ["worker 1", "worker 2", "worker 3"], "{explorer:?}");
        findings.assert_never_stuck("idle");
    }
}

#[test]
fn an_actor_that_was_spawned_on_the_way_is_left_under_its_name() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("parent", async {
            if choose(2) == 1 {
                drop(spawn("child", std::future::pending::<()>()));
            }
        });
        || 0
    });
    let names: Vec<_> = findings.stuck().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["child"]);
    findings.assert_never_stuck("parent");
}
