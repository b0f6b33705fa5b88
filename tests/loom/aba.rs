//! A stack whose nodes are taken out and put back.

use crate::support::{SafeIn, prove};

#[test]
fn a_bare_index_is_mistaken_for_the_state_it_once_stood_for() {
    prove("aba", "pointer", SafeIn::NoWorld);
}

#[test]
fn a_tag_tells_two_states_with_the_same_top_apart() {
    prove("aba", "tagged", SafeIn::EveryWorld);
}
