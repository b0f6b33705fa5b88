//! A lock that is acquired by a function whose caller holds it.

use crate::support::{SafeIn, prove};

#[test]
fn a_nested_lock_always_deadlocks() {
    prove("re-entry", "nested-lock", SafeIn::NoWorld);
}

#[test]
fn a_guard_passed_down_locks_once() {
    prove("re-entry", "lock-passed-down", SafeIn::EveryWorld);
}
