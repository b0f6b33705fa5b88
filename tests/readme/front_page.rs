//! The first example in the README, the message that it fails with, and its fix.

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

fn lose_a_wakeup() {
    let findings = Explorer::opaque().explore(|actors| {
        let queue = Rc::new(Queue::default());
        actors.spawn("producer", produce(queue.clone()));
        actors.spawn("consumer", consume(queue.clone()));
        || 0
    });
    findings.assert_outcomes([0]);
}

/// The example as the README shows it: this file up to here, without the braces of the last function.
pub fn example() -> String {
    let source = include_str!("front_page.rs");
    let (_, source) = source.split_once("\n\n").expect("a line says what this file is");
    let (items, rest) = source.split_once("fn lose_a_wakeup() {\n").expect("it is in this file");
    let (body, _) = rest.split_once("\n}\n").expect("its function ends");
    let dedented = body.lines().map(|line| line.strip_prefix("    ").unwrap_or(line));
    items.lines().chain(dedented).map(|line| line.to_owned() + "\n").collect()
}

/// What the example panics with.
pub fn message() -> String {
    let panic = std::panic::catch_unwind(lose_a_wakeup).expect_err("the example has a bug");
    let message = panic.downcast_ref::<String>().expect("an assertion panics with a text");
    message.trim_end().to_owned() + "\n"
}

#[test]
fn a_wait_that_is_created_before_the_check_fixes_the_example() {
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
