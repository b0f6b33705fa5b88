//! Meeting before going on.

/// Where a fixed number of actors wait for each other, any number of times: `tokio::sync::Barrier`.
pub trait Barrier: 'static {
    /// A barrier for so many actors, at least one, that is called `name` in a witness.
    fn new(name: &'static str, actors: usize) -> Self;
    /// Arrives, and waits until as many have arrived as the barrier is for; they all go on, in any
    /// order, and the next to arrive is the first of the next round. To arrive is one step and to find
    /// out whether the round has ended is another. Not cancel safe: a future that is dropped while it
    /// waits has still arrived.
    #[track_caller]
    fn wait(&self) -> impl Future<Output = ()>;
}
