//! Handing over one word.

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
    /// Waits for the value and takes it; one receiver at a time, in the order of their first polls.
    /// Cancel safe: a future that is dropped before it is ready leaves the value for another. Panics if
    /// the value has been taken.
    #[track_caller]
    fn receive(&self) -> impl Future<Output = i64>;
}
