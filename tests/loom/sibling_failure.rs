//! Uploads that run together, one of which is refused.

use crate::support::{SafeIn, prove};

#[test]
fn try_join_drops_the_others_half_way() {
    prove("sibling-failure", "try-join", SafeIn::NoWorld);
}

#[test]
fn join_all_lets_the_others_finish() {
    prove("sibling-failure", "join-all", SafeIn::EveryWorld);
}

#[test]
fn a_guard_undoes_what_try_join_drops() {
    prove("sibling-failure", "try-join-guarded", SafeIn::EveryWorld);
}
