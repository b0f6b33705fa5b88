//! A cache entry that is computed before an await and inserted after it.

use crate::support::{SafeIn, prove};

#[test]
fn a_single_insert_goes_stale_between_threads_only() {
    prove("stale-cache", "single-insert", SafeIn::EventLoopOnly);
}

#[test]
fn a_slow_refresh_replaces_a_newer_version() {
    prove("stale-cache", "read-modify-insert", SafeIn::NoWorld);
}

#[test]
fn locked_keeps_the_newest_version() {
    prove("stale-cache", "locked", SafeIn::EveryWorld);
}
