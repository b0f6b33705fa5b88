//! A flag that ends a future at its next poll.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::Engine;
use super::flag::{Flag, Raised};
use super::wait::Wait;
use crate::observe::Call;
use crate::primitives::{Abort, Aborted};

/// The abort handle of a [`Modelled`](super::Modelled) family.
pub struct ModelAbort<E: Engine>(Flag<E>);

impl<E: Engine> Abort for ModelAbort<E> {
    fn new(name: &'static str) -> Self {
        Self(Flag::new(name))
    }

    fn abort(&self) {
        self.0.raise(Call::synchronise("abort"));
    }

    fn run<F: Future>(&self, future: F) -> impl Future<Output = Result<F::Output, Aborted>> {
        let aborted = self.0.wait(Call::synchronise("is aborted"));
        Run { future: Some(Box::pin(future)), aborted }
    }
}

/// A future until it has ended, and the wait for the flag.
struct Run<'a, E: Engine, F> {
    future: Option<Pin<Box<F>>>,
    aborted: Wait<'a, E, Raised>,
}

impl<E: Engine, F> Run<'_, E, F> {
    fn end(&mut self) {
        self.future = None;
        self.aborted.leave("leave");
    }
}

impl<E: Engine, F: Future> Future for Run<'_, E, F> {
    type Output = Result<F::Output, Aborted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.aborted.poll_as(context, |poll| poll.is_ready()) {
            self.end();
            return Poll::Ready(Err(Aborted));
        }
        let future = self.future.as_mut().expect("a future that has ended is not polled");
        let output = ready!(future.as_mut().poll(context));
        self.end();
        Poll::Ready(Ok(output))
    }
}

impl<E: Engine, F> Drop for Run<'_, E, F> {
    fn drop(&mut self) {
        self.end();
    }
}
