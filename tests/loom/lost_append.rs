//! A list that several actors append to.

use crate::support::{SafeIn, prove};

#[test]
fn a_single_append_loses_items_between_threads_only() {
    prove("lost-append", "single-append", SafeIn::EventLoopOnly);
}

#[test]
fn a_list_copied_before_an_await_and_replaced_after_it_loses_items() {
    prove("lost-append", "read-transform-write", SafeIn::NoWorld);
}

#[test]
fn locked_keeps_every_item() {
    prove("lost-append", "locked", SafeIn::EveryWorld);
}

#[test]
fn one_owner_keeps_every_item_it_is_sent() {
    prove("lost-append", "message-passing", SafeIn::EveryWorld);
}
