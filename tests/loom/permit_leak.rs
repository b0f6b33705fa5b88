//! A permit whose holder is cancelled.

use crate::support::{SafeIn, prove};

#[test]
fn a_permit_that_is_given_back_by_hand_is_lost_with_its_holder() {
    prove("permit-leak", "manual-release", SafeIn::NoWorld);
}

#[test]
fn a_guard_gives_the_permit_back_wherever_its_holder_is_cancelled() {
    prove("permit-leak", "guard", SafeIn::EveryWorld);
}
