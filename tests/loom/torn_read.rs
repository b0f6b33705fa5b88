//! Two totals that are updated on both sides of an await and read together.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_shows_a_sum_without_its_count() {
    prove("torn-read", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_shows_totals_that_belong_together() {
    prove("torn-read", "locked", SafeIn::EveryWorld);
}

#[test]
fn totals_in_one_word_cannot_be_read_apart() {
    prove("torn-read", "snapshot", SafeIn::EveryWorld);
}
