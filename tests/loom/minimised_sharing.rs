//! Counting together, and counting alone with the same code.

use crate::support::{SafeIn, prove};

#[test]
fn a_shared_counter_loses_all_but_two_items() {
    prove("minimised-sharing", "shared-counter", SafeIn::NoWorld);
}

#[test]
fn counting_alone_and_combining_loses_nothing() {
    prove("minimised-sharing", "per-actor-then-combine", SafeIn::EveryWorld);
}
