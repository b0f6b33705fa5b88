//! Subscribing to an answer, before and after asking for it.

use crate::support::{SafeIn, prove};

#[test]
fn who_subscribes_after_asking_can_miss_the_answer() {
    prove("missed-broadcast", "subscribe-after-send", SafeIn::NoWorld);
}

#[test]
fn who_subscribes_before_asking_gets_the_answer() {
    prove("missed-broadcast", "subscribe-first", SafeIn::EveryWorld);
}

#[test]
fn who_waits_for_a_change_can_wait_for_what_has_happened() {
    prove("missed-broadcast", "watch-changed", SafeIn::NoWorld);
}

#[test]
fn who_waits_for_a_value_finds_one_that_is_there() {
    prove("missed-broadcast", "watch", SafeIn::EveryWorld);
}
