//! A row of a database, read and written back by transactions.

use crate::support::{SafeIn, prove};

#[test]
fn an_unlocked_row_loses_an_update() {
    prove("record-update", "unlocked", SafeIn::NoWorld);
}

#[test]
fn a_row_lock_keeps_every_update() {
    prove("record-update", "pessimistic", SafeIn::EveryWorld);
}

#[test]
fn a_version_check_keeps_every_update() {
    prove("record-update", "optimistic", SafeIn::EveryWorld);
}

#[test]
fn a_lock_of_one_process_does_not_keep_out_another() {
    prove("record-update", "in-process-lock-two-processes", SafeIn::NoWorld);
}
