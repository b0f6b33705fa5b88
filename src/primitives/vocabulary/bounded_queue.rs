//! A queue that makes its senders wait.

/// A queue of so many items and no more, first in first out, for any number of senders and
/// receivers: what `tokio::sync::mpsc::channel` is, and `futures::channel::mpsc::channel`.
///
/// Room goes to whoever asked for it first, by [`send`](Self::send) or [`reserve`](Self::reserve),
/// and is set aside when it becomes free, so that no newcomer can take it. A future that is dropped
/// passes on what was set aside for it. One receiver at a time has the receiving end, as with
/// [`Queue`](super::Queue).
///
/// The futures crate is not fair to senders, and there one actor at a time holds a
/// [`Slot`](Self::Slot), whatever the capacity: the others wait until it is used or dropped.
pub trait BoundedQueue: 'static {
    /// Room for one item.
    type Slot<'a>: Slot
    where
        Self: 'a;

    /// An empty queue that is called `name` in a witness. Panics if `capacity` is zero.
    fn new(name: &'static str, capacity: usize) -> Self;
    /// Appends `item`, waiting for room if there is none. A future that is dropped before it is
    /// ready has sent nothing, and its item is lost.
    #[track_caller]
    fn send(&self, item: i64) -> impl Future<Output = ()>;
    /// Takes room for one item, waiting for it if there is none. Cancel safe, but for the place
    /// among those who wait.
    #[track_caller]
    fn reserve(&self) -> impl Future<Output = Self::Slot<'_>>;
    /// Takes the oldest item, waiting for one if there is none. Cancel safe: a future that is
    /// dropped before it is ready takes nothing.
    #[track_caller]
    fn receive(&self) -> impl Future<Output = i64>;
}

/// Room for one item in a queue. Dropping it makes room for another's.
pub trait Slot {
    /// Fills the slot. Never waits.
    #[track_caller]
    fn send(self, item: i64);
}
