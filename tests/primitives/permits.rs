//! Who comes first where permits are given out.

use selvedge::primitives::{Extended, RwLock, Semaphore};

use crate::polled::Polled;

/// All that follows.
pub fn holds_of<P: Extended>() {
    a_writer_that_waits_keeps_later_readers_out_until_it_gives_up::<P>();
    a_permit_set_aside_for_a_waiter_that_gives_up_goes_to_the_next::<P>();
}

fn a_writer_that_waits_keeps_later_readers_out_until_it_gives_up<P: Extended>() {
    let lock = P::RwLock::new("lock");
    let mut first = Polled::unpolled(lock.read());
    let guard = first.poll();
    assert!(guard.is_ready());
    let writer = Polled::waiting(lock.write());
    let late = Polled::waiting(lock.read());
    drop(writer);
    assert!(late.woken().is_ready());
}

fn a_permit_set_aside_for_a_waiter_that_gives_up_goes_to_the_next<P: Extended>() {
    let semaphore = P::Semaphore::new("semaphore", 1);
    let mut first = Polled::unpolled(semaphore.acquire());
    let permit = first.poll();
    let second = Polled::waiting(semaphore.acquire());
    let third = Polled::waiting(semaphore.acquire());
    drop(permit);
    assert!(second.is_woken() && !third.is_woken());
    drop(second);
    assert!(third.woken().is_ready());
}
