//! Waiting for an actor that was spawned.

use std::panic::Location;
use std::rc::Rc;

use super::{Engine, ModelEvent};
use crate::primitives::Event;

/// Adds an actor to the world of `E`; the result waits until it has ended.
#[track_caller]
pub(super) fn spawn<E: Engine>(
    name: &'static str,
    future: impl Future<Output = ()> + 'static,
) -> impl Future<Output = ()> {
    let location = Location::caller();
    let ended = Rc::new(ModelEvent::<E>::new("join handle"));
    let own = Rc::clone(&ended);
    let task = async move {
        future.await;
        own.set_at(location);
    };
    E::spawn(name, location, Box::pin(task));
    async move { ended.wait_at(location).await }
}
