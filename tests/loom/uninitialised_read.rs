//! A configuration that is read while it is being set up.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_reads_before_there_is_a_value() {
    prove("uninitialised-read", "unlocked", SafeIn::NoWorld);
}

#[test]
fn an_event_holds_the_consumers_back() {
    prove("uninitialised-read", "event", SafeIn::EveryWorld);
}
