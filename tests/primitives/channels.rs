//! What a subscriber receives.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

use selvedge::primitives::{Broadcast, BroadcastReceiver, Extended, Watch, WatchReceiver};

use crate::polled::{DONE, Polled, at_once};

/// All that follows.
pub fn holds_of<P: Extended>() {
    every_subscriber_receives_what_is_sent_after_it_subscribed::<P>();
    a_receiver_that_gives_up_misses_nothing::<P>();
    who_lags_behind_the_capacity_panics::<P>();
    a_value_that_was_there_is_no_change::<P>();
    a_value_that_was_there_may_be_what_is_waited_for::<P>();
}

fn every_subscriber_receives_what_is_sent_after_it_subscribed<P: Extended>() {
    let channel = P::Broadcast::new("channel", 4);
    channel.send(1);
    let mut early = channel.subscribe();
    channel.send(2);
    let mut late = channel.subscribe();
    channel.send(3);
    assert_eq!(at_once(early.receive()), Poll::Ready(2));
    assert_eq!(at_once(early.receive()), Poll::Ready(3));
    assert_eq!(at_once(late.receive()), Poll::Ready(3));
    let first = Polled::waiting(early.receive());
    let second = Polled::waiting(late.receive());
    channel.send(4);
    assert_eq!(first.woken(), Poll::Ready(4));
    assert_eq!(second.woken(), Poll::Ready(4));
}

fn a_receiver_that_gives_up_misses_nothing<P: Extended>() {
    let channel = P::Broadcast::new("channel", 4);
    let mut receiver = channel.subscribe();
    let waiting = Polled::waiting(receiver.receive());
    channel.send(1);
    drop(waiting);
    assert_eq!(at_once(receiver.receive()), Poll::Ready(1));
}

/// The capacity is rounded up to a power of two.
fn who_lags_behind_the_capacity_panics<P: Extended>() {
    let receive_after = |items| {
        let channel = P::Broadcast::new("channel", 3);
        let mut receiver = channel.subscribe();
        (1..=items).for_each(|item| channel.send(item));
        catch_unwind(AssertUnwindSafe(|| at_once(receiver.receive()))).ok()
    };
    assert_eq!(receive_after(4), Some(Poll::Ready(1)));
    assert_eq!(receive_after(5), None);
}

fn a_value_that_was_there_is_no_change<P: Extended>() {
    let watch = P::Watch::new("watch", 0);
    watch.send(1);
    let mut receiver = watch.subscribe();
    assert!(at_once(receiver.changed()).is_pending());
    watch.send(2);
    watch.send(2);
    assert_eq!(at_once(receiver.changed()), DONE);
    let waiting = Polled::waiting(receiver.changed());
    watch.send(2);
    assert_eq!(waiting.woken(), DONE);
}

fn a_value_that_was_there_may_be_what_is_waited_for<P: Extended>() {
    let watch = P::Watch::new("watch", 0);
    watch.send(1);
    assert_eq!(at_once(watch.subscribe().wait_for(|value| value > 0)), Poll::Ready(1));
    let mut waiting = Polled::waiting(watch.subscribe().wait_for(|value| value > 2));
    watch.send(2);
    assert!(waiting.is_woken() && waiting.poll().is_pending());
    watch.send(3);
    watch.send(4);
    assert_eq!(waiting.woken(), Poll::Ready(4));
}
