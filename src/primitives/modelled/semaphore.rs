//! A fair semaphore: a permit goes to the first waiter, as `tokio::sync::Semaphore` does.

use super::Engine;
use super::permits::{Guard, Permits};
use crate::primitives::Semaphore;

/// The semaphore of a [`Modelled`](super::Modelled) family.
pub struct ModelSemaphore<E: Engine>(Permits<E>);

impl<E: Engine> Semaphore for ModelSemaphore<E> {
    type Permit<'a> = Guard<'a, E>;

    fn new(name: &'static str, permits: usize) -> Self {
        Self(Permits::new(name, permits))
    }

    fn acquire(&self) -> impl Future<Output = Guard<'_, E>> {
        self.0.acquire(1, "acquire")
    }

    fn add_permits(&self, permits: usize) {
        self.0.add(permits);
    }

    fn available_permits(&self) -> usize {
        self.0.available()
    }
}
