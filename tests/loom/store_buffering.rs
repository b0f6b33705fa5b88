//! Two sides that each store a flag and load the other's.

use crate::support::{SafeIn, prove};

#[test]
fn a_relaxed_store_may_wait_behind_a_later_load() {
    prove("store-buffering", "relaxed", SafeIn::StrongMemoryOnly);
}

#[test]
fn fences_let_at_most_one_side_in() {
    prove("store-buffering", "fences", SafeIn::EveryWorld);
}

#[test]
fn release_and_acquire_do_not_keep_a_store_before_a_later_load() {
    prove("store-buffering", "release-acquire", SafeIn::StrongMemoryOnly);
}
