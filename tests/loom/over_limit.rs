//! More requests than a site takes at once.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_sends_any_number_at_once() {
    prove("over-limit", "unlocked", SafeIn::NoWorld);
}

#[test]
fn a_counter_that_is_checked_before_the_await_lets_too_many_in_and_refuses_others() {
    prove("over-limit", "counter", SafeIn::NoWorld);
}

#[test]
fn a_semaphore_serves_everyone_within_the_limit() {
    prove("over-limit", "semaphore", SafeIn::EveryWorld);
}
