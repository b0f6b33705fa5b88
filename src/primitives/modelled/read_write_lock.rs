//! A fair read-write lock: permits of which a reader takes one and a writer all, as
//! `tokio::sync::RwLock` does.

use super::Engine;
use super::permits::{Guard, Permits};
use crate::primitives::RwLock;

/// What a writer takes: more than there can be readers.
const ALL: usize = 1 << 29;

/// The read-write lock of a [`Modelled`](super::Modelled) family.
pub struct ModelRwLock<E: Engine>(Permits<E>);

impl<E: Engine> RwLock for ModelRwLock<E> {
    type ReadGuard<'a> = Guard<'a, E>;
    type WriteGuard<'a> = Guard<'a, E>;

    fn new(name: &'static str) -> Self {
        Self(Permits::new(name, ALL))
    }

    fn read(&self) -> impl Future<Output = Guard<'_, E>> {
        self.0.acquire(1, "read")
    }

    fn write(&self) -> impl Future<Output = Guard<'_, E>> {
        self.0.acquire(ALL, "write")
    }
}
