//! Exploring on several cores.

use std::cell::{Cell, RefCell};
use std::num::{NonZeroU64, NonZeroUsize};
use std::panic::catch_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use selvedge::explore::{Actors, Explorer, Incomplete, Limits, Outcome, spawn};
use tokio::sync::Mutex;
use tokio::task::yield_now;

fn cores(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).expect("not zero")
}

/// Five actors that come in every order.
fn five(actors: &mut Actors) -> impl FnOnce() -> String + 'static {
    let order = Rc::new(RefCell::new(String::new()));
    for name in ["a", "b", "c", "d", "e"] {
        let order = order.clone();
        actors.spawn(name, async move {
            yield_now().await;
            order.borrow_mut().push_str(name);
        });
    }
    move || order.borrow().clone()
}

#[test]
fn real_types_are_explored_on_several_cores_as_on_one() {
    let one = Explorer::opaque().explore(five);
    for count in [1, 2, 5] {
        let several = Explorer::opaque().in_parallel().cores(cores(count)).explore(five);
        let (one, several) = (one.exploration(), several.exploration());
        assert_eq!(one.incomplete, None);
        assert_eq!(several.incomplete, None);
        assert_eq!(one.outcomes(), several.outcomes());
        assert_eq!(one.executions, several.executions);
    }
}

#[test]
fn each_thread_takes_its_share() {
    thread_local! {
        static IS_COUNTED: Cell<bool> = const { Cell::new(false) };
    }
    static THREADS: AtomicU64 = AtomicU64::new(0);
    let program = |actors: &mut Actors| {
        if !IS_COUNTED.replace(true) {
            THREADS.fetch_add(1, Relaxed);
        }
        for name in ["a", "b"] {
            actors.spawn(name, async {
                for _ in 0..9 {
                    yield_now().await;
                }
            });
        }
        || ()
    };
    let findings = Explorer::opaque().in_parallel().cores(cores(3)).explore(program);
    findings.assert_outcomes([()]);
    assert_eq!(THREADS.load(Relaxed), 3);
}

#[test]
fn a_limit_on_executions_is_one_limit_for_all() {
    let executions = NonZeroU64::new(50).expect("not zero");
    let limits = Limits { executions, ..Limits::default() };
    let explorer = Explorer::opaque().limits(limits).in_parallel().cores(cores(3));
    let findings = explorer.explore(five);
    let exploration = findings.exploration();
    let Some(Incomplete::Executions(stopped)) = exploration.incomplete else {
        panic!("{:?}", exploration.incomplete);
    };
    // Each of the others may have begun one more.
    assert!((50..=52).contains(&stopped), "{stopped}");
    assert!((50..=52).contains(&exploration.executions), "{}", exploration.executions);
}

#[test]
fn the_panic_of_a_program_is_the_panic_of_its_exploration() {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let explorer = Explorer::opaque().in_parallel().cores(cores(3));
    let panic = catch_unwind(|| {
        explorer.explore(|actors| {
            assert!(RUNS.fetch_add(1, Relaxed) < 20, "the twentieth run");
            five(actors)
        })
    });
    let message = panic.expect_err("it panics");
    assert_eq!(message.downcast_ref::<&str>(), Some(&"the twentieth run"));
}

#[test]
fn a_check_on_several_cores_finds_what_fails() {
    let explorer = Explorer::opaque().in_parallel().cores(cores(2));
    let panic = catch_unwind(|| {
        explorer.check(|| async {
            let last = Rc::new(Mutex::new(0));
            let write = |number| {
                let last = last.clone();
                spawn("writer", async move { *last.lock().await = number })
            };
            for writer in [1, 2, 3].map(write) {
                writer.await.expect("it does not panic");
            }
            assert_ne!(*last.lock().await, 1, "one was the last");
        });
    });
    let message = panic.expect_err("it fails");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("one was the last"), "{message}");
}

#[test]
fn a_deadlock_is_found_on_whichever_core() {
    let explorer = Explorer::opaque().in_parallel().cores(cores(4));
    let findings = explorer.explore(|actors| {
        let locks = [(); 2].map(|()| Rc::new(Mutex::new(())));
        for (name, [first, second]) in [("a", [0, 1]), ("b", [1, 0])] {
            let (first, second) = (locks[first].clone(), locks[second].clone());
            actors.spawn(name, async move {
                let _first = first.lock().await;
                yield_now().await;
                drop(second.lock().await);
            });
        }
        || ()
    });
    assert!(findings.exploration().outcomes().contains(&Outcome::Deadlock));
    assert_eq!(findings.stuck().map(|(name, _)| name).collect::<Vec<_>>(), ["a", "b"]);
}
