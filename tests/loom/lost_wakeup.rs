//! Waiting to be notified, before and after looking whether it is necessary.

use crate::support::{SafeIn, prove};

#[test]
fn a_wakeup_between_the_check_and_the_wait_is_lost() {
    prove("lost-wakeup", "flag-then-wait", SafeIn::NoWorld);
}

#[test]
fn without_an_await_in_between_it_is_lost_on_threads_only() {
    prove("lost-wakeup", "no-await", SafeIn::EventLoopOnly);
}

#[test]
fn who_registers_before_the_check_misses_no_wakeup() {
    prove("lost-wakeup", "register-then-check", SafeIn::EveryWorld);
}

#[test]
fn permits_do_not_add_up() {
    prove("lost-wakeup", "permit-for-each", SafeIn::NoWorld);
}

#[test]
fn a_permit_that_is_passed_on_reaches_everyone() {
    prove("lost-wakeup", "permit", SafeIn::EveryWorld);
}
