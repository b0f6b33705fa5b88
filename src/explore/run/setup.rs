//! Who stands before the first step, while a program says so.

use std::cell::RefCell;
use std::panic::Location;

use super::actors::{Actors, Body, Invariant, Name, Slot, Start};
#[cfg(all(loom, feature = "catalogue"))]
use super::names;
use super::returned::Reader;
#[cfg(all(loom, feature = "catalogue"))]
use crate::primitives::Task;

/// What a program has set up: its actors, in the order of spawning.
#[derive(Default)]
pub(crate) struct Setup {
    pub(crate) slots: Vec<Slot>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) spurious_polls: usize,
    pub(super) groups: usize,
}

thread_local! {
    static CURRENT: RefCell<Option<Setup>> = const { RefCell::new(None) };
}

impl Setup {
    /// What `program` sets up, and what it returns.
    #[cfg(feature = "catalogue")]
    pub(crate) fn by<R>(program: impl FnOnce(&'static mut Actors) -> R) -> (Self, R) {
        Self::into(Vec::new(), program)
    }

    /// The same, into an empty vector that may have room already.
    pub(super) fn into<R>(
        slots: Vec<Slot>,
        program: impl FnOnce(&'static mut Actors) -> R,
    ) -> (Self, R) {
        let _over = Over;
        CURRENT.set(Some(Self { slots, ..Self::default() }));
        // Actors have no size, so that no memory is leaked.
        let result = program(Box::leak(Box::new(Actors::lent())));
        let setup = CURRENT.take().expect("nobody else takes what is being set up");
        (setup, result)
    }

    /// Hands what is being set up to `visit`.
    ///
    /// # Panics
    ///
    /// If nothing is.
    pub(super) fn with<R>(visit: impl FnOnce(&mut Self) -> R) -> R {
        CURRENT.with_borrow_mut(|current| {
            visit(current.as_mut().expect(
                "a program adds its actors before it returns; what runs adds others by \
                 `explore::spawn`",
            ))
        })
    }

    pub(super) fn add(
        &mut self,
        name: Name,
        reader: Reader,
        start: Start,
        cancellable: Option<&'static Location<'static>>,
    ) {
        let (group, body) = (self.groups, Body::Unstarted(start));
        self.slots.push(Slot { name, group, cancellable, reader, spurious_polls: 0, body });
    }

    /// How many actors there are.
    #[cfg(feature = "catalogue")]
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Their names, in order. Several of one name are numbered.
    #[cfg(all(loom, feature = "catalogue"))]
    pub(crate) fn names(&self) -> Vec<String> {
        names::numbered(&self.slots)
    }

    /// Every actor's future, in order.
    #[cfg(all(loom, feature = "catalogue"))]
    pub(crate) fn into_tasks(self) -> Vec<Task> {
        let bodies = self.slots.into_iter().map(|slot| slot.body);
        let begin = |body| match body {
            Body::Unstarted(start) => Some(start.begin()),
            Body::Polled(_) | Body::Threaded(_) | Body::Finished => None,
        };
        bodies.filter_map(begin).collect()
    }
}

/// Nothing is being set up any more.
struct Over;

impl Drop for Over {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}
