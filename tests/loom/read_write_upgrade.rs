//! A reader that finds out that it has to write.

use crate::support::{SafeIn, prove};

#[test]
fn an_upgrade_waits_for_its_own_read_guard() {
    prove("read-write-upgrade", "upgrade", SafeIn::NoWorld);
}

#[test]
fn asking_to_write_first_cannot_deadlock() {
    prove("read-write-upgrade", "write-first", SafeIn::EveryWorld);
}

#[test]
fn letting_go_and_looking_again_cannot_deadlock_and_computes_once() {
    prove("read-write-upgrade", "recheck", SafeIn::EveryWorld);
}
