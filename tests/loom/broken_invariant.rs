//! Two balances that must add up, changed on both sides of an await.

use crate::support::{SafeIn, prove};

#[test]
fn unlocked_shows_an_auditor_half_a_transfer() {
    prove("broken-invariant", "unlocked", SafeIn::NoWorld);
}

#[test]
fn locked_shows_an_auditor_whole_transfers_only() {
    prove("broken-invariant", "locked", SafeIn::EveryWorld);
}

#[test]
fn a_published_snapshot_is_never_half_written() {
    prove("broken-invariant", "snapshot", SafeIn::EveryWorld);
}
