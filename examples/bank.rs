//! Two withdrawals from one account on `tokio::sync::Mutex`: the lock is right, its scope is not.
//!
//! ```text
//! cargo run --example bank
//! ```

use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Outcome};
use tokio::sync::Mutex;

/// Locks for the check and again for the withdrawal.
async fn withdraw_in_two_sections(balance: &Mutex<i64>, amount: i64) {
    let covered = *balance.lock().await >= amount;
    if covered {
        tokio::task::yield_now().await; // stands for an audit log, a fraud check, ...
        *balance.lock().await -= amount; // <- the bug: the check may no longer hold
    }
}

/// Locks once.
async fn withdraw_in_one_section(balance: &Mutex<i64>, amount: i64) {
    let mut balance = balance.lock().await;
    if *balance >= amount {
        tokio::task::yield_now().await;
        *balance -= amount;
    }
}

fn two_withdrawals<F: Future<Output = ()> + 'static>(
    withdraw: impl Fn(Rc<Mutex<i64>>) -> F,
) -> impl Fn(&mut Actors) -> Box<dyn FnOnce() -> i64> {
    move |actors| {
        let balance = Rc::new(Mutex::new(100));
        actors.spawn("alice", withdraw(Rc::clone(&balance)));
        actors.spawn("bob", withdraw(Rc::clone(&balance)));
        Box::new(move || *balance.try_lock().expect("nobody holds the lock any more"))
    }
}

fn main() {
    let right =
        two_withdrawals(|balance| async move { withdraw_in_one_section(&balance, 80).await });
    let findings = Explorer::opaque().explore(right);
    findings.assert_outcomes([20]);
    println!("one section: proved over {} schedules", findings.exploration().executions);

    let wrong =
        two_withdrawals(|balance| async move { withdraw_in_two_sections(&balance, 80).await });
    let findings = Explorer::opaque().explore(wrong);
    findings.assert_outcomes([-60, 20]);
    let witness = findings.witness(|outcome| *outcome == Outcome::from(-60));
    println!("two sections: the balance can end at -60\n\n{}", witness.expect("it was reached"));
}
