//! A balance that is checked before an await and reduced after it.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_grants_what_is_no_longer_there() {
    prove("check-then-act", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_grants_only_what_is_there() {
    prove("check-then-act", "locked", SafeIn::EveryWorld);
}

#[test]
fn a_second_check_after_the_await_is_enough_on_an_event_loop_only() {
    prove("check-then-act", "recheck", SafeIn::EventLoopOnly);
}

#[test]
fn a_compare_exchange_grants_only_what_it_checked() {
    prove("check-then-act", "compare-exchange", SafeIn::EveryWorld);
}

#[test]
fn a_balance_that_covers_every_debit_hides_the_race_on_an_event_loop() {
    prove("check-then-act", "covered", SafeIn::EventLoopOnly);
}
