//! Actors that others have spawned, until their execution takes them over.

use std::cell::RefCell;
use std::panic::Location;
use std::sync::Arc;

use super::actors::Task;
use super::coroutine;
use super::wakers::{Flag, Queue};
use crate::observe;

/// An actor that has been spawned during the current step.
pub(crate) struct Child {
    pub(crate) role: &'static str,
    pub(crate) task: Task,
    pub(crate) flag: Arc<Flag>,
}

#[derive(Default)]
struct Nursery {
    children: Vec<Child>,
    /// Where the FIFO schedule queues.
    queue: Option<Queue>,
    /// What is spawned now never runs: its execution is over.
    is_over: bool,
}

thread_local! {
    /// Of the execution that is under way.
    static NURSERY: RefCell<Option<Nursery>> = const { RefCell::new(None) };
}

/// Lets the actors of an execution spawn others.
pub(crate) fn open(queue: Option<&Queue>) {
    NURSERY.set(Some(Nursery { queue: queue.cloned(), ..Nursery::default() }));
}

/// The execution is over: only destructors still run.
pub(crate) fn end() {
    NURSERY.with_borrow_mut(|nursery| {
        if let Some(nursery) = nursery {
            nursery.is_over = true;
        }
    });
}

/// There is no execution any more.
pub(crate) fn close() {
    drop(NURSERY.take());
}

/// What has been spawned since the last call, in order.
#[inline]
pub(crate) fn take() -> Vec<Child> {
    NURSERY.with_borrow_mut(|nursery| {
        nursery.as_mut().map_or_else(Vec::new, |nursery| std::mem::take(&mut nursery.children))
    })
}

/// Adds an actor to the execution whose step it is.
///
/// # Panics
///
/// If no actor is running.
pub(crate) fn spawn(role: &'static str, location: &'static Location<'static>, task: Task) {
    let index = observe::spawn(role, location);
    let refused = NURSERY.with_borrow_mut(|nursery| match nursery {
        Some(nursery) if index.is_some() || nursery.is_over => {
            let flag = Flag::of(index.zip(nursery.queue.as_ref()));
            nursery.children.push(Child { role, task, flag });
            None
        }
        _ => Some(task),
    });
    assert!(
        refused.is_none(),
        "explore::spawn adds an actor to a running exploration, and may only be called by one of \
         its actors"
    );
    coroutine::has_spawned();
}
