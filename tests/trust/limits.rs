//! What does not come to an end is given up, and said to be.

use std::env;
use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, Output};
use std::rc::Rc;
use std::time::{Duration, Instant};

use selvedge::explore::{
    Actors, Explorer, Incomplete, Limits, Model, POLL_SECONDS, choose, spawn, timeout,
};
use selvedge::primitives::{BlockingLock, Cell as _, Primitives, Watch as _, WatchReceiver};

type Word = <Model as Primitives>::Cell;

const EVERY: [fn() -> Explorer; 3] = [Explorer::opaque, Explorer::merging, Explorer::threads];

/// The actors that an exploration, cut off at the limit on steps, names.
#[track_caller]
fn still_going<F>(explorer: Explorer, program: fn(&mut Actors) -> F) -> Vec<String>
where
    F: FnOnce() -> i64 + 'static,
{
    let findings = explorer.explore(program);
    let exploration = findings.exploration();
    assert!(exploration.duration < Duration::from_secs(20), "{:?}", exploration.duration);
    match &exploration.incomplete {
        Some(Incomplete::Steps { actors, .. }) => actors.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_actor_that_yields_forever_is_cut_off_and_named() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            actors.spawn("other", async move { word.set(1) });
            actors.spawn("yielder", async {
                loop {
                    Model::yield_now().await;
                }
            });
            || 0
        });
        assert_eq!(actors, ["yielder (yields)"]);
    }
}

#[test]
fn an_exploration_that_was_cut_off_says_who_was_still_going() {
    let findings = Explorer::threads().explore(|actors: &mut Actors| {
        actors.spawn("yielder", async {
            loop {
                Model::yield_now().await;
            }
        });
        || 0
    });
    let incomplete = findings.exploration().incomplete.as_ref().expect("cut off");
    assert_eq!(
        incomplete.to_string(),
        "an execution was cut off after 10000 steps: is there a livelock? Still going: yielder \
         (yields)"
    );
}

#[test]
fn an_actor_that_spawns_others_forever_is_cut_off_and_named() {
    let limits = Limits { steps: 2_000, ..Limits::default() };
    for explorer in EVERY {
        let actors = still_going(explorer().limits(limits), |actors| {
            actors.spawn("parent", async {
                loop {
                    drop(spawn("child", async {}));
                    Model::yield_now().await;
                }
            });
            || 0
        });
        assert!(actors.iter().any(|actor| actor.starts_with("parent")), "{actors:?}");
    }
}

#[test]
fn a_heartbeat_is_cut_off_and_named() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            actors.spawn("other", async move { word.set(1) });
            actors.spawn("heart", async {
                loop {
                    let _ = timeout(pending::<()>()).await;
                }
            });
            || 0
        });
        assert_eq!(actors.len(), 1, "{actors:?}");
        assert!(actors[0].starts_with("heart (`times out` at tests/trust/limits.rs"), "{actors:?}");
    }
}

#[test]
fn an_actor_that_spins_is_cut_off_and_named_with_the_place() {
    for explorer in EVERY {
        let actors = still_going(explorer(), |actors| {
            let word = Rc::new(Word::new("word", 0));
            let seen = Rc::clone(&word);
            actors.spawn("spinner", async move {
                while seen.get() == 0 {
                    Model::yield_now().await;
                }
            });
            actors.spawn("other", async move { word.set(1) });
            || 0
        });
        assert_eq!(actors.len(), 1, "{actors:?}");
        assert!(
            actors[0].starts_with("spinner (`get word` at tests/trust/limits.rs"),
            "{actors:?}"
        );
    }
}

#[test]
fn a_loop_around_a_choice_is_given_up() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        actors.spawn("gambler", async { while choose(2) == 0 {} });
        || 0
    });
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Choices(100_000)));
}

#[test]
fn a_poll_that_goes_round_an_access_is_given_up() {
    for explorer in [Explorer::opaque(), Explorer::merging()] {
        let findings = explorer.explore(|actors: &mut Actors| {
            let word = Rc::new(Word::new("word", 0));
            let seen = Rc::clone(&word);
            actors.spawn("spinner", async move { while seen.get() == 0 {} });
            actors.spawn("other", async move { word.set(1) });
            || 0
        });
        let Some(Incomplete::Poll { actor, location }) = &findings.exploration().incomplete else {
            panic!("{:?}", findings.exploration().incomplete);
        };
        assert_eq!(actor, "spinner");
        assert!(location.starts_with("tests/trust/limits.rs:"), "{location}");
    }
}

/// Set where a test runs itself in a process of its own.
const INNER: &str = "SELVEDGE_TEST_INNER";

/// Runs one test of this file in a process of its own.
fn run_alone<const N: usize>(test: &str, environment: [(&str, &str); N]) -> Output {
    let this = env::current_exe().expect("a test knows where it is");
    let mut command = Command::new(this);
    command.args(["--exact", &format!("limits::{test}")]).env(INNER, "1").envs(environment);
    command.output().expect("a test can run itself")
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
    if env::var_os(INNER).is_none() {
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
    if env::var_os(INNER).is_none() {
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
    if env::var_os(INNER).is_none() {
        let test = "a_poll_that_never_returns_ends_the_process_and_says_where_it_was";
        let printed = ends_the_process(test, []);
        assert!(printed.contains("loop has not returned for 1 s"), "{printed}");
        assert!(printed.contains("since an access at tests/trust/limits.rs:"), "{printed}");
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
    if env::var_os(INNER).is_none() {
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
    if env::var_os(INNER).is_none() {
        let test = "an_actor_that_catches_its_blocking_again_and_again_ends_the_process";
        let printed = ends_the_process(test, []);
        assert!(printed.contains("left has not returned"), "{printed}");
        return;
    }
    for explorer in [Explorer::threads(), Explorer::opaque()] {
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
    if env::var_os(INNER).is_some() {
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

/// As many actors as there are steps to take.
fn tickets(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let (next, sum) = (Rc::new(Word::new("next", 0)), Rc::new(Word::new("sum", 0)));
    for weight in 1..=6 {
        let (next, sum) = (Rc::clone(&next), Rc::clone(&sum));
        actors.spawn("weigher", async move {
            let place = next.get();
            next.set(place + 1);
            Model::yield_now().await;
            sum.set(sum.get() + (place + 1) * weight);
        });
    }
    move || sum.get()
}

fn limited(explorer: Explorer, limits: Limits) -> (usize, Option<Incomplete>) {
    let findings = explorer.limits(limits).explore(tickets);
    let exploration = findings.exploration();
    (exploration.outcomes().len(), exploration.incomplete.clone())
}

#[test]
fn outcomes_beyond_their_limit_end_the_exploration() {
    let limits = Limits { outcomes: 5.try_into().expect("not zero"), ..Limits::default() };
    for explorer in EVERY {
        let (found, incomplete) = limited(explorer(), limits);
        assert_eq!((found, &incomplete), (5, &Some(Incomplete::Outcomes(5))));
        assert_eq!(incomplete.expect("given up").to_string(), "stopped after 5 distinct outcomes");
    }
}

#[test]
fn memory_beyond_its_limit_ends_the_exploration() {
    let limits = Limits { bytes: 10_000.try_into().expect("not zero"), ..Limits::default() };
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let (_, incomplete) = limited(explorer, limits);
        assert_eq!(incomplete, Some(Incomplete::Bytes(10_000)));
        let sentence = incomplete.expect("given up").to_string();
        assert_eq!(sentence, "stopped after 10000 bytes of memory");
    }
    // Where no state is kept, only the schedule and the outcomes take memory.
    let limits = Limits { bytes: 1_000.try_into().expect("not zero"), ..Limits::default() };
    assert_eq!(limited(Explorer::opaque(), limits).1, Some(Incomplete::Bytes(1_000)));
}

#[test]
fn states_beyond_their_limit_end_the_exploration() {
    let limits = Limits { states: 9.try_into().expect("not zero"), ..Limits::default() };
    for explorer in [Explorer::merging(), Explorer::threads()] {
        assert_eq!(limited(explorer, limits).1, Some(Incomplete::States(9)));
    }
}

#[test]
fn executions_beyond_their_limit_end_the_exploration() {
    let limits = Limits { executions: 7.try_into().expect("not zero"), ..Limits::default() };
    for explorer in EVERY {
        assert_eq!(limited(explorer(), limits).1, Some(Incomplete::Executions(7)));
    }
}

#[test]
fn steps_beyond_their_limit_end_the_exploration() {
    let limits = Limits { steps: 4, ..Limits::default() };
    for explorer in EVERY {
        let incomplete = limited(explorer(), limits).1;
        assert!(matches!(incomplete, Some(Incomplete::Steps { limit: 4, .. })), "{incomplete:?}");
    }
}

#[test]
fn a_witness_that_a_limit_cut_short_says_so() {
    let limits = Limits { executions: 400.try_into().expect("not zero"), ..Limits::default() };
    for (limits, is_limited) in [(limits, true), (Limits::default(), false)] {
        let findings = Explorer::merging().limits(limits).explore(tickets);
        // Everybody weighs before anybody has seen another.
        let witness = findings.witness(|outcome| *outcome != 91.into()).expect("it was found");
        assert_eq!(witness.is_limited, is_limited);
        assert_eq!(witness.to_string().contains("there may be one"), is_limited, "{witness}");
    }
}

#[test]
fn thousands_of_ready_actors_take_seconds() {
    let one = 1.try_into().expect("not zero");
    let limits = Limits { executions: one, ..Limits::default() };
    for (explorer, count) in [(Explorer::opaque(), 10_000), (Explorer::merging(), 3_000)] {
        let findings = explorer.limits(limits).explore(move |actors: &mut Actors| {
            let word = Rc::new(Word::new("word", 0));
            for _ in 0..count {
                let word = Rc::clone(&word);
                actors.spawn("actor", async move { word.set(word.get() + 1) });
            }
            || 0
        });
        let exploration = findings.exploration();
        assert_eq!(exploration.incomplete, Some(Incomplete::Executions(1)));
        assert!(exploration.duration < Duration::from_secs(10), "{:?}", exploration.duration);
    }
}

#[test]
fn a_choice_in_the_closure_that_reads_the_outcome_is_refused() {
    for explorer in EVERY {
        let findings = explorer().explore(|actors: &mut Actors| {
            actors.spawn("only", async {});
            || choose(2) as i64
        });
        assert_eq!(findings.exploration().incomplete, Some(Incomplete::ChoiceOfOutcome));
    }
}

#[test]
fn a_condition_that_is_no_place_to_come_in_is_refused_on_threads() {
    type Watch = <Model as selvedge::primitives::Extended>::Watch;
    let program = |actors: &mut Actors| {
        let (watch, least) = (Rc::new(Watch::new("watch", 0)), Rc::new(Word::new("least", 1)));
        let (waited, needed) = (Rc::clone(&watch), Rc::clone(&least));
        actors.spawn("waiter", async move {
            waited.subscribe().wait_for(|value| value >= needed.get()).await;
        });
        actors.spawn("sender", async move {
            least.set(2);
            watch.send(1);
            watch.send(2);
        });
        || 0
    };
    Explorer::opaque().explore(program).assert_outcomes([0]);
    Explorer::merging().explore(program).assert_outcomes([0]);
    let findings = Explorer::threads().explore(program);
    let actor = "waiter".to_owned();
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::Nested { actor }));
}

#[test]
fn a_condition_that_accesses_what_it_is_a_condition_of_is_refused() {
    type Watch = <Model as selvedge::primitives::Extended>::Watch;
    for explorer in EVERY {
        let findings = explorer().explore(|actors: &mut Actors| {
            let watch = Rc::new(Watch::new("watch", 0));
            actors.spawn("waiter", async move {
                let receiver = watch.subscribe();
                receiver.wait_for(|value| (watch.send(1), value > 0).1).await;
            });
            || 0
        });
        let actor = "waiter".to_owned();
        assert_eq!(findings.exploration().incomplete, Some(Incomplete::Nested { actor }));
    }
}
