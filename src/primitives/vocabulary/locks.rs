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

/// The same without an await: what `std::sync::Mutex` is.
pub trait BlockingLock: 'static {
    /// Gives the lock back when dropped.
    type Guard<'a>
    where
        Self: 'a;

    /// A free lock that is called `name` in a witness.
    fn new(name: &'static str) -> Self;

    /// Waits for the lock and blocks the thread: nothing else on it runs meanwhile, and the actor
    /// cannot be cancelled there. On an event loop that is every actor, so that a lock that is held is
    /// never given back: an exploration ends there in a deadlock, a real thread never gets out.
    /// Unfair.
    #[track_caller]
    fn acquire(&self) -> Self::Guard<'_>;
}
