//! `std::sync`, as it is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::primitives::BlockingLock;

/// `std::sync::Mutex`, whose poison is ignored: it guards no data here.
pub struct StdMutex(Mutex<()>);

impl BlockingLock for StdMutex {
    type Guard<'a> = MutexGuard<'a, ()>;

    fn new(_name: &'static str) -> Self {
        Self(Mutex::new(()))
    }

    fn acquire(&self) -> MutexGuard<'_, ()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
