//! A channel whose every receiver gets every item.

/// A channel that hands each item to everyone who is subscribed: `tokio::sync::broadcast`.
pub trait Broadcast: 'static {
    /// What a subscriber holds.
    type Receiver<'a>: BroadcastReceiver
    where
        Self: 'a;

    /// A channel without subscribers that keeps the last `capacity` items, rounded up to a power of
    /// two; called `name` in a witness.
    fn new(name: &'static str, capacity: usize) -> Self;
    /// Sends `item` to those subscribed now. Never waits; a receiver that lags finds out when it next
    /// receives.
    #[track_caller]
    fn send(&self, item: i64);
    /// Receives what is sent from now on.
    #[track_caller]
    fn subscribe(&self) -> Self::Receiver<'_>;
}

/// A subscription to a [`Broadcast`], with a position of its own.
pub trait BroadcastReceiver {
    /// The next item, waiting for one if there is none. Cancel safe. Panics if the channel no longer
    /// keeps that item, where tokio returns `Lagged`: no pattern recovers from that.
    #[track_caller]
    fn receive(&mut self) -> impl Future<Output = i64>;
}
