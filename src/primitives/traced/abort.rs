//! Aborting, as the end of a run tells it.

use super::TracedType;
use super::any_order::waking_in_any_order;
use super::future::TracedFuture;
use crate::observe::{Call, Seen};
use crate::primitives::{Abort, Aborted};

impl<T: Abort> Abort for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn abort(&self) {
        let abort = || waking_in_any_order(|| self.inner.abort());
        self.object.with(Call::synchronise("abort"), abort);
    }

    fn run<F: Future>(&self, future: F) -> impl Future<Output = Result<F::Output, Aborted>> {
        let call = Call::synchronise("is aborted");
        let is_aborted = |result: &Result<F::Output, Aborted>| Seen::Flag(result.is_err());
        TracedFuture::around(&self.object, call, self.inner.run(future), is_aborted)
    }
}
