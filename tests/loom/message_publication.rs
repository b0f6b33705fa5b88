//! A message and the flag that announces it.

use crate::support::{SafeIn, prove};

#[test]
fn a_relaxed_flag_may_come_before_its_message() {
    prove("message-publication", "relaxed", SafeIn::StrongMemoryOnly);
}

#[test]
fn release_and_acquire_publish_the_message_with_the_flag() {
    prove("message-publication", "release-acquire", SafeIn::EveryWorld);
}
