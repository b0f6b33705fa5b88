//! Waking whoever waits, and nobody else.

/// Wakes actors that wait, and remembers little for those that do not wait yet: `tokio::sync::Notify`.
///
/// Waiting begins at two moments. [`notify_waiters`](Self::notify_waiters) reaches a future from the
/// call of [`notified`](Self::notified) on; [`notify_one`](Self::notify_one) reaches it from its first
/// poll on, first come, first served.
pub trait Notify: 'static {
    /// Nobody waits and no permit is stored; called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Waits for a notification. Takes the stored permit if there is one, unless `notify_waiters` has
    /// been called since. A future that is dropped loses its place in the queue; if `notify_one` has
    /// woken it, it passes the notification on.
    #[track_caller]
    fn notified(&self) -> impl Future<Output = ()>;
    /// Wakes the first waiter. If there is none, stores a permit for the next; a second permit is not
    /// stored.
    #[track_caller]
    fn notify_one(&self);
    /// Wakes all that wait now. Stores nothing.
    #[track_caller]
    fn notify_waiters(&self);
}
