//! Numbers of a sequence: taken by everyone, or asked of the actor that owns it.

use crate::support::{SafeIn, prove};

#[test]
fn shared_state_gives_the_same_number_to_any_of_them() {
    prove("message-passing", "shared", SafeIn::NoWorld);
}

#[test]
fn an_actor_that_owns_the_state_gives_everyone_a_number_of_their_own() {
    prove("message-passing", "actor", SafeIn::EveryWorld);
}
