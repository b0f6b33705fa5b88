//! The first example in the README, the message that it fails with, and its fix.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use selvedge::explore::Explorer;
use tokio::sync::{Mutex, Notify};
use tokio::task::yield_now;

/// What stands between the braces is what the README shows.
fn lose_a_wakeup() {
    use std::rc::Rc;

    use selvedge::explore::Explorer;
    use tokio::{sync::Mutex, sync::Notify, task::yield_now};

    #[derive(Default)]
    struct Queue {
        jobs: Mutex<Vec<u32>>,
        added: Notify,
        log: Mutex<Vec<String>>,
    }

    async fn log(queue: &Queue, line: &str) {
        let mut log = queue.log.lock().await;
        yield_now().await; // any await that suspends: a write to the disk, say
        log.push(line.to_owned());
    }

    async fn produce(queue: Rc<Queue>) {
        queue.jobs.lock().await.push(7);
        queue.added.notify_waiters();
        log(&queue, "added").await;
    }

    async fn consume(queue: Rc<Queue>) {
        while queue.jobs.lock().await.pop().is_none() {
            log(&queue, "idle").await;
            queue.added.notified().await;
        }
    }

    let findings = Explorer::opaque().explore(|actors| {
        let queue = Rc::new(Queue::default());
        actors.spawn("producer", produce(queue.clone()));
        actors.spawn("consumer", consume(queue.clone()));
        || 0
    });
    findings.assert_outcomes([0]);
}

/// The example as the README shows it.
pub fn example() -> String {
    let source = include_str!("front_page.rs");
    let (_, body) =
        source.split_once("fn lose_a_wakeup() {\n").expect("the example is in this file");
    let (body, _) = body.split_once("\n}\n").expect("its function ends");
    body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line).to_owned() + "\n").collect()
}

/// What the example panics with.
pub fn message() -> String {
    let panic = catch_unwind(AssertUnwindSafe(lose_a_wakeup)).expect_err("the example has a bug");
    let message = panic.downcast_ref::<String>().expect("an assertion panics with a text");
    message.trim_end().to_owned() + "\n"
}

#[test]
fn a_wait_that_is_created_before_the_check_fixes_the_example() {
    #[derive(Default)]
    struct Queue {
        jobs: Mutex<Vec<u32>>,
        added: Notify,
        log: Mutex<Vec<String>>,
    }

    async fn log(queue: &Queue, line: &str) {
        let mut log = queue.log.lock().await;
        yield_now().await;
        log.push(line.to_owned());
    }

    async fn produce(queue: Rc<Queue>) {
        queue.jobs.lock().await.push(7);
        queue.added.notify_waiters();
        log(&queue, "added").await;
    }

    async fn consume(queue: Rc<Queue>) {
        loop {
            let added = queue.added.notified();
            if queue.jobs.lock().await.pop().is_some() {
                return;
            }
            log(&queue, "idle").await;
            added.await;
        }
    }

    let findings = Explorer::opaque().explore(|actors| {
        let queue = Rc::new(Queue::default());
        actors.spawn("producer", produce(queue.clone()));
        actors.spawn("consumer", consume(queue.clone()));
        || 0
    });
    findings.assert_outcomes([0]);
    assert_eq!(findings.exploration().executions, 5);
}
