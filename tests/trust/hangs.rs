//! What never returns, or overflows its stack, ends the process instead of hanging it.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Output;
use std::rc::Rc;
use std::time::{Duration, Instant};

use selvedge::explore::{Actors, Explorer, Limits, Model, POLL_SECONDS};
use selvedge::primitives::{BlockingLock, Cell as _, Primitives};

use crate::alone;

type Word = <Model as Primitives>::Cell;

/// The world that it explores there.
const WORLD: &str = "SELVEDGE_TEST_WORLD";

/// Runs one test of this file in a process of its own.
fn run_alone<const N: usize>(test: &str, environment: [(&str, &str); N]) -> Output {
    alone::run(&format!("hangs::{test}"), environment)
}

/// Demands that `test` ends its process, and gives back what it printed.
#[track_caller]
fn ends_the_process<const N: usize>(test: &str, environment: [(&str, &str); N]) -> String {
    let start = Instant::now();
    let output = run_alone(test, environment);
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(101), "{printed}");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    assert!(printed.contains("the process ends, and nothing is proved"), "{printed}");
    printed
}

fn impatient(explorer: Explorer) -> Explorer {
    explorer.limits(Limits { poll: Duration::from_secs(1), ..Limits::default() })
}

#[expect(clippy::await_holding_lock, reason = "it is what is tested")]
async fn yields_holding(mutex: Rc<std::sync::Mutex<i64>>) {
    let _guard = mutex.lock().expect("nobody panics");
    Model::yield_now().await;
}

#[test]
fn a_lock_of_the_standard_library_held_across_an_await_ends_the_process() {
    if !alone::is_inner() {
        let test = "a_lock_of_the_standard_library_held_across_an_await_ends_the_process";
        let printed = ends_the_process(test, []);
        assert!(printed.contains("right has not returned for 1 s"), "{printed}");
        if cfg!(target_os = "linux") {
            assert!(printed.contains("its thread sleeps or waits for a lock"), "{printed}");
        }
        return;
    }
    impatient(Explorer::opaque()).explore(|actors: &mut Actors| {
        let mutex = Rc::new(std::sync::Mutex::new(0));
        for name in ["left", "right"] {
            actors.spawn(name, yields_holding(Rc::clone(&mutex)));
        }
        || 0
    });
}

#[test]
fn an_outcome_that_is_never_read_ends_the_process() {
    if !alone::is_inner() {
        let printed = ends_the_process("an_outcome_that_is_never_read_ends_the_process", []);
        assert!(printed.contains("reads its outcome has not returned for 1 s"), "{printed}");
        return;
    }
    impatient(Explorer::opaque()).explore(|actors: &mut Actors| {
        let mutex = Rc::new(std::sync::Mutex::new(0));
        let held = Rc::clone(&mutex);
        actors.spawn("only", async move { std::mem::forget(held.lock()) });
        move || *mutex.lock().expect("nobody panics")
    });
}

#[test]
fn a_poll_that_never_returns_ends_the_process_and_says_where_it_was() {
    if !alone::is_inner() {
        let test = "a_poll_that_never_returns_ends_the_process_and_says_where_it_was";
        let printed = ends_the_process(test, []);
        assert!(printed.contains("loop has not returned for 1 s"), "{printed}");
        assert!(printed.contains("since an access at tests/trust/hangs.rs:"), "{printed}");
        return;
    }
    impatient(Explorer::merging()).explore(|actors: &mut Actors| {
        actors.spawn("loop", async {
            Word::new("word", 0).set(1);
            loop {
                std::hint::spin_loop();
            }
        });
        || 0
    });
}

#[test]
fn the_environment_says_how_long_a_poll_may_take() {
    if !alone::is_inner() {
        let test = "the_environment_says_how_long_a_poll_may_take";
        ends_the_process(test, [(POLL_SECONDS, "1")]);
        assert!(run_alone(test, [(POLL_SECONDS, "9")]).status.success());
        return;
    }
    Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("sleeper", async { std::thread::sleep(Duration::from_secs(3)) });
        || 0
    });
}

#[test]
fn an_actor_that_catches_its_blocking_again_and_again_ends_the_process() {
    if !alone::is_inner() {
        let test = "an_actor_that_catches_its_blocking_again_and_again_ends_the_process";
        for world in ["threads", "event loop"] {
            let printed = ends_the_process(test, [(WORLD, world)]);
            assert!(printed.contains("left has not returned"), "{world}: {printed}");
        }
        return;
    }
    let is_on_threads = env::var(WORLD).is_ok_and(|world| world == "threads");
    let explorer = if is_on_threads { Explorer::threads() } else { Explorer::opaque() };
    impatient(explorer).explore(|actors: &mut Actors| {
        let mutex = Rc::new(<Model as Primitives>::BlockingMutex::new("mutex"));
        actors.spawn("left", async move {
            let _guard = mutex.acquire();
            loop {
                let again = catch_unwind(AssertUnwindSafe(|| drop(mutex.acquire())));
                assert!(again.is_err(), "it holds the mutex itself");
            }
        });
        || 0
    });
}

#[test]
fn a_deeper_recursion_has_a_larger_stack() {
    fn deep(depth: usize) -> usize {
        let frame = std::hint::black_box([depth; 64]);
        if depth == 0 { 0 } else { deep(depth - 1) + frame[0] / depth }
    }
    let explore = |stack| {
        let limits = Limits { stack, ..Limits::default() };
        Explorer::threads().limits(limits).explore(|actors: &mut Actors| {
            actors.spawn("reader", async { assert_eq!(deep(10_000), 10_000) });
            || 0
        })
    };
    if alone::is_inner() {
        explore(Limits::default().stack);
        return;
    }
    explore(64 * 1024 * 1024).assert_outcomes([0]);
    let overflown = run_alone("a_deeper_recursion_has_a_larger_stack", []);
    assert!(!overflown.status.success(), "there is a guard page");
}

#[test]
fn an_actor_on_threads_has_the_stack_that_tokios_threads_have() {
    fn deep(depth: usize) -> usize {
        let frame = std::hint::black_box([depth; 16]);
        if depth == 0 { 0 } else { deep(depth - 1) + frame[0] / depth }
    }
    #[expect(clippy::large_stack_arrays, reason = "it is the stack that is tested")]
    fn large() -> usize {
        let bytes = std::hint::black_box([1_u8; 300_000]);
        bytes.iter().map(|&byte| usize::from(byte)).sum()
    }
    let findings = Explorer::threads().explore(|actors: &mut Actors| {
        actors.spawn("reader", async {
            assert_eq!(large(), 300_000);
            assert_eq!(deep(3_000), 3_000);
        });
        || 0
    });
    findings.assert_outcomes([0]);
}
