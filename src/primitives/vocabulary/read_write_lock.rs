//! Writers exclude everyone, readers exclude writers.

/// A lock that any number of readers hold together, or one writer alone.
///
/// Fair, so writers do not starve: whoever asks while somebody waits queues behind, and a waiting
/// writer keeps later readers out even while other readers hold the lock. A guard cannot be upgraded
/// or downgraded, and the caller's own guard counts: an actor that asks to write while it reads waits
/// for itself.
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
    /// place in the queue: readers that waited behind a writer go on if it gives up.
    #[track_caller]
    fn write(&self) -> impl Future<Output = Self::WriteGuard<'_>>;
}
