//! A panic that cannot be caught is at least explained.

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::rc::Rc;
use std::sync::Mutex;

use selvedge::explore::{Actors, Explorer, Incomplete, Model, Outcome};
use selvedge::primitives::{BlockingLock, Primitives};

type BlockingMutex = <Model as Primitives>::BlockingMutex;

/// Set where a test runs itself in a process of its own.
const INNER: &str = "SELVEDGE_TEST_INNER";

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a bomb went off");
    }
}

/// What a test of this file prints when it runs alone, and does not survive.
#[track_caller]
fn aborts(test: &str) -> String {
    let this = env::current_exe().expect("a test knows where it is");
    let mut command = Command::new(this);
    command.args(["--exact", &format!("drops::{test}")]).env(INNER, "1");
    let output = command.output().expect("a test can run itself");
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{printed}");
    printed
}

#[test]
fn a_destructor_that_panics_where_a_thread_can_never_go_on_is_named_before_the_end() {
    if env::var_os(INNER).is_none() {
        let printed = aborts(
            "a_destructor_that_panics_where_a_thread_can_never_go_on_is_named_before_the_end",
        );
        assert!(printed.contains("selvedge: a destructor panicked at tests/trust/drops.rs:"));
        assert!(printed.contains("a bomb went off. It belongs to left, under the schedule 0."));
        return;
    }
    Explorer::threads().explore(|actors: &mut Actors| {
        let mutex = Rc::new(BlockingMutex::new("mutex"));
        actors.spawn("left", async move {
            let _bomb = Bomb;
            let _guard = mutex.acquire();
            let _again = mutex.acquire();
        });
        || 0
    });
}

#[test]
fn a_destructor_that_panics_where_an_actor_waits_is_caught() {
    for explorer in [Explorer::opaque(), Explorer::merging(), Explorer::threads()] {
        let findings = explorer.explore(|actors: &mut Actors| {
            actors.spawn("left", async {
                let _bomb = Bomb;
                std::future::pending::<()>().await;
            });
            || 0
        });
        findings.assert_outcomes([Outcome::Deadlock]);
    }
}

#[test]
fn an_exploration_of_a_thread_that_panics_is_refused() {
    static REFUSED: Mutex<Option<Incomplete>> = Mutex::new(None);
    struct Explores;

    impl Drop for Explores {
        fn drop(&mut self) {
            let findings = Explorer::opaque().explore(|actors: &mut Actors| {
                actors.spawn("only", async {});
                || 0
            });
            *REFUSED.lock().expect("nobody panics") = findings.exploration().incomplete.clone();
        }
    }

    if env::var_os(INNER).is_none() {
        // The first of its process, too.
        let this = env::current_exe().expect("a test knows where it is");
        let test = "drops::an_exploration_of_a_thread_that_panics_is_refused";
        let alone = Command::new(this).args(["--exact", test]).env(INNER, "1").output();
        assert!(alone.expect("a test can run itself").status.success());
    }
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _explores = Explores;
        panic!("as it should");
    }));
    assert!(panic.is_err());
    assert_eq!(*REFUSED.lock().expect("nobody panics"), Some(Incomplete::Unwinding));
}
