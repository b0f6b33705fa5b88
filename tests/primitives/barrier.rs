//! Rounds, and who counts as arrived.

use selvedge::primitives::{Barrier, Extended};

use crate::polled::{DONE, Polled, at_once};

/// All that follows.
pub fn holds_of<P: Extended>() {
    a_barrier_opens_once_in_each_round::<P>();
    who_leaves_a_barrier_has_arrived::<P>();
    a_barrier_for_nobody_is_open::<P>();
}

fn a_barrier_opens_once_in_each_round<P: Extended>() {
    let barrier = P::Barrier::new("barrier", 3);
    for _ in 0..2 {
        let first = Polled::waiting(barrier.wait());
        let second = Polled::waiting(barrier.wait());
        assert_eq!(at_once(barrier.wait()), DONE);
        // The next round begins before everyone has left the last.
        let next = Polled::waiting(barrier.wait());
        assert_eq!(first.woken(), DONE);
        assert_eq!(second.woken(), DONE);
        assert!(!next.is_woken());
        let another = Polled::waiting(barrier.wait());
        assert_eq!(at_once(barrier.wait()), DONE);
        assert_eq!(next.woken(), DONE);
        assert_eq!(another.woken(), DONE);
    }
}

fn who_leaves_a_barrier_has_arrived<P: Extended>() {
    let barrier = P::Barrier::new("barrier", 2);
    drop(Polled::waiting(barrier.wait()));
    assert_eq!(at_once(barrier.wait()), DONE);
    assert!(at_once(barrier.wait()).is_pending());
}

fn a_barrier_for_nobody_is_open<P: Extended>() {
    assert_eq!(at_once(P::Barrier::new("barrier", 0).wait()), DONE);
}
