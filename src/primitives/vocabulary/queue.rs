//! A queue that never makes its senders wait.

/// An unbounded queue, first in first out, for any number of senders and receivers.
///
/// One receiver at a time has the receiving end: the first to be polled keeps it until it has an item
/// or is dropped, also while nobody polls it, and the others wait behind it.
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
