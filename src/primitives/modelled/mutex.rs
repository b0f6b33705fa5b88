//! A fair mutex: a semaphore of one, as `tokio::sync::Mutex` is.

use super::Engine;
use super::permits::{Guard, Permits};
use crate::primitives::Lock;

/// The mutex of a [`Modelled`](super::Modelled) family.
pub struct ModelMutex<E: Engine>(Permits<E>);

impl<E: Engine> Lock for ModelMutex<E> {
    type Guard<'a> = Guard<'a, E>;

    fn new(name: &'static str) -> Self {
        Self(Permits::new(name, 1))
    }

    fn acquire(&self) -> impl Future<Output = Guard<'_, E>> {
        self.0.acquire(1, "acquire")
    }
}
