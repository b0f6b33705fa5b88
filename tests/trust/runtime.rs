//! The explorer is the runtime: what needs tokio's is refused with one sentence.

use std::panic::catch_unwind;
use std::time::Duration;

use selvedge::explore::{Actors, Explorer};
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;

const EVERY: [fn() -> Explorer; 3] = [Explorer::opaque, Explorer::merging, Explorer::threads];

fn assert_refused<F: Future<Output = ()> + 'static>(actor: fn() -> F) {
    for explorer in EVERY {
        let findings = explorer().explore(|actors: &mut Actors| {
            actors.spawn("actor", actor());
            || 0
        });
        let exploration = findings.exploration();
        let refusal = exploration.incomplete.as_ref().expect("this is refused").to_string();
        assert!(refusal.starts_with("actor calls for tokio's runtime at "), "{refusal}");
        assert!(refusal.contains("`explore::spawn`"), "{refusal}");
        assert!(refusal.contains("`explore::timeout`"), "{refusal}");
        assert!(exploration.outcomes().is_empty(), "a panic of tokio's is no outcome");
    }
}

#[test]
fn an_exploration_inside_a_runtime_is_refused() {
    let event_loop = Builder::new_current_thread().build().expect("a runtime starts");
    let two_workers = Builder::new_multi_thread().worker_threads(2).build();
    for runtime in [event_loop, two_workers.expect("a runtime starts")] {
        let inside = || {
            runtime.block_on(async {
                Explorer::opaque().explore(|actors: &mut Actors| {
                    actors.spawn("actor", async {});
                    || 0
                });
            });
        };
        let payload = catch_unwind(std::panic::AssertUnwindSafe(inside)).expect_err("refused");
        let message = payload.downcast_ref::<&str>().expect("a sentence");
        assert!(message.contains("call it from a plain #[test]"), "{message}");
    }
}

#[test]
fn spawning_a_task_of_tokio_is_refused() {
    assert_refused(|| async { drop(tokio::spawn(async {})) });
}

#[test]
fn a_set_of_tasks_is_refused() {
    assert_refused(|| async {
        JoinSet::new().spawn(async {});
    });
}

#[test]
fn a_local_task_is_refused() {
    assert_refused(|| async { drop(tokio::task::spawn_local(async {})) });
}

#[test]
fn a_blocking_task_is_refused() {
    assert_refused(|| async { drop(tokio::task::spawn_blocking(|| ())) });
}

#[test]
fn sleeping_is_refused() {
    assert_refused(|| async { tokio::time::sleep(Duration::from_secs(1)).await });
}

#[test]
fn a_timeout_of_tokio_is_refused() {
    assert_refused(|| async {
        let _ = tokio::time::timeout(Duration::from_secs(1), std::future::pending::<()>()).await;
    });
}

#[test]
fn an_interval_is_refused() {
    assert_refused(|| async {
        tokio::time::interval(Duration::from_secs(1)).tick().await;
    });
}

#[test]
fn asking_for_the_runtime_is_refused() {
    assert_refused(|| async { drop(Handle::current()) });
}
