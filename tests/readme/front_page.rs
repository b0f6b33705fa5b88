//! The first example in the README, the message that it fails with, and its fix.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use selvedge::explore::Explorer;
use tokio::sync::Mutex;
use tokio::task::yield_now;

/// What stands between the braces is what the README shows.
fn overdraw() {
    use std::rc::Rc;

    use selvedge::explore::Explorer;
    use tokio::{sync::Mutex, task::yield_now};

    async fn withdraw(balance: Rc<Mutex<i64>>) {
        if *balance.lock().await >= 80 {
            yield_now().await; // any await that suspends: an audit log, say
            *balance.lock().await -= 80;
        }
    }

    let findings = Explorer::opaque().explore(|actors| {
        let balance = Rc::new(Mutex::new(100));
        actors.spawn("alice", withdraw(balance.clone()));
        actors.spawn("bob", withdraw(balance.clone()));
        move || *balance.try_lock().unwrap()
    });
    findings.assert_outcomes([20]);
}

/// The example as the README shows it.
pub fn example() -> String {
    let source = include_str!("front_page.rs");
    let (_, body) = source.split_once("fn overdraw() {\n").expect("the example is in this file");
    let (body, _) = body.split_once("\n}\n").expect("its function ends");
    body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n").collect()
}

/// What the example panics with.
pub fn message() -> String {
    let panic = catch_unwind(AssertUnwindSafe(overdraw)).expect_err("the example has a bug");
    let message = panic.downcast_ref::<String>().expect("an assertion panics with a text");
    message.trim_end().to_owned() + "\n"
}

#[test]
fn one_guard_over_check_and_withdrawal_fixes_the_example_on_all_four_schedules() {
    async fn withdraw(balance: Rc<Mutex<i64>>) {
        let mut balance = balance.lock().await;
        if *balance >= 80 {
            yield_now().await;
            *balance -= 80;
        }
    }

    let findings = Explorer::opaque().explore(|actors| {
        let balance = Rc::new(Mutex::new(100));
        actors.spawn("alice", withdraw(balance.clone()));
        actors.spawn("bob", withdraw(balance.clone()));
        move || *balance.try_lock().unwrap()
    });
    findings.assert_outcomes([20]);
    assert_eq!(findings.exploration().executions, 4);
}
