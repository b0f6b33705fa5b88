//! A channel that keeps the last value only.

/// A value that can be waited on: `tokio::sync::watch`.
pub trait Watch: 'static {
    /// What a subscriber holds.
    type Receiver<'a>: WatchReceiver
    where
        Self: 'a;

    /// A channel that holds `value` and is called `name` in a witness.
    fn new(name: &'static str, value: i64) -> Self;
    /// Replaces the value, whether anybody has seen the last one or not, and wakes all that wait, in any
    /// order.
    #[track_caller]
    fn send(&self, value: i64);
    /// Watches from now on: the value there is counts as seen.
    #[track_caller]
    fn subscribe(&self) -> Self::Receiver<'_>;
}

/// A subscription to a [`Watch`], which knows what it has seen.
pub trait WatchReceiver {
    /// Waits until a value has been sent that is not seen yet; then it counts as seen. Cancel safe.
    #[track_caller]
    fn changed(&mut self) -> impl Future<Output = ()>;
    /// Waits for a value of which `condition` holds, seen or not; the one there is may do. Values that
    /// are replaced before the next poll are skipped.
    #[track_caller]
    fn wait_for(self, condition: impl Fn(i64) -> bool) -> impl Future<Output = i64>;
}
