//! Waiting for each other.

/// A flag that, once set, stays set. As Python's `asyncio.Event` without `clear`.
pub trait Event: 'static {
    /// An unset event that is called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Sets the flag and wakes every waiter.
    #[track_caller]
    fn set(&self);
    /// Waits until the flag is set; ready at once if it is. Cancel safe.
    #[track_caller]
    fn wait(&self) -> impl Future<Output = ()>;
}

/// A value computed by the first actor that asks for it.
pub trait OnceCell: 'static {
    /// An empty cell that is called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// The value, computed by `init` if there is none yet; whoever asks meanwhile waits. If the
    /// computing actor is cancelled, the next waiter's `init` runs.
    #[track_caller]
    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64>;
}

/// A channel for one word, sent once.
///
/// It has no sides that could be dropped: whoever shares it may send or receive, and what nobody
/// receives is gone with the channel.
pub trait Oneshot: 'static {
    /// A channel that nobody has sent to, called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Sends `value`. Never waits. Panics if something has been sent before.
    #[track_caller]
    fn send(&self, value: i64);
    /// Waits for the value and takes it; one actor at a time. Cancel safe: a future that is dropped
    /// before it is ready leaves the value for another. Panics if the value has been taken.
    #[track_caller]
    fn receive(&self) -> impl Future<Output = i64>;
}

/// An unbounded queue, first in first out, for any number of senders and receivers.
pub trait Queue: 'static {
    /// An empty queue that is called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Appends `item`. Never waits.
    #[track_caller]
    fn send(&self, item: i64);
    /// Takes the oldest item, waiting for one if there is none. Cancel safe: a future that is
    /// dropped before it is ready takes nothing.
    #[track_caller]
    fn receive(&self) -> impl Future<Output = i64>;
}
