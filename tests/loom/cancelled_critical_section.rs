//! A future that is dropped between two writes.

use crate::support::{SafeIn, prove};

#[test]
fn a_lock_does_not_keep_its_holder_from_being_cancelled_half_way() {
    prove("cancelled-critical-section", "locked", SafeIn::NoWorld);
}

#[test]
fn writes_without_an_await_between_them_are_made_both_or_neither() {
    prove("cancelled-critical-section", "commit-at-the-end", SafeIn::EveryWorld);
}

#[test]
fn a_destructor_undoes_what_was_begun() {
    prove("cancelled-critical-section", "rollback-guard", SafeIn::EveryWorld);
}

#[test]
fn a_task_of_its_own_goes_on_when_its_parent_is_cancelled() {
    prove("cancelled-critical-section", "spawned", SafeIn::EveryWorld);
}
