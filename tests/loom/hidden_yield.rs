//! A call that looks harmless and yields, between a check and what relies on it.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_sells_twice_because_one_call_gave_way() {
    prove("hidden-yield", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_sells_once_whoever_gives_way() {
    prove("hidden-yield", "locked", SafeIn::EveryWorld);
}

#[test]
fn an_await_whose_future_is_ready_lets_nobody_in_on_an_event_loop() {
    prove("hidden-yield", "ready", SafeIn::EventLoopOnly);
}
