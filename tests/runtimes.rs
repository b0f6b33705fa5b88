//! The patterns on a real runtime: what is proved of them also happens.
//!
//! Guarded variants hold on one event loop and on two workers, whatever family they are made of.
//! The unguarded ones are run on one event loop only, where the order is fixed and the outcome is
//! therefore one value: what asyncio prints, wherever it does not depend on who resumes first.
//! Actors that wake themselves resume first in, first out, as in asyncio; those that give way with
//! `tokio::task::yield_now` resume last in, first out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

use futures::join;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{AcquireRelease, Locked, Relaxed, Unlocked};
use selvedge::explore::Value;
use selvedge::patterns::blocking_guard_across_await as blocking;
use selvedge::patterns::cache_stampede::{Cache, OnceCache};
use selvedge::patterns::cancelled_critical_section::Bank;
use selvedge::patterns::check_then_act::{Account, AtomicAccount};
use selvedge::patterns::double_checked_init::Lazy;
use selvedge::patterns::futurelock::Progress;
use selvedge::patterns::lost_append::List;
use selvedge::patterns::lost_update::Counter;
use selvedge::patterns::uninitialised_read::Config;
use selvedge::primitives::{Extended, Futures, Tokio};
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;

const ACTORS: usize = 50;

/// Runs so many actors on one state, each started by a call of `actor` with its number.
fn run_on<S, F>(runtime: &Runtime, actors: usize, actor: impl Fn(Arc<S>, usize) -> F) -> Value
where
    S: Shared,
    F: Future<Output = ()> + Send + 'static,
{
    let state = Arc::new(S::new(actors));
    runtime.block_on(async {
        let start = |number| tokio::spawn(actor(Arc::clone(&state), number));
        for task in (0..actors).map(start).collect::<Vec<_>>() {
            task.await.expect("an actor does not panic");
        }
    });
    state.outcome()
}

/// One actor's part: a single call of `operation`.
async fn once<S, R>(state: Arc<S>, operation: impl AsyncFn(&S) -> R) {
    operation(&state).await;
}

/// One actor's part: a call of `first` if its number is 0, else of `others`.
async fn first_or_else<S>(
    state: Arc<S>,
    number: usize,
    first: impl AsyncFn(&S),
    others: impl AsyncFn(&S),
) {
    if number == 0 { first(&state).await } else { others(&state).await }
}

/// An event loop on which every actor starts before any resumes: tokio looks for those that gave
/// way after so many polls, and how many that is by default depends on the build.
fn event_loop() -> Runtime {
    let builder = &mut Builder::new_current_thread();
    builder.event_interval(61).build().expect("the system lets a runtime start")
}

fn two_workers() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).build().expect("the system lets a runtime start")
}

/// Asserts that the actors come to `expected` on one event loop.
#[track_caller]
fn comes_to<S, F>(expected: impl Into<Value>, actor: impl Fn(Arc<S>, usize) -> F)
where
    S: Shared,
    F: Future<Output = ()> + Send + 'static,
{
    assert_eq!(run_on(&event_loop(), ACTORS, actor), expected.into());
}

/// Asserts that the actors come to `expected` on one event loop and on two workers.
#[track_caller]
fn holds<S, F>(expected: impl Into<Value>, actor: impl Fn(Arc<S>, usize) -> F)
where
    S: Shared,
    F: Future<Output = ()> + Send + 'static,
{
    let expected = expected.into();
    for runtime in [event_loop(), two_workers()] {
        assert_eq!(run_on(&runtime, ACTORS, &actor), expected);
    }
}

#[test]
fn locked_and_atomic_counters_count_every_increment() {
    holds(50, |c, _| once(c, Counter::<Tokio, Locked>::increment));
    holds(50, |c, _| once(c, Counter::<Futures, Locked>::increment));
    holds(50, |c, _| once(c, Counter::<Tokio, Unlocked>::increment_atomically));
    holds(50, |c, _| once(c, Counter::<Futures, Unlocked>::increment_atomically));
}

#[test]
fn ten_thousand_unlocked_increments_on_an_event_loop_count_one_as_asyncio_prints() {
    let increments = 10_000;
    let tokio =
        run_on(&event_loop(), increments, |c, _| once(c, Counter::<Tokio, Unlocked>::increment));
    let futures =
        run_on(&event_loop(), increments, |c, _| once(c, Counter::<Futures, Unlocked>::increment));
    assert_eq!([tokio, futures], [Value::Number(1), Value::Number(1)]);
}

#[test]
fn ten_locked_increments_and_ten_thousand_count_themselves() {
    for increments in [10, 10_000] {
        let total =
            run_on(&two_workers(), increments, |c, _| once(c, Counter::<Tokio, Locked>::increment));
        assert_eq!(total, Value::Number(increments as i64));
    }
}

#[test]
fn guarded_accounts_grant_one_of_the_debits_that_empty_them() {
    let one = [("granted", 1), ("balance", 0)];
    holds(one, |a, _| once(a, async |a: &Account<Tokio, Locked>| a.debit(100).await));
    holds(one, |a, _| once(a, async |a: &Account<Futures, Locked>| a.debit(100).await));
    holds(one, |a, _| once(a, async |a: &AtomicAccount<Tokio>| a.debit(100).await));
    holds(one, |a, _| once(a, async |a: &AtomicAccount<Futures>| a.debit(100).await));
}

#[test]
fn an_unlocked_account_on_an_event_loop_grants_every_debit() {
    let all = [("granted", 50), ("balance", 100 - 50 * 100)];
    comes_to(all, |a, _| once(a, async |a: &Account<Tokio, Unlocked>| a.debit(100).await));
    comes_to(all, |a, _| once(a, async |a: &Account<Futures, Unlocked>| a.debit(100).await));
}

#[test]
fn checking_again_after_the_await_is_enough_on_an_event_loop() {
    let one = [("granted", 1), ("balance", 0)];
    comes_to(one, |a, _| {
        once(a, async |a: &Account<Tokio, Unlocked>| a.debit_with_recheck(100).await)
    });
    comes_to(one, |a, _| {
        once(a, async |a: &Account<Futures, Unlocked>| a.debit_with_recheck(100).await)
    });
}

#[test]
fn a_locked_list_keeps_every_item() {
    holds(50, |l, _| once(l, async |l: &List<Tokio, Locked>| l.copy_and_replace(1).await));
    holds(50, |l, _| once(l, async |l: &List<Futures, Locked>| l.copy_and_replace(1).await));
}

#[test]
fn a_list_with_one_owner_keeps_every_item_that_is_sent() {
    // The owner is one of the actors, and the first item comes from it.
    holds(50, |l, number| {
        let send_and_own = async |l: &List<Tokio, Unlocked>| join!(l.send(1), l.own()).0;
        first_or_else(l, number, send_and_own, async |l| l.send(1).await)
    });
    holds(50, |l, number| {
        let send_and_own = async |l: &List<Futures, Unlocked>| join!(l.send(1), l.own()).0;
        first_or_else(l, number, send_and_own, async |l| l.send(1).await)
    });
}

#[test]
fn an_unlocked_list_on_an_event_loop_keeps_one_item_of_those_put_back_after_an_await() {
    comes_to(1, |l, _| once(l, async |l: &List<Tokio, Unlocked>| l.copy_and_replace(1).await));
    comes_to(1, |l, _| once(l, async |l: &List<Futures, Unlocked>| l.copy_and_replace(1).await));
}

#[test]
fn a_single_append_on_an_event_loop_loses_nothing() {
    comes_to(50, |l, _| once(l, async |l: &List<Tokio, Unlocked>| l.append(1)));
    comes_to(50, |l, _| once(l, async |l: &List<Futures, Unlocked>| l.append(1)));
}

#[test]
fn guarded_caches_fetch_once() {
    let once_only = [("fetches", 1), ("kept", 1), ("empty-handed", 0)];
    holds(once_only, |c, _| once(c, Cache::<Tokio, Locked>::load));
    holds(once_only, |c, _| once(c, Cache::<Futures, Locked>::load));
    holds(once_only, |c, _| once(c, Cache::<Tokio, Unlocked>::load_once));
    holds(once_only, |c, _| once(c, Cache::<Futures, Unlocked>::load_once));
    holds(once_only, |c, _| once(c, OnceCache::<Tokio>::load));
    holds(once_only, |c, _| once(c, OnceCache::<Futures>::load));
}

#[test]
fn everyone_fetches_for_an_unlocked_cache_and_a_fifo_loop_keeps_the_last_as_asyncio_does() {
    let last_kept = [("fetches", 50), ("kept", 50), ("empty-handed", 0)];
    comes_to(last_kept, |c, _| once(c, Cache::<Futures, Unlocked>::load));
}

#[test]
fn tokio_resumes_those_that_yielded_last_first_so_the_first_fetch_is_kept() {
    let first_kept = [("fetches", 50), ("kept", 1), ("empty-handed", 0)];
    comes_to(first_kept, |c, _| once(c, Cache::<Tokio, Unlocked>::load));
}

#[test]
fn nobody_who_waits_for_the_event_reads_early() {
    holds(0, |c, number| {
        let consume = Config::<Tokio>::wait_and_consume;
        first_or_else(c, number, Config::<Tokio>::produce, consume)
    });
    holds(0, |c, number| {
        let consume = Config::<Futures>::wait_and_consume;
        first_or_else(c, number, Config::<Futures>::produce, consume)
    });
}

#[test]
fn everyone_reads_early_on_an_event_loop_although_the_producer_starts_first() {
    comes_to(49, |c, number| {
        let consume = async |c: &Config<Tokio>| c.consume();
        first_or_else(c, number, Config::<Tokio>::produce, consume)
    });
    comes_to(49, |c, number| {
        let consume = async |c: &Config<Futures>| c.consume();
        first_or_else(c, number, Config::<Futures>::produce, consume)
    });
}

#[test]
fn a_value_is_initialised_once_and_read_by_everyone() {
    let initialised = [("initialisations", 1), ("misreads", 0)];
    holds(initialised, |l, _| once(l, Lazy::<Tokio, AcquireRelease>::get));
    holds(initialised, |l, _| once(l, Lazy::<Futures, AcquireRelease>::get));
    holds(initialised, |l, _| once(l, Lazy::<Tokio, Relaxed>::get_once));
    holds(initialised, |l, _| once(l, Lazy::<Futures, Relaxed>::get_once));
}

#[test]
fn a_task_that_is_spawned_takes_the_lock_while_its_parent_reports() {
    let tasks = LocalSet::new();
    let progress = Rc::new(Progress::<Tokio>::new(2));
    event_loop().block_on(tasks.run_until(async {
        join!(progress.update_slowly(), progress.spawn_update());
    }));
    assert_eq!(progress.outcome(), Value::Number(2));
}

#[test]
fn a_transfer_that_was_spawned_goes_on_when_nobody_waits_for_it() {
    let tasks = LocalSet::new();
    let bank = Rc::new(Bank::<Tokio>::new(1));
    let own = Rc::clone(&bank);
    let runtime = event_loop();
    runtime.block_on(tasks.run_until(async {
        drop(Tokio::spawn("transfer", async move { own.transfer().await }));
    }));
    runtime.block_on(tasks);
    assert_eq!(bank.outcome(), Value::Number(200));
}

#[test]
fn a_panic_of_a_task_that_was_spawned_reaches_whoever_waits_for_it() {
    let wait = async { Tokio::spawn("child", async { panic!("in the child") }).await };
    let waits = || event_loop().block_on(LocalSet::new().run_until(wait));
    let payload = catch_unwind(AssertUnwindSafe(waits)).expect_err("the child panics");
    assert_eq!(payload.downcast_ref(), Some(&"in the child"));
}

#[test]
fn locks_that_are_let_go_before_an_await_or_awaited_count_every_increment() {
    holds(50, |c, _| once(c, blocking::Counter::<Tokio>::increment_scoped));
    holds(50, |c, _| once(c, blocking::Counter::<Futures>::increment_scoped));
    holds(50, |c, _| once(c, blocking::Counter::<Tokio>::increment_awaiting));
    holds(50, |c, _| once(c, blocking::Counter::<Futures>::increment_awaiting));
}
