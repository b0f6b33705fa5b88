//! What wakes several actors behaves in the model as it does in tokio: here by hand, poll by poll; the
//! proofs of the patterns compare the two in every schedule.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use selvedge::primitives::{
    Barrier, Broadcast, BroadcastReceiver, Extended, Model, Notify, Tokio, Traced, Watch,
    WatchReceiver,
};

/// A future that is polled by hand.
struct Polled<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<'a, T> Polled<'a, T> {
    fn unpolled(future: impl Future<Output = T> + 'a) -> Self {
        Self { future: Box::pin(future), woken: Arc::default() }
    }

    /// Polls it once and expects it to wait.
    #[track_caller]
    fn waiting(future: impl Future<Output = T> + 'a) -> Self {
        let mut this = Self::unpolled(future);
        assert!(this.poll().is_pending());
        this
    }

    fn poll(&mut self) -> Poll<T> {
        let waker = Waker::from(Arc::clone(&self.woken));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::Relaxed)
    }

    /// What it comes to, having been woken.
    #[track_caller]
    fn woken(mut self) -> Poll<T> {
        assert!(self.is_woken());
        self.poll()
    }
}

/// Polls `future` once and drops it.
fn at_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    Polled::unpolled(future).poll()
}

const DONE: Poll<()> = Poll::Ready(());

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

fn each_holds_of<P: Extended>() {
    a_second_permit_is_not_stored::<P>();
    the_first_waiter_is_notified_first::<P>();
    a_notified_waiter_that_gives_up_passes_the_notification_on::<P>();
    a_waiter_that_gives_up_loses_its_place::<P>();
    a_notification_for_all_reaches_futures_from_their_creation_on::<P>();
    a_notification_for_all_is_not_passed_on::<P>();
    a_notification_for_one_is_passed_on_whatever_follows_it::<P>();
    a_notification_for_all_leaves_the_permit_there::<P>();
    a_barrier_opens_once_in_each_round::<P>();
    who_leaves_a_barrier_has_arrived::<P>();
    a_barrier_for_nobody_is_open::<P>();
    every_subscriber_receives_what_is_sent_after_it_subscribed::<P>();
    a_receiver_that_gives_up_misses_nothing::<P>();
    who_lags_behind_the_capacity_panics::<P>();
    a_value_that_was_there_is_no_change::<P>();
    a_value_that_was_there_may_be_what_is_waited_for::<P>();
}

#[test]
fn tokio_does_what_its_documentation_says() {
    each_holds_of::<Tokio>();
}

#[test]
fn the_model_does_what_tokio_does() {
    each_holds_of::<Model>();
}

#[test]
fn tracing_changes_nothing() {
    each_holds_of::<Traced<Tokio>>();
}
