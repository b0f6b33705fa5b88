//! A cache that is found empty before an await and filled after it.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_fetches_more_than_once_and_may_keep_an_old_version() {
    prove("cache-stampede", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_fetches_once() {
    prove("cache-stampede", "locked", SafeIn::EveryWorld);
}

#[test]
fn whoever_claims_the_fetch_makes_it_and_the_others_wait() {
    prove("cache-stampede", "in-flight-event", SafeIn::EveryWorld);
}

#[test]
fn a_once_cell_fetches_once() {
    prove("cache-stampede", "once-cell", SafeIn::EveryWorld);
}
