//! Guards of real types, whose end is an operation.

use std::panic::Location;

use super::Object;
use super::future::TracedFuture;
use crate::observe::{Call, Seen};

/// The guard of a wrapped type.
pub struct TracedGuard<'a, G> {
    /// `None` once it was taken out.
    guard: Option<G>,
    object: &'a Object,
    location: &'static Location<'static>,
}

impl<'a, G> TracedGuard<'a, G> {
    /// The guard that `acquire` gives, as the result of `call`.
    pub(super) fn of(
        object: &'a Object,
        call: Call,
        acquire: impl Future<Output = G>,
    ) -> impl Future<Output = Self> {
        let acquired = TracedFuture::new(object, call, acquire, |_| Seen::Nothing);
        async move { Self { guard: Some(acquired.await), object, location: call.location } }
    }

    /// The guard that `call` gave without waiting.
    pub(super) fn at_once(object: &'a Object, call: Call, guard: G) -> Self {
        object.report(call, Seen::Nothing);
        Self { guard: Some(guard), object, location: call.location }
    }

    /// The wrapped guard, whose end is no longer reported.
    pub(super) fn into_inner(mut self) -> G {
        self.guard.take().expect("a guard is taken out once")
    }
}

impl<G> Drop for TracedGuard<'_, G> {
    fn drop(&mut self) {
        if self.guard.is_some() {
            self.object.report(Call::synchronise("release").at(self.location), Seen::Nothing);
        }
    }
}
