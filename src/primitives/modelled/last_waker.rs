//! Room for one waiter, which the next one takes.

use std::task::Context;

use super::waiters::Wake;
use crate::observe::{self, Waiting};

/// The waker of the last one who asked in vain, as the receiving ends of `tokio::sync::mpsc` and
/// `oneshot` keep it. It stays when its future is dropped, and then wakes an actor that waits for
/// something else.
#[derive(Default)]
pub(super) struct LastWaker(Option<Wake>);

impl LastWaker {
    /// Keeps the waker of `context` and forgets the one before it.
    pub(super) fn register(&mut self, context: &Context<'_>) {
        observe::registers(context.waker());
        self.0 = Some(Wake::new(observe::register(), context.waker().clone()));
    }

    /// What is to be woken, and is forgotten by that.
    pub(super) fn take(&mut self) -> Option<Wake> {
        self.0.take()
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(Waiting)) {
        if let Some(wake) = &self.0 {
            visit(Waiting { registration: wake.registration(), granted: false });
        }
    }
}
