//! Semaphores and read-write locks that keep nobody waiting.

use super::{Guard, has};
use crate::primitives::{Permit, RwLock, Semaphore};

/// A semaphore without its guard, if that has been taken away.
pub struct WeakSemaphore<T>(T);

/// A permit, or what stands for one.
pub struct WeakPermit<T>(Option<T>);

impl<T: Permit> Permit for WeakPermit<T> {
    fn forget(self) {
        if let Some(permit) = self.0 {
            permit.forget();
        }
    }
}

impl<T: Semaphore> Semaphore for WeakSemaphore<T> {
    type Permit<'a> = WeakPermit<T::Permit<'a>>;

    fn new(name: &'static str, permits: usize) -> Self {
        Self(T::new(name, permits))
    }

    fn acquire(&self) -> impl Future<Output = WeakPermit<T::Permit<'_>>> {
        let acquired = has(Guard::Semaphore).then(|| self.0.acquire());
        async { WeakPermit(of(acquired).await) }
    }

    fn add_permits(&self, permits: usize) {
        self.0.add_permits(permits);
    }

    fn available_permits(&self) -> usize {
        self.0.available_permits()
    }
}

/// A read-write lock without its guard, if that has been taken away.
pub struct WeakRwLock<T>(T);

impl<T: RwLock> RwLock for WeakRwLock<T> {
    type ReadGuard<'a> = Option<T::ReadGuard<'a>>;
    type WriteGuard<'a> = Option<T::WriteGuard<'a>>;

    fn new(name: &'static str) -> Self {
        Self(T::new(name))
    }

    fn read(&self) -> impl Future<Output = Option<T::ReadGuard<'_>>> {
        of(has(Guard::RwLock).then(|| self.0.read()))
    }

    fn write(&self) -> impl Future<Output = Option<T::WriteGuard<'_>>> {
        of(has(Guard::RwLock).then(|| self.0.write()))
    }
}

/// What a future comes to, if there is one.
pub(super) async fn of<F: Future>(future: Option<F>) -> Option<F::Output> {
    Some(future?.await)
}
