//! A witness says what is awaited and where, also on types of which the explorer sees nothing.

use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use selvedge::explore::{Actors, Explorer, Outcome, Witness, timeout};
use selvedge::observe::Aside;
use tokio::sync::{Mutex, Notify, RwLock, Semaphore, mpsc, oneshot, watch};
use tokio::task::yield_now;

/// The cheapest schedule of a program to a deadlock, or else to any outcome.
#[track_caller]
fn witness<F: FnOnce() -> i64 + 'static>(program: impl Fn(&mut Actors) -> F) -> Witness {
    let findings = Explorer::opaque().explore(program);
    let deadlock = findings.witness(|outcome| *outcome == Outcome::Deadlock);
    deadlock.or_else(|| findings.witness(|_| true)).expect("it ends somehow")
}

/// A program of one actor.
#[track_caller]
fn alone<F: Future<Output = ()> + 'static>(body: impl Fn() -> F) -> Witness {
    witness(|actors: &mut Actors| {
        actors.spawn("only", body());
        || 0
    })
}

/// What is awaited in a witness, each with its line in this file.
fn awaits(witness: &Witness) -> Vec<(String, u32)> {
    let awaited = witness.events.iter().filter_map(|event| {
        let Some(Aside::Awaits(what)) = &event.aside else { return None };
        let place = event.place.as_ref().expect("tests have debug information");
        assert_eq!(&*place.file, file!());
        Some((what.as_deref().unwrap_or("nothing known").to_owned(), place.line))
    });
    awaited.collect()
}

#[track_caller]
fn assert_awaits<const N: usize>(witness: &Witness, expected: [(&str, u32); N]) {
    let expected = expected.map(|(what, line)| (what.to_owned(), line));
    assert_eq!(awaits(witness), expected, "{witness}");
}

#[test]
fn a_wait_is_named_after_what_was_called_and_by_its_line() {
    let lock = alone(|| async {
        let mutex = Mutex::new(0);
        let _guard = mutex.lock().await;
        drop(mutex.lock().await);
    });
    assert_awaits(&lock, [("tokio::sync::Mutex::lock", line!() - 2)]);

    let read = alone(|| async {
        let lock = RwLock::new(0);
        let _guard = lock.write().await;
        drop(lock.read().await);
    });
    assert_awaits(&read, [("tokio::sync::RwLock::read", line!() - 2)]);

    let notified = alone(|| async { Notify::new().notified().await });
    assert_awaits(&notified, [("tokio::sync::Notify::notified", line!() - 1)]);

    let permit = alone(|| async { drop(Semaphore::new(0).acquire().await) });
    assert_awaits(&permit, [("tokio::sync::Semaphore::acquire", line!() - 1)]);

    let message = alone(|| async {
        let (_sender, mut receiver) = mpsc::channel::<()>(1);
        receiver.recv().await;
    });
    assert_awaits(&message, [("tokio::sync::mpsc::Receiver::recv", line!() - 2)]);

    let answer = alone(|| async {
        let (_sender, receiver) = oneshot::channel::<()>();
        drop(receiver.await);
    });
    assert_awaits(&answer, [("tokio::sync::oneshot::Receiver", line!() - 2)]);

    let changed = alone(|| async {
        let (_sender, mut receiver) = watch::channel(0);
        drop(receiver.changed().await);
    });
    assert_awaits(&changed, [("tokio::sync::watch::Receiver::changed", line!() - 2)]);

    let futures_lock = alone(|| async {
        let mutex = futures::lock::Mutex::new(0);
        let _guard = mutex.lock().await;
        drop(mutex.lock().await);
    });
    assert_awaits(&futures_lock, [("futures::lock::MutexLockFuture", line!() - 2)]);
}

#[test]
fn every_branch_that_is_still_awaited_is_named() {
    let both = alone(|| async {
        let (left, right) = (Notify::new(), Semaphore::new(0));
        let left = async { left.notified().await };
        let right = async { drop(right.acquire().await) };
        tokio::join!(left, right);
    });
    let (left, right) = (line!() - 4, line!() - 3);
    assert_awaits(
        &both,
        [("tokio::sync::Notify::notified", left), ("tokio::sync::Semaphore::acquire", right)],
    );
}

#[test]
fn a_branch_that_was_given_up_in_the_same_poll_is_not_named() {
    let second = alone(|| async {
        let notify = Notify::new();
        tokio::select! {
            biased;
            () = notify.notified() => {}
            () = async {} => {}
        }
        drop(Semaphore::new(0).acquire().await);
    });
    assert_awaits(&second, [("tokio::sync::Semaphore::acquire", line!() - 2)]);
}

#[test]
fn under_a_timeout_it_is_what_the_timeout_limits_that_is_awaited() {
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        actors.spawn("receiver", async move {
            let _ = timeout(async { receiver.recv().await }).await;
        });
        actors.spawn("sender", async move {
            let _ = sender.send(1);
        });
        || 0
    });
    let line = line!() - 7;
    // The receiver waits, and its time is not over before the sender has sent.
    let received = findings.replay(&[0, 0, 1, 0]).expect("a schedule");
    assert_awaits(&received, [("tokio::sync::mpsc::UnboundedReceiver::recv", line)]);
}

#[test]
fn a_set_of_futures_is_awaited_as_a_whole() {
    let next = alone(|| async {
        let notify = Notify::new();
        let mut set: FuturesUnordered<_> = [notify.notified()].into_iter().collect();
        set.next().await;
    });
    assert_awaits(&next, [("futures::stream::Next", line!() - 2)]);
}

#[test]
fn a_future_of_ones_own_is_named_too() {
    struct Leaf(RefCell<Option<Waker>>);

    impl Leaf {
        async fn opens(&self) {
            poll_fn(|context| {
                self.0.replace(Some(context.waker().clone()));
                Poll::<()>::Pending
            })
            .await;
        }
    }

    let leaf = alone(|| async { Leaf(RefCell::default()).opens().await });
    let [(what, line)] = &awaits(&leaf)[..] else { panic!("one wait: {leaf}") };
    assert!(what.starts_with("trust::waits::") && what.contains("opens"), "{what}");
    assert_eq!(*line, line!() - 10);
}

#[test]
fn a_deadlock_says_who_left_no_waker_behind() {
    let text = alone(pending::<()>).to_string().replace("\n  ", " ");
    assert!(
        text.contains("only has waited since #1, and nothing in it has kept its waker; there is nobody else to wake it"),
        "{text}"
    );
}

/// Whether the waker of an actor is the same to who asks as its own clone.
#[test]
fn a_waker_reports_its_clones_only_where_a_run_is_logged() {
    let is_known = Rc::new(RefCell::new(Vec::new()));
    let seen = Rc::clone(&is_known);
    let findings = Explorer::opaque().explore(|actors: &mut Actors| {
        let seen = Rc::clone(&seen);
        let poll = poll_fn(move |context| {
            let waker = context.waker();
            seen.borrow_mut().push(waker.clone().will_wake(waker));
            Poll::Ready(())
        });
        actors.spawn("only", poll);
        || 0
    });
    assert!(is_known.take().into_iter().all(|is_known| is_known));
    findings.replay(&[0]).expect("a schedule");
    assert_eq!(is_known.take(), [false]);
}

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
    while queue.jobs.lock().await.pop().is_none() {
        log(&queue, "idle").await;
        queue.added.notified().await;
    }
}

#[test]
fn a_lost_wakeup_names_actors_types_and_lines_and_why_nobody_is_left() {
    let witness = witness(|actors: &mut Actors| {
        let queue = Rc::new(Queue::default());
        actors.spawn("producer", produce(queue.clone()));
        actors.spawn("consumer", consume(queue.clone()));
        || 0
    });
    let (locks, notified) = (line!() - 26, line!() - 12);
    assert_awaits(
        &witness,
        [("tokio::sync::Mutex::lock", locks), ("tokio::sync::Notify::notified", notified)],
    );
    let text = witness.to_string().replace("\n  ", " ");
    let sentence = format!(
        "* deadlock: consumer has awaited `tokio::sync::Notify::notified` at waits.rs:{notified} since \
         #4; nobody is left to wake it: producer ended without waking it (#6)"
    );
    assert!(text.contains(&sentence), "{text}");
    assert!(text.contains("wakes producer"), "{text}");
    assert_eq!(witness.stuck, [1]);
}

#[test]
fn those_who_wait_for_each_other_are_all_named() {
    let witness = witness(|actors: &mut Actors| {
        let locks = Rc::new((Mutex::new(()), Mutex::new(())));
        let other = Rc::clone(&locks);
        actors.spawn("left first", async move {
            let _left = locks.0.lock().await;
            yield_now().await;
            drop(locks.1.lock().await);
        });
        actors.spawn("right first", async move {
            let _right = other.1.lock().await;
            yield_now().await;
            drop(other.0.lock().await);
        });
        || 0
    });
    let text = witness.to_string().replace("\n  ", " ");
    for name in ["left first", "right first"] {
        let waits = format!("{name} has awaited `tokio::sync::Mutex::lock` at waits.rs:");
        assert!(text.contains(&waits), "{text}");
    }
    assert!(text.contains("there is nobody else to wake them"), "{text}");
    assert_eq!(witness.stuck, [0, 1]);
}

#[test]
fn a_wait_that_was_woken_once_says_by_whom() {
    let witness = witness(|actors: &mut Actors| {
        let (notify, begun) = (Rc::new(Notify::new()), Rc::new(Semaphore::new(0)));
        let (waker, begins) = (Rc::clone(&notify), Rc::clone(&begun));
        actors.spawn("waiter", async move {
            begins.add_permits(1);
            loop {
                notify.notified().await;
            }
        });
        actors.spawn("early", async move {
            drop(begun.acquire().await);
            waker.notify_one();
        });
        || 0
    });
    let text = witness.to_string().replace("\n  ", " ");
    assert!(text.contains("last woken by early (#"), "{text}");
}
