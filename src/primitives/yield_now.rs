//! Yielding once, without a runtime.

use std::pin::Pin;
use std::task::{Context, Poll};

use crate::observe;

/// Pending at the first poll, having woken itself; ready at the second.
#[derive(Default)]
pub(crate) struct YieldNow {
    yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.yielded, true) {
            return Poll::Ready(());
        }
        observe::before_own_wake(context.waker());
        observe::registers(context.waker());
        context.waker().wake_by_ref();
        observe::before_wakes_are_checked();
        Poll::Pending
    }
}
