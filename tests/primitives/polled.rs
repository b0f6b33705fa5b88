//! Futures that are polled by hand.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A future that is polled by hand.
pub struct Polled<'a, T> {
    future: Pin<Box<dyn Future<Output = T> + 'a>>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<'a, T> Polled<'a, T> {
    /// Not polled yet.
    pub fn unpolled(future: impl Future<Output = T> + 'a) -> Self {
        Self { future: Box::pin(future), woken: Arc::default() }
    }

    /// Polls it once and expects it to wait.
    #[track_caller]
    pub fn waiting(future: impl Future<Output = T> + 'a) -> Self {
        let mut this = Self::unpolled(future);
        assert!(this.poll().is_pending());
        this
    }

    /// Polls it once.
    pub fn poll(&mut self) -> Poll<T> {
        let waker = Waker::from(Arc::clone(&self.woken));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }

    /// Whether anybody has woken it.
    pub fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::Relaxed)
    }

    /// What it comes to, having been woken.
    #[track_caller]
    pub fn woken(mut self) -> Poll<T> {
        assert!(self.is_woken());
        self.poll()
    }
}

/// Polls `future` once and drops it.
pub fn at_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    Polled::unpolled(future).poll()
}

/// The end of what gives nothing back.
pub const DONE: Poll<()> = Poll::Ready(());
