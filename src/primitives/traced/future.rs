//! Futures of real types, poll by poll.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::{Object, any_order};
use crate::observe::{self, Call, Registration, Seen};
use crate::primitives::Wake;

/// A future of a real type: each poll of it, and dropping it half-way, is an operation.
pub(super) struct TracedFuture<'a, F: Future> {
    inner: Pin<Box<F>>,
    object: &'a Object,
    call: Call,
    seen: fn(&F::Output) -> Seen,
    /// None unless it is pending.
    waiting: Option<Registration>,
    /// The future is around others that report their own waits, and only its end is news.
    around: bool,
}

impl<'a, F: Future> TracedFuture<'a, F> {
    pub(super) fn new(
        object: &'a Object,
        call: Call,
        inner: F,
        seen: fn(&F::Output) -> Seen,
    ) -> Self {
        Self { inner: Box::pin(inner), object, call, seen, waiting: None, around: false }
    }

    /// The same for a future that polls others, given by the pattern.
    pub(super) fn around(
        object: &'a Object,
        call: Call,
        inner: F,
        seen: fn(&F::Output) -> Seen,
    ) -> Self {
        let mut this = Self::new(object, call, inner, seen);
        this.around = true;
        this
    }
}

impl<F: Future> Future for TracedFuture<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        if let Some(earlier) = self.waiting.take() {
            observe::end_wait(earlier);
        }
        let registration = observe::register();
        let waker = TracedWaker { registration, inner: context.waker().clone() };
        let waker = Waker::from(Arc::new(waker));
        let poll = self.inner.as_mut().poll(&mut Context::from_waker(&waker));
        match poll {
            Poll::Ready(_) => observe::end_wait(registration),
            Poll::Pending => self.waiting = Some(registration),
        }
        match &poll {
            Poll::Ready(output) => self.object.report(self.call, (self.seen)(output)),
            Poll::Pending if self.around => {}
            Poll::Pending => self.object.report(self.call, Seen::Pending),
        }
        poll
    }
}

impl<F: Future> Drop for TracedFuture<'_, F> {
    fn drop(&mut self) {
        if let Some(registration) = self.waiting {
            observe::end_wait(registration);
            self.object.report(Call { operation: "give up", ..self.call }, Seen::Nothing);
        }
    }
}

/// Reports the wake to the actor that waits, then passes it on.
struct TracedWaker {
    registration: Registration,
    inner: Waker,
}

impl std::task::Wake for TracedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        any_order::wake(Wake::new(self.registration, self.inner.clone()));
    }
}
