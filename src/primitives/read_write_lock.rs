//! Mutual exclusion of writers, and of readers only from them.

/// A lock that any number of readers hold together, or one writer alone.
///
/// Fair, and therefore kind to writers: whoever asks while somebody waits, waits behind, so a waiting
/// writer keeps later readers out although other readers hold the lock. A guard cannot be turned
/// into the other kind, and nobody's own guard is overlooked: an actor that asks to write while it
/// reads waits for itself.
pub trait RwLock: 'static {
    /// Gives the reader's share back when dropped.
    type ReadGuard<'a>
    where
        Self: 'a;
    /// Gives the lock back when dropped.
    type WriteGuard<'a>
    where
        Self: 'a;

    /// A free lock that is called `name` in a witness.
    fn new(name: &'static str) -> Self;

    /// Waits until no writer holds the lock and nobody waits before this reader. Cancel safe, but for
    /// the place in the queue.
    #[track_caller]
    fn read(&self) -> impl Future<Output = Self::ReadGuard<'_>>;

    /// Waits until nobody holds the lock and nobody waits before this writer. Cancel safe, but for the
    /// place in the queue: readers that waited behind a writer that gives up go on.
    #[track_caller]
    fn write(&self) -> impl Future<Output = Self::WriteGuard<'_>>;
}
