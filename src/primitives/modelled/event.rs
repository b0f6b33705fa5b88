//! A flag that actors wait for.

use std::panic::Location;

use super::Engine;
use super::flag::Flag;
use crate::observe::Call;
use crate::primitives::Event;

/// The event of a [`Modelled`](super::Modelled) family.
pub struct ModelEvent<E: Engine>(Flag<E>);

impl<E: Engine> Event for ModelEvent<E> {
    fn new(name: &'static str) -> Self {
        Self(Flag::new(name))
    }

    fn set(&self) {
        self.set_at(Location::caller());
    }

    fn wait(&self) -> impl Future<Output = ()> {
        self.wait_at(Location::caller())
    }
}

impl<E: Engine> ModelEvent<E> {
    /// Sets the flag, and says that it was done at `location`.
    pub(super) fn set_at(&self, location: &'static Location<'static>) {
        self.0.raise(Call::synchronise("set").at(location));
    }

    /// Waits for the flag, and says that it is done at `location`.
    pub(super) fn wait_at(&self, location: &'static Location<'static>) -> impl Future<Output = ()> {
        self.0.wait(Call::synchronise("wait").at(location))
    }
}
