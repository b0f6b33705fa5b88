//! A producer and a consumer, and what lies between them.

use crate::support::{SafeIn, prove};

#[test]
fn a_queue_without_a_capacity_can_come_to_hold_everything() {
    prove("unbounded-backlog", "unbounded", SafeIn::NoWorld);
}

#[test]
fn a_bounded_queue_keeps_the_producer_no_further_ahead_than_its_capacity() {
    prove("unbounded-backlog", "bounded", SafeIn::EveryWorld);
}
