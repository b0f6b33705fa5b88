//! A future that stands in a queue and is not polled.

use crate::support::{SafeIn, prove};

#[test]
fn a_future_that_is_kept_and_not_polled_can_be_given_the_lock() {
    prove("futurelock", "select-by-reference", SafeIn::NoWorld);
}

#[test]
fn a_future_that_is_dropped_leaves_the_queue() {
    prove("futurelock", "owned-future", SafeIn::EveryWorld);
}

#[test]
fn a_task_takes_the_lock_whatever_its_parent_waits_for() {
    prove("futurelock", "spawned", SafeIn::EveryWorld);
}
