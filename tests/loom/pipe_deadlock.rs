//! A parent and a child with a bounded pipe in each direction.

use crate::support::{SafeIn, prove};

#[test]
fn writing_more_than_fits_before_reading_deadlocks() {
    prove("pipe-deadlock", "write-all-then-read", SafeIn::NoWorld);
}

#[test]
fn reading_while_writing_gets_everything_through_and_back() {
    prove("pipe-deadlock", "drain-while-writing", SafeIn::EveryWorld);
}
