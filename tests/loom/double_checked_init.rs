//! A value that is written once and read without the lock.

use crate::support::{SafeIn, prove};

#[test]
fn a_relaxed_flag_does_not_publish_the_payload() {
    prove("double-checked-init", "relaxed", SafeIn::StrongMemoryOnly);
}

#[test]
fn an_acquire_release_flag_publishes_the_payload() {
    prove("double-checked-init", "acquire-release", SafeIn::EveryWorld);
}

#[test]
fn a_once_cell_publishes_the_payload() {
    prove("double-checked-init", "once-cell", SafeIn::EveryWorld);
}
