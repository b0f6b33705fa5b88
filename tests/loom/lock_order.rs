//! Two locks that are acquired one after the other, with an await in between.

use crate::support::{SafeIn, prove};

#[test]
fn opposite_orders_can_deadlock_and_do_no_other_harm() {
    prove("lock-order", "opposite", SafeIn::NoWorld);
}

#[test]
fn one_order_for_everyone_cannot_deadlock() {
    prove("lock-order", "ordered", SafeIn::EveryWorld);
}

#[test]
fn a_single_lock_cannot_deadlock() {
    prove("lock-order", "single-lock", SafeIn::EveryWorld);
}
