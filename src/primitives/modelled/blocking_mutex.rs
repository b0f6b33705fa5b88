//! A mutex that blocks its thread.

use std::panic::Location;

use super::permits::Guard;
use super::{Engine, ModelMutex};
use crate::primitives::{BlockingLock, Lock};

/// The blocking mutex of a [`Modelled`](super::Modelled) family: the fair one, waited for without an
/// await. `std::sync::Mutex` promises no order, yet being fair hides no outcome: a blocked actor does
/// nothing that others could see, so overtaking it is the same as coming first.
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
