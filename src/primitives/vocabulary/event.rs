//! Waiting for a flag.

/// A flag that, once set, stays set. As Python's `asyncio.Event` without `clear`.
pub trait Event: 'static {
    /// An unset event that is called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Sets the flag and wakes every waiter, in any order.
    #[track_caller]
    fn set(&self);
    /// Waits until the flag is set; ready at once if it is. Cancel safe.
    #[track_caller]
    fn wait(&self) -> impl Future<Output = ()>;
}
