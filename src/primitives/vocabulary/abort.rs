//! Cancelling from outside.

/// A way to cancel a future from elsewhere, wherever it waits: what `tokio::task::AbortHandle` is
/// to a task, `futures::future::AbortHandle` to any future, and a deadline to a request.
pub trait Abort: 'static {
    /// A handle that nobody has used, called `name` in a witness.
    fn new(name: &'static str) -> Self;
    /// Cancels what [`run`](Self::run) runs, at its next poll, or before its first. Never waits; does
    /// nothing if that has ended.
    #[track_caller]
    fn abort(&self);
    /// Runs `future` until it ends or is aborted; an aborted future is dropped where it waits, before
    /// this is ready. At most one run for each handle.
    ///
    /// # Errors
    ///
    /// [`Aborted`] if it was.
    #[track_caller]
    fn run<F: Future>(&self, future: F) -> impl Future<Output = Result<F::Output, Aborted>>;
}

/// What was to be run has been aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("aborted")]
pub struct Aborted;
