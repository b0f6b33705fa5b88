//! A value that is read before an await and written after it.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_loses_an_increment() {
    prove("lost-update", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_counts_every_increment() {
    prove("lost-update", "locked", SafeIn::EveryWorld);
}

#[test]
fn a_lock_per_call_excludes_nobody() {
    prove("lost-update", "lock-per-call", SafeIn::NoWorld);
}

#[test]
fn without_an_await_between_read_and_write_only_threads_lose() {
    prove("lost-update", "no-await", SafeIn::EventLoopOnly);
}

#[test]
fn an_atomic_addition_loses_nothing() {
    prove("lost-update", "atomic", SafeIn::EveryWorld);
}

#[test]
fn a_second_await_widens_the_same_race() {
    prove("lost-update", "two-awaits", SafeIn::NoWorld);
}

#[test]
fn a_lock_covers_two_awaits() {
    prove("lost-update", "two-awaits-locked", SafeIn::EveryWorld);
}

#[test]
fn a_lock_around_a_loop_covers_every_round() {
    prove("lost-update", "lock-around-loop", SafeIn::EveryWorld);
}
