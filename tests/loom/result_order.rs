//! Questions asked at once, and the order of their answers.

use crate::support::{SafeIn, prove};

#[test]
fn results_as_completed_come_in_any_order() {
    prove("result-order", "as-completed", SafeIn::NoWorld);
}

#[test]
fn joined_results_come_in_the_order_asked() {
    prove("result-order", "join-all", SafeIn::EveryWorld);
}

#[test]
fn results_taken_in_turn_come_in_the_order_asked() {
    prove("result-order", "sequential", SafeIn::EveryWorld);
}
