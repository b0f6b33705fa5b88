//! Workers that take tasks from one place.

use crate::support::{SafeIn, prove};

#[test]
fn a_task_on_a_shared_list_may_be_done_by_every_worker() {
    prove("double-processing", "shared-list", SafeIn::NoWorld);
}

#[test]
fn a_locked_list_gives_each_task_to_one_worker() {
    prove("double-processing", "locked", SafeIn::EveryWorld);
}

#[test]
fn a_queue_gives_each_task_to_one_worker() {
    prove("double-processing", "queue", SafeIn::EveryWorld);
}
