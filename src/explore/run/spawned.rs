//! Actors that others have spawned, until their execution takes them over.

use std::panic::Location;
use std::sync::Arc;

use super::current::{self, Run};
use super::wakers::Flag;
use crate::primitives::Task;

/// An actor that has been spawned during the current step.
pub(super) struct Child {
    pub(super) role: &'static str,
    pub(super) task: Task,
    pub(super) flag: Arc<Flag>,
}

/// Adds an actor to the run whose step it is.
///
/// # Panics
///
/// If no actor is running.
pub(super) fn spawn(role: &'static str, location: &'static Location<'static>, task: Task) {
    let run = current::current();
    assert!(
        run.is_some_and(|run| run.spawn(role, location, task)),
        "explore::spawn adds an actor to a running exploration, and may only be called by one of \
         its actors"
    );
}

impl Run {
    /// Adds an actor; `false` if none is running that could. What is spawned when the run is over
    /// never runs.
    fn spawn(&self, role: &'static str, location: &'static Location<'static>, task: Task) -> bool {
        let index = self.record.spawn(role, location);
        let is_accepted = index.is_some() || self.is_over();
        if is_accepted {
            let flag = Flag::of(index, self.queue.as_ref());
            self.spawned.borrow_mut().push(Child { role, task, flag });
            self.stops.count_spawn();
        }
        is_accepted
    }

    #[inline]
    pub(super) fn has_spawned(&self) -> bool {
        !self.spawned.borrow().is_empty()
    }

    /// What has been spawned since the last call, in order.
    pub(super) fn take_spawned(&self) -> Vec<Child> {
        self.spawned.take()
    }
}
