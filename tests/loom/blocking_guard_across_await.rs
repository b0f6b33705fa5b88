//! A lock that blocks its thread, held by an actor that yields.

use crate::support::{SafeIn, prove};

#[test]
fn a_blocking_lock_held_across_an_await_stops_an_event_loop_and_no_thread() {
    prove("blocking-guard-across-await", "blocking-lock", SafeIn::ThreadsOnly);
}

#[test]
fn a_blocking_lock_let_go_before_the_await_stops_nobody() {
    prove("blocking-guard-across-await", "scoped", SafeIn::EveryWorld);
}

#[test]
fn a_lock_that_is_awaited_may_be_held_across_an_await() {
    prove("blocking-guard-across-await", "async-lock", SafeIn::EveryWorld);
}
