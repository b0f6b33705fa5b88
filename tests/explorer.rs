//! The explorer on a reader's own futures.

use std::cell::{Cell, RefCell};
use std::env;
use std::fmt::Debug;
use std::future::poll_fn;
use std::mem::replace;
use std::panic;
use std::process::Command;
use std::rc::Rc;
use std::sync::Barrier;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use selvedge::explore::{
    Actors, Elapsed, Explorer, Incomplete, Limits, Model, Outcome, Outcomes, REPLAY, Reduction,
    Traced, choose, outcomes, spawn, timeout,
};
use selvedge::primitives::{Cell as _, Lock, Primitives, Queue, Tokio};
use tokio::sync::{Mutex, Notify, Semaphore, mpsc};
use tokio::task::yield_now;

/// A counter that both actors read, leave and write.
fn lost_update(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    let value = Rc::new(Cell::new(0));
    for name in ["left", "right"] {
        let value = Rc::clone(&value);
        actors.spawn(name, async move {
            let seen = value.get();
            yield_now().await;
            value.set(seen + 1);
        });
    }
    move || value.get()
}

fn message_of(failing: impl FnOnce() + panic::UnwindSafe) -> String {
    let payload = panic::catch_unwind(failing).expect_err("this should fail");
    payload.downcast_ref::<String>().expect("a formatted message").clone()
}

/// What a test of this file prints to standard error when it is run alone, in this environment.
fn run_alone<const N: usize>(test: &str, environment: [(&str, &str); N]) -> String {
    let this = env::current_exe().expect("a test knows where it is");
    let mut command = Command::new(this);
    command.args(["--exact", test, "--nocapture"]).envs(environment);
    let output = command.output().expect("a test can run itself");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_order_of_polls_is_taken() {
    let findings = Explorer::opaque().explore(lost_update);
    findings.assert_outcomes([1, 2]);
    // Two actors of two polls each: four polls, of which two are the first actor's.
    assert_eq!(findings.exploration().executions, 6);
}

#[test]
fn the_witness_has_the_fewest_switches() {
    let findings = Explorer::opaque().explore(lost_update);
    let witness = findings.witness(|outcome| *outcome == Outcome::from(1)).expect("it is reached");
    assert_eq!((witness.switches, witness.path.as_slice()), (2, [0, 1, 1, 0].as_slice()));
    assert!(findings.witness(|outcome| *outcome == Outcome::Deadlock).is_none());
}

#[test]
fn a_witness_cancels_nobody_and_lets_no_time_be_over_where_that_does_not_matter() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn_cancellable("cancellable", async {
            yield_now().await;
            yield_now().await;
        });
        actors.spawn("impatient", async {
            let _ = timeout(yield_now()).await;
        });
        || 0
    });
    let witness = findings.witness(|_| true).expect("it ends");
    // Three polls of the one; two of the other, with a choice that its time is not over.
    assert_eq!(witness.path, [0, 0, 0, 1, 0, 1]);
    assert!(!witness.to_string().contains("is cancelled"), "{witness}");
}

#[test]
fn an_outcome_that_is_not_expected_fails_with_a_timeline_and_a_way_to_replay_it() {
    let message = message_of(|| Explorer::opaque().explore(lost_update).assert_outcomes([2]));
    assert!(message.contains("not allowed: 1"), "{message}");
    assert!(message.contains("left") && message.contains("right"), "{message}");
    assert!(message.contains(&format!("{REPLAY}=0.1.1.0")), "{message}");
}

#[test]
fn an_expected_outcome_that_is_never_reached_fails() {
    let message = message_of(|| Explorer::opaque().explore(lost_update).assert_outcomes([1, 2, 3]));
    assert!(message.contains("never reached on an event loop, although expected: 3"), "{message}");
}

#[test]
fn an_exploration_that_was_cut_short_fails_even_if_nothing_wrong_was_found() {
    let limits = Limits { executions: 2.try_into().expect("not zero"), ..Limits::default() };
    let explore = move || Explorer::opaque().limits(limits).explore(lost_update);
    assert_eq!(explore().exploration().incomplete, Some(Incomplete::Executions(2)));
    let message = message_of(move || explore().assert_only(|_| true));
    assert!(message.contains("inconclusive"), "{message}");
}

#[test]
fn a_schedule_in_the_environment_is_printed() {
    const INNER: &str = "SELVEDGE_TEST_INNER";
    if env::var_os(INNER).is_some() {
        Explorer::opaque().explore(lost_update).assert_outcomes([1, 2]);
        return;
    }
    let name = "a_schedule_in_the_environment_is_printed";
    let run = |path: &str| run_alone(name, [(INNER, "1"), (REPLAY, path)]);
    assert!(run("0.1.1.0").contains("runs to its end"));
    assert!(run("0.1.1").contains("is not a schedule of this program"));
    assert!(run("0.x").contains("is not a schedule of this program"));
}

#[test]
fn a_tokio_mutex_makes_the_update_whole() {
    let findings = Explorer::opaque().explore(|actors| {
        let value = Rc::new(Mutex::new(0_i64));
        for name in ["left", "middle", "right"] {
            let value = Rc::clone(&value);
            actors.spawn(name, async move {
                let mut value = value.lock().await;
                let seen = *value;
                yield_now().await;
                *value = seen + 1;
            });
        }
        move || *value.try_lock().expect("everyone has finished")
    });
    findings.assert_outcomes([3]);
}

#[test]
fn a_lost_wakeup_is_a_deadlock() {
    let findings = Explorer::opaque().explore(|actors| {
        let notify = Rc::new(Notify::new());
        let waiter = Rc::clone(&notify);
        actors.spawn("waiter", async move { waiter.notified().await });
        actors.spawn("notifier", async move { notify.notify_waiters() });
        || "woken".to_owned()
    });
    findings.assert_outcomes([Outcome::from("woken".to_owned()), Outcome::Deadlock]);
}

#[test]
fn a_panic_is_an_outcome_and_stops_nothing_else() {
    let findings = Explorer::opaque().explore(|actors| {
        let turn = Rc::new(Cell::new(0));
        let first = Rc::clone(&turn);
        actors.spawn("first", async move { first.set(1) });
        actors.spawn("second", async move { assert!(turn.get() == 1, "out of turn") });
        || 0
    });
    findings.assert_outcomes([Outcome::from(0), Outcome::Panic("out of turn".to_owned())]);
}

#[test]
fn a_cancellable_actor_is_dropped_before_its_first_poll_and_at_every_suspension() {
    let findings = Explorer::opaque().explore(|actors| {
        let steps = Rc::new(Cell::new(0));
        let inner = Rc::clone(&steps);
        actors.spawn_cancellable("task", async move {
            inner.set(1);
            yield_now().await;
            inner.set(2);
            yield_now().await;
            inner.set(3);
        });
        move || steps.get()
    });
    findings.assert_outcomes([0, 1, 2, 3]);
}

#[test]
fn a_cancelled_waiter_passes_its_permit_on() {
    let findings = Explorer::opaque().explore(|actors| {
        let permits = Rc::new(Semaphore::new(1));
        let served = Rc::new(Cell::new(0));
        let task = |permits: &Rc<Semaphore>, served: &Rc<Cell<i64>>| {
            let (permits, served) = (Rc::clone(permits), Rc::clone(served));
            async move {
                let _permit = permits.acquire().await;
                yield_now().await;
                served.set(served.get() + 1);
            }
        };
        actors.spawn("holder", task(&permits, &served));
        actors.spawn_cancellable("impatient", task(&permits, &served));
        actors.spawn("patient", task(&permits, &served));
        move || served.get()
    });
    findings.assert_outcomes([2, 3]);
}

#[test]
fn a_timeout_may_be_over_whenever_its_future_is_pending_and_never_before() {
    let findings = Explorer::opaque().explore(|actors| {
        let result = Rc::new(RefCell::new(String::new()));
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let seen = Rc::clone(&result);
        actors.spawn("receiver", async move {
            *seen.borrow_mut() = match timeout(receiver.recv()).await {
                Ok(Some(message)) => message,
                Ok(None) => "closed".to_owned(),
                Err(Elapsed) => "too late".to_owned(),
            };
        });
        actors.spawn("sender", async move {
            let _ = sender.send("in time".to_owned());
        });
        move || result.borrow().clone()
    });
    findings.assert_outcomes(["in time".to_owned(), "too late".to_owned()]);
    let ready = Explorer::opaque().explore(|actors| {
        actors.spawn("task", async { assert_eq!(timeout(async {}).await, Ok(())) });
        || 0
    });
    ready.assert_outcomes([0]);
}

#[test]
fn a_choice_is_taken_every_way() {
    let program = |actors: &mut Actors| {
        let sum = Rc::new(Cell::new(0));
        let inner = Rc::clone(&sum);
        actors.spawn("task", async move {
            inner.set(10 * choose(3));
            yield_now().await;
            inner.set(inner.get() + choose(2));
        });
        move || sum.get() as i64
    };
    let findings = Explorer::opaque().explore(program);
    findings.assert_outcomes([0, 1, 10, 11, 20, 21]);
    let witness = findings.witness(|outcome| *outcome == Outcome::from(21)).expect("reached");
    assert_eq!(findings.replay(&witness.path).expect("it repeats").outcome, Outcome::from(21));
}

#[test]
fn an_invariant_is_checked_between_steps_and_not_only_at_the_end() {
    let program = |actors: &mut Actors| {
        let accounts = Rc::new((Cell::new(50), Cell::new(50)));
        let auditor = Rc::clone(&accounts);
        actors.invariant("money is neither made nor lost", move || {
            auditor.0.get() + auditor.1.get() == 100
        });
        let total = Rc::clone(&accounts);
        actors.spawn("transfer", async move {
            accounts.0.set(accounts.0.get() - 10);
            yield_now().await;
            accounts.1.set(accounts.1.get() + 10);
        });
        move || total.0.get() + total.1.get()
    };
    let broken = Outcome::Violation("money is neither made nor lost".to_owned());
    Explorer::opaque().explore(program).assert_outcomes([broken]);
}

#[test]
fn a_random_select_is_reported_as_not_deterministic() {
    let findings = Explorer::opaque().explore(|actors| {
        let notify = Rc::new(Notify::new());
        for name in ["left", "right"] {
            let notify = Rc::clone(&notify);
            actors.spawn(name, async move {
                for _ in 0..4 {
                    tokio::select! {
                        () = yield_now() => notify.notify_one(),
                        () = notify.notified() => yield_now().await,
                    }
                }
            });
        }
        || 0
    });
    let incomplete = findings.exploration().incomplete.clone();
    assert!(matches!(incomplete, Some(Incomplete::Nondeterministic { .. })), "{incomplete:?}");
}

#[test]
fn a_program_without_actors_proves_nothing() {
    let findings = Explorer::opaque().explore(|_| || 0);
    assert_eq!(findings.exploration().incomplete, Some(Incomplete::NoActor));
}

/// Actors of the model family that make a lock of their own and hand it to each other.
fn locks_that_travel(actors: &mut Actors) -> impl FnOnce() -> i64 + use<> {
    type ModelMutex = <Model as Primitives>::Mutex;
    let hatch: Rc<RefCell<Option<Rc<ModelMutex>>>> = Rc::default();
    let taken = Rc::new(<Model as Primitives>::Queue::new("taken"));
    let (inside, sender) = (Rc::clone(&hatch), Rc::clone(&taken));
    actors.spawn("maker", async move {
        let lock = Rc::new(ModelMutex::new("travelling lock"));
        let guard = lock.acquire().await;
        *inside.borrow_mut() = Some(Rc::clone(&lock));
        sender.send(1);
        Model::yield_now().await;
        drop(guard);
    });
    actors.spawn("taker", async move {
        taken.receive().await;
        let lock = hatch.borrow().clone().expect("sent before");
        let _guard = lock.acquire().await;
    });
    || 0
}

#[test]
fn an_object_that_leaves_its_maker_is_no_longer_taken_for_private() {
    for explorer in [Explorer::merging(), Explorer::threads()] {
        let reduced = explorer.explore(locks_that_travel);
        let plain = explorer.reduction(Reduction::Opaque).explore(locks_that_travel);
        assert_eq!(reduced.exploration().outcomes(), plain.exploration().outcomes());
        assert_eq!(reduced.exploration().incomplete, None);
    }
}

#[test]
fn an_exploration_inside_of_another_is_refused() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn("explorer", async {
            Explorer::opaque().explore(lost_update);
        });
        || 0
    });
    let message = "an exploration cannot run inside of another".to_owned();
    findings.assert_outcomes([Outcome::Panic(message)]);
}

#[test]
fn an_actor_that_blocks_its_thread_is_reported_while_it_does() {
    const INNER: &str = "SELVEDGE_TEST_BLOCKS";
    if env::var_os(INNER).is_some() {
        let findings = Explorer::opaque().explore(|actors| {
            actors.spawn("sleeper", async { std::thread::sleep(Duration::from_secs(2)) });
            || 0
        });
        findings.assert_outcomes([0]);
        return;
    }
    let name = "an_actor_that_blocks_its_thread_is_reported_while_it_does";
    let printed = run_alone(name, [(INNER, "1")]);
    assert!(printed.contains("sleeper has been blocking its thread for 1 s"), "{printed}");
}

/// Waits for a flag that another actor sets, and takes any poll for the news that it did.
fn trusts_its_polls(spurious_polls: usize) -> impl Fn(&mut Actors) -> Box<dyn FnOnce() -> i64> {
    move |actors| {
        actors.allow_spurious_polls(spurious_polls);
        let (notify, is_set) = (Rc::new(Notify::new()), Rc::new(Cell::new(false)));
        let seen = Rc::new(Cell::new(-1));
        let (waiter, flag, result) = (Rc::clone(&notify), Rc::clone(&is_set), Rc::clone(&seen));
        actors.spawn("waiter", async move {
            let mut is_first = true;
            let mut notified = Box::pin(waiter.notified());
            poll_fn(move |context| {
                let poll = notified.as_mut().poll(context);
                if replace(&mut is_first, false) { poll } else { Poll::Ready(()) }
            })
            .await;
            result.set(i64::from(flag.get()));
        });
        actors.spawn("setter", async move {
            yield_now().await;
            is_set.set(true);
            notify.notify_one();
        });
        Box::new(move || seen.get())
    }
}

#[test]
fn spurious_polls_are_made_on_request_only() {
    Explorer::opaque().explore(trusts_its_polls(0)).assert_outcomes([1]);
    Explorer::opaque().explore(trusts_its_polls(1)).assert_outcomes([0, 1]);
}

#[test]
fn a_witness_of_a_panic_says_where_it_happened() {
    let findings = Explorer::opaque().explore(|actors| {
        actors.spawn("task", async { panic!("out of luck") });
        || 0
    });
    let witness = findings.witness(|_| true).expect("it panics");
    let text = witness.to_string();
    assert!(
        text.contains("* panic at tests/explorer.rs:") && text.contains("out of luck"),
        "{text}"
    );
}

#[test]
fn a_panic_that_is_raised_again_is_not_taken_for_one_that_was_caught() {
    let program = |actors: &mut Actors| {
        actors.spawn("task", async {
            let _ = panic::catch_unwind(|| panic!("caught"));
            panic::resume_unwind(Box::new("raised"));
        });
        || 0
    };
    Explorer::opaque().explore(program).assert_outcomes([Outcome::Panic("raised".to_owned())]);
}

#[test]
fn real_types_are_refused_where_no_thread_could_come_in_before_they_are_used() {
    let message = message_of(|| {
        Explorer::threads().explore(|actors: &mut Actors| {
            let lock = <Traced<Tokio> as Primitives>::Mutex::new("lock");
            actors.spawn("task", async move { drop(lock.acquire().await) });
            || 0
        });
    });
    assert!(message.starts_with("lock is of a real type"), "{message}");
}

/// What is compared of two explorations.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    outcomes: Outcomes,
    states: Option<u64>,
    incomplete: Option<Incomplete>,
    /// The switches, the schedule and the operations of the cheapest witness.
    witness: Option<(usize, Vec<u32>, Vec<&'static str>)>,
}

fn find<V: Debug + 'static, F: FnOnce() -> V + 'static>(
    explorer: Explorer,
    program: impl Fn(&mut Actors) -> F,
    wanted: &Outcome,
) -> Found {
    let findings = explorer.explore(program);
    let witness = findings.witness(|outcome| outcome == wanted).map(|witness| {
        let calls = witness.events.iter().filter_map(|event| event.call);
        (witness.switches, witness.path, calls.map(|call| call.operation).collect())
    });
    let exploration = findings.exploration();
    let (outcomes, states) = (exploration.outcomes(), exploration.states);
    Found { outcomes, states, incomplete: exploration.incomplete.clone(), witness }
}

/// Seven tasks of an event loop that read a cell, yield and write it.
fn seven_tasks() -> Found {
    let program = |actors: &mut Actors| {
        let cell = Rc::new(<Model as Primitives>::Cell::new("cell", 0));
        let shared = Rc::clone(&cell);
        actors.replicas("task", 7, move || {
            let cell = Rc::clone(&shared);
            async move {
                let seen = cell.get();
                Model::yield_now().await;
                cell.set(seen + 1);
            }
        });
        move || cell.get()
    };
    find(Explorer::merging(), program, &Outcome::from(1))
}

/// Threads that wait for a lock with a timeout, add a choice to a cell and spawn another.
fn threads_with_everything() -> Found {
    let program = |actors: &mut Actors| {
        let lock = Rc::new(<Model as Primitives>::Mutex::new("lock"));
        let sum = Rc::new(<Model as Primitives>::Cell::new("sum", 0));
        for name in ["left", "right"] {
            let (lock, sum) = (Rc::clone(&lock), Rc::clone(&sum));
            actors.spawn(name, async move {
                let Ok(_guard) = timeout(lock.acquire()).await else { panic!("too late") };
                let child = Rc::clone(&sum);
                let seen = spawn("child", async move { child.get() }).await.unwrap();
                sum.set(seen + 1 + choose(2) as i64);
            });
        }
        move || sum.get()
    };
    find(Explorer::threads(), program, &Outcome::Panic("too late".to_owned()))
}

#[test]
fn two_threads_explore_at_once_and_find_what_each_finds_alone() {
    const ROUNDS: usize = 20;
    let alone = (seven_tasks(), threads_with_everything());
    assert_eq!(alone.0.outcomes, outcomes(1..=7));
    assert_eq!(alone.0.states, Some(9 << 6), "(n + 2) * 2^(n - 1)");
    let too_late = Outcome::Panic("too late".to_owned());
    let sums = outcomes(2..=4);
    assert_eq!(alone.1.outcomes, sums.into_iter().chain([too_late]).collect());
    for _ in 0..ROUNDS {
        let start = Barrier::new(2);
        let both = thread::scope(|scope| {
            let tasks = scope.spawn(|| {
                start.wait();
                seven_tasks()
            });
            start.wait();
            let threads = threads_with_everything();
            (tasks.join().expect("an exploration does not panic"), threads)
        });
        assert_eq!(both, alone);
    }
}
