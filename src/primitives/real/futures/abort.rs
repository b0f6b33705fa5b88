//! Aborting as the futures crate does.

use std::sync::{Mutex, PoisonError};

use futures::future::{AbortHandle, AbortRegistration, Abortable};

use crate::primitives::{Abort, Aborted};

/// `futures::future::Abortable`, its registration kept until there is a future.
pub struct FuturesAbort {
    handle: AbortHandle,
    registration: Mutex<Option<AbortRegistration>>,
}

impl Abort for FuturesAbort {
    fn new(_name: &'static str) -> Self {
        let (handle, registration) = AbortHandle::new_pair();
        Self { handle, registration: Mutex::new(Some(registration)) }
    }

    fn abort(&self) {
        self.handle.abort();
    }

    async fn run<F: Future>(&self, future: F) -> Result<F::Output, Aborted> {
        let registration = self.registration.lock().unwrap_or_else(PoisonError::into_inner).take();
        let registration = registration.expect("a handle is for one run");
        Abortable::new(future, registration).await.map_err(|_| Aborted)
    }
}
