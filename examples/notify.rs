//! A condition that is checked before the wait for it is registered, on `tokio::sync::Notify`.
//!
//! ```text
//! cargo run --example notify
//! ```

use std::cell::Cell;
use std::rc::Rc;

use selvedge::explore::{Actors, Explorer, Outcome};
use tokio::sync::Notify;

#[derive(Default)]
struct Gate {
    is_open: Cell<bool>,
    opened: Notify,
}

impl Gate {
    async fn open(&self) {
        tokio::task::yield_now().await;
        self.is_open.set(true);
        self.opened.notify_waiters();
    }

    /// Checks, does something else, then waits: the notification may come in between.
    async fn pass_by_checking_first(&self) {
        while !self.is_open.get() {
            tokio::task::yield_now().await; // <- the bug: nobody is registered yet
            self.opened.notified().await;
        }
    }

    /// Registers, then checks, then waits.
    async fn pass_by_registering_first(&self) {
        loop {
            let opened = self.opened.notified();
            tokio::pin!(opened);
            opened.as_mut().enable();
            if self.is_open.get() {
                return;
            }
            tokio::task::yield_now().await;
            opened.await;
        }
    }
}

fn gate<F: Future<Output = ()> + 'static>(
    pass: impl Fn(Rc<Gate>) -> F,
) -> impl Fn(&mut Actors) -> Box<dyn FnOnce() -> String> {
    move |actors| {
        let gate = Rc::new(Gate::default());
        let keeper = Rc::clone(&gate);
        actors.spawn("keeper", async move { keeper.open().await });
        actors.spawn("visitor", pass(Rc::clone(&gate)));
        Box::new(|| "passed".to_owned())
    }
}

fn main() {
    let right = gate(|gate| async move { gate.pass_by_registering_first().await });
    let findings = Explorer::opaque().explore(right);
    findings.assert_outcomes(["passed".to_owned()]);
    println!("registering first: proved over {} schedules", findings.exploration().executions);

    let wrong = gate(|gate| async move { gate.pass_by_checking_first().await });
    let findings = Explorer::opaque().explore(wrong);
    findings.assert_outcomes([Outcome::from("passed".to_owned()), Outcome::Deadlock]);
    let witness = findings.witness(|outcome| *outcome == Outcome::Deadlock);
    println!(
        "checking first: the visitor can wait forever\n\n{}",
        witness.expect("it was reached")
    );
}
