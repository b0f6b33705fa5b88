//! A message that is taken by a future which may be dropped.

use crate::support::{SafeIn, prove};

#[test]
fn a_message_that_only_the_dropped_future_has_is_lost() {
    prove("dropped-receive", "process-after-receive", SafeIn::NoWorld);
}

#[test]
fn a_cursor_that_moves_on_after_processing_loses_nothing() {
    prove("dropped-receive", "cursor-after-processing", SafeIn::EveryWorld);
}

#[test]
fn reserving_room_before_receiving_loses_nothing() {
    prove("dropped-receive", "reserve", SafeIn::EveryWorld);
}
