//! Permits and the lock that tokio makes of them.

use tokio::sync::{RwLockReadGuard, RwLockWriteGuard, SemaphorePermit};

use crate::primitives::{Permit, RwLock, Semaphore};

/// `tokio::sync::Semaphore`, never closed: fair, cancel safe but for the place in the queue.
pub struct TokioSemaphore(tokio::sync::Semaphore);

impl Semaphore for TokioSemaphore {
    type Permit<'a> = SemaphorePermit<'a>;

    fn new(_name: &'static str, permits: usize) -> Self {
        Self(tokio::sync::Semaphore::new(permits))
    }

    async fn acquire(&self) -> SemaphorePermit<'_> {
        self.0.acquire().await.expect("nobody closes the semaphore")
    }

    fn add_permits(&self, permits: usize) {
        self.0.add_permits(permits);
    }

    fn available_permits(&self) -> usize {
        self.0.available_permits()
    }
}

impl Permit for SemaphorePermit<'_> {
    fn forget(self) {
        SemaphorePermit::forget(self);
    }
}

/// `tokio::sync::RwLock`: fair, so a writer that waits keeps later readers out.
pub struct TokioRwLock(tokio::sync::RwLock<()>);

impl RwLock for TokioRwLock {
    type ReadGuard<'a> = RwLockReadGuard<'a, ()>;
    type WriteGuard<'a> = RwLockWriteGuard<'a, ()>;

    fn new(_name: &'static str) -> Self {
        Self(tokio::sync::RwLock::new(()))
    }

    fn read(&self) -> impl Future<Output = RwLockReadGuard<'_, ()>> {
        self.0.read()
    }

    fn write(&self) -> impl Future<Output = RwLockWriteGuard<'_, ()>> {
        self.0.write()
    }
}
