//! Permits, places in the queue, and what is passed on.

use selvedge::primitives::{Extended, Notify};

use crate::polled::{DONE, Polled, at_once};

/// All that follows.
pub fn holds_of<P: Extended>() {
    a_second_permit_is_not_stored::<P>();
    the_first_waiter_is_notified_first::<P>();
    a_notified_waiter_that_gives_up_passes_the_notification_on::<P>();
    a_waiter_that_gives_up_loses_its_place::<P>();
    a_notification_for_all_reaches_futures_from_their_creation_on::<P>();
    a_notification_for_all_is_not_passed_on::<P>();
    a_notification_for_one_is_passed_on_whatever_follows_it::<P>();
    a_notification_for_all_leaves_the_permit_there::<P>();
}

fn a_second_permit_is_not_stored<P: Extended>() {
    let notify = P::Notify::new("notify");
    notify.notify_one();
    notify.notify_one();
    assert_eq!(at_once(notify.notified()), DONE);
    assert!(at_once(notify.notified()).is_pending());
}

fn the_first_waiter_is_notified_first<P: Extended>() {
    let notify = P::Notify::new("notify");
    let created_first = notify.notified();
    let first = Polled::waiting(notify.notified());
    let second = Polled::waiting(created_first);
    notify.notify_one();
    assert!(!second.is_woken());
    assert_eq!(first.woken(), DONE);
    notify.notify_one();
    assert_eq!(second.woken(), DONE);
    assert!(at_once(notify.notified()).is_pending());
}

fn a_notified_waiter_that_gives_up_passes_the_notification_on<P: Extended>() {
    let notify = P::Notify::new("notify");
    let first = Polled::waiting(notify.notified());
    let second = Polled::waiting(notify.notified());
    notify.notify_one();
    drop(first);
    assert!(second.is_woken());
    drop(second);
    assert_eq!(at_once(notify.notified()), DONE);
    assert!(at_once(notify.notified()).is_pending());
}

fn a_waiter_that_gives_up_loses_its_place<P: Extended>() {
    let notify = P::Notify::new("notify");
    let first = Polled::waiting(notify.notified());
    let second = Polled::waiting(notify.notified());
    drop(first);
    notify.notify_one();
    assert_eq!(second.woken(), DONE);
    assert!(at_once(notify.notified()).is_pending());
}

fn a_notification_for_all_reaches_futures_from_their_creation_on<P: Extended>() {
    let notify = P::Notify::new("notify");
    let mut created_before = Polled::unpolled(notify.notified());
    let waiting = Polled::waiting(notify.notified());
    notify.notify_waiters();
    assert_eq!(created_before.poll(), DONE);
    assert_eq!(waiting.woken(), DONE);
    assert!(at_once(notify.notified()).is_pending());
}

fn a_notification_for_all_is_not_passed_on<P: Extended>() {
    let notify = P::Notify::new("notify");
    let notified = Polled::waiting(notify.notified());
    notify.notify_waiters();
    let late = Polled::waiting(notify.notified());
    drop(notified);
    assert!(!late.is_woken());
    drop(late);
    assert!(at_once(notify.notified()).is_pending());
}

fn a_notification_for_one_is_passed_on_whatever_follows_it<P: Extended>() {
    let notify = P::Notify::new("notify");
    let notified = Polled::waiting(notify.notified());
    notify.notify_one();
    notify.notify_waiters();
    drop(notified);
    assert_eq!(at_once(notify.notified()), DONE);
}

fn a_notification_for_all_leaves_the_permit_there<P: Extended>() {
    let notify = P::Notify::new("notify");
    notify.notify_one();
    let created_before = notify.notified();
    notify.notify_waiters();
    assert_eq!(at_once(created_before), DONE);
    assert_eq!(at_once(notify.notified()), DONE);
    assert!(at_once(notify.notified()).is_pending());
}
