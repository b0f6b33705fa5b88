//! A mutex that blocks its thread.

use std::panic::Location;

use super::super::{BlockingLock, Lock};
use super::mutex::Guard;
use super::{Engine, ModelMutex};

/// The blocking mutex of a [`Modelled`](super::Modelled) family: the fair one, waited for without an
/// await. `std::sync::Mutex` promises no order; an actor that it lets overtake a blocked one does
/// what it does where it comes first, because a blocked actor does nothing that others could see.
pub struct ModelBlockingMutex<E: Engine>(ModelMutex<E>);

impl<E: Engine> BlockingLock for ModelBlockingMutex<E> {
    /// None where the execution is over.
    type Guard<'a> = Option<Guard<'a, E>>;

    fn new(name: &'static str) -> Self {
        Self(ModelMutex::new(name))
    }

    fn acquire(&self) -> Option<Guard<'_, E>> {
        E::block_on(Location::caller(), self.0.acquire())
    }
}
