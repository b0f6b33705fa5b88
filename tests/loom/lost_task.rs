//! A worker that is cancelled when the work is done, or before.

use crate::support::{SafeIn, prove};

#[test]
fn a_worker_cancelled_before_the_join_takes_its_task_along() {
    prove("lost-task", "cancel-before-join", SafeIn::NoWorld);
}

#[test]
fn a_worker_cancelled_after_the_join_has_nothing_in_hand() {
    prove("lost-task", "join-then-cancel", SafeIn::EveryWorld);
}
