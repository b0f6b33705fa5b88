//! Computing a value once.

/// A value computed by the first actor that asks for it.
pub trait OnceCell: 'static {
    /// An empty cell that is called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// The value, computed by `init` if there is none yet; those who ask meanwhile wait, and all are
    /// woken when it is there. If the computing actor is cancelled, the next waiter's `init` runs.
    #[track_caller]
    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64>;
}
