//! Meeting at the end of each round.

use crate::support::{SafeIn, prove};

#[test]
fn an_event_that_stays_set_holds_nobody_back_in_the_second_round() {
    prove("barrier-reuse", "counter-and-event", SafeIn::NoWorld);
}

#[test]
fn a_barrier_that_tells_its_rounds_apart_holds_everyone_back() {
    prove("barrier-reuse", "generation", SafeIn::EveryWorld);
}
