//! A send that is given up at a deadline.

use crate::support::{SafeIn, prove};

#[test]
fn a_message_given_to_a_send_is_lost_with_it() {
    prove("cancelled-send", "send", SafeIn::NoWorld);
}

#[test]
fn a_message_that_has_no_room_by_the_deadline_stays_with_its_owner() {
    prove("cancelled-send", "reserve-then-send", SafeIn::EveryWorld);
}
