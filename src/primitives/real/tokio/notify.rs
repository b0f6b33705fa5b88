//! Waking whoever waits.

use crate::primitives::Notify;

/// `tokio::sync::Notify`.
pub struct TokioNotify(tokio::sync::Notify);

impl Notify for TokioNotify {
    fn new(_name: &'static str) -> Self {
        Self(tokio::sync::Notify::new())
    }

    fn notified(&self) -> impl Future<Output = ()> {
        self.0.notified()
    }

    fn notify_one(&self) {
        self.0.notify_one();
    }

    fn notify_waiters(&self) {
        self.0.notify_waiters();
    }
}
