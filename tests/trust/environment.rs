//! What the environment sets holds for every exploration, and what it cannot mean is said.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use selvedge::explore::{
    CORES, Explorer, Incomplete, MAX_BYTES, MAX_EXECUTIONS, MAX_OUTCOMES, MAX_STATES, SEED, check,
    choose,
};
use tokio::task::yield_now;

use crate::alone;

/// Many schedules, each with an outcome of its own.
fn chosen(explorer: Explorer) -> Option<Incomplete> {
    let findings = explorer.explore(|actors| {
        let number = actors.spawn("chooses", async {
            let tens = choose(10);
            yield_now().await;
            10 * tens + choose(10)
        });
        move || number.value()
    });
    findings.exploration().incomplete.clone()
}

fn run_with(name: &str, value: &str) -> (bool, String) {
    let test = "environment::an_exploration_takes_its_limits_from_the_environment";
    let output = alone::run(test, [(name, value), ("RUST_BACKTRACE", "0")]);
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn an_exploration_takes_its_limits_from_the_environment() {
    if alone::is_inner() {
        assert_eq!(chosen(Explorer::opaque()), None);
        assert_eq!(chosen(Explorer::merging()), None);
        return;
    }
    let limits = [
        (MAX_EXECUTIONS, "7", "Some(Executions(7))"),
        (MAX_OUTCOMES, "7", "Some(Outcomes(7))"),
        (MAX_BYTES, "100", "Some(Bytes(100))"),
        (MAX_STATES, "1", "Some(States(1))"),
    ];
    for (name, value, reason) in limits {
        let (is_complete, printed) = run_with(name, value);
        assert!(!is_complete && printed.contains(reason), "{name}: {printed}");
        assert!(run_with(name, "1000000").0, "{name}");
    }
}

#[test]
fn a_limit_that_is_no_number_is_named() {
    for value in ["0", "many", "-1", ""] {
        let (is_complete, printed) = run_with(MAX_EXECUTIONS, value);
        let sentence =
            format!("SELVEDGE_MAX_EXECUTIONS is {value:?}: set it to a whole number from 1");
        assert!(!is_complete && printed.contains(&sentence), "{printed}");
    }
}

/// After how many executions a failure is found that takes luck.
fn executions_until_failure() -> u32 {
    let (executions, failing) = (Cell::new(0), Rc::new(Cell::new(None)));
    let program = || {
        executions.set(executions.get() + 1);
        let (now, failing) = (executions.get(), Rc::clone(&failing));
        async move {
            if choose(100) == 77 {
                failing.set(failing.get().or(Some(now)));
                panic!("77 was chosen");
            }
        }
    };
    assert!(catch_unwind(AssertUnwindSafe(|| check(program))).is_err());
    failing.get().expect("it fails")
}

#[test]
fn another_seed_draws_other_schedules() {
    if alone::is_inner() {
        return println!("after {} executions", executions_until_failure());
    }
    let drawn = |seed| {
        let test = "environment::another_seed_draws_other_schedules";
        let printed = alone::run(test, [(SEED, seed)]).stdout;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        printed.lines().find(|line| line.starts_with("after ")).map(ToOwned::to_owned)
    };
    assert!(drawn("1").is_some(), "it prints after how many");
    assert_eq!(drawn("1"), drawn("1"));
    assert_ne!(drawn("1"), drawn("2"));
}

#[test]
fn a_parallel_exploration_takes_as_many_cores_as_it_is_told() {
    if alone::is_inner() {
        thread_local! {
            static IS_KNOWN: Cell<bool> = const { Cell::new(false) };
        }
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        let findings = Explorer::opaque().in_parallel().explore(|actors| {
            if !IS_KNOWN.replace(true) {
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
        });
        findings.assert_outcomes([()]);
        return println!("on {} threads", THREADS.load(Relaxed));
    }
    for (cores, expected) in [("1", "on 1 threads"), ("3", "on 3 threads")] {
        let test = "environment::a_parallel_exploration_takes_as_many_cores_as_it_is_told";
        let output = alone::run(test, [(CORES, cores)]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(expected), "{cores}: {output:?}");
    }
}
