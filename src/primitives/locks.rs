//! Mutual exclusion.

/// Something an actor acquires before a critical section and gives back by dropping the guard.
///
/// Locks of this crate protect no data of their own, so that a pattern with the lock and the same
/// pattern without it have one body.
pub trait Lock: 'static {
    /// Gives the lock back when dropped.
    type Guard<'a>
    where
        Self: 'a;

    /// A free lock that is called `name` in a witness.
    fn new(name: &'static str) -> Self;

    /// Waits for the lock. Dropping the future before it is ready gives up the place in the queue.
    #[track_caller]
    fn acquire(&self) -> impl Future<Output = Self::Guard<'_>>;
}
