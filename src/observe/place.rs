//! Where an actor made its last access, for another thread to read: an actor that never returns from
//! a poll can be asked by nobody else.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::panic::Location;
use std::ptr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Place = &'static Location<'static>;

/// The place of the last access, as another thread sees it.
#[derive(Default)]
pub(crate) struct LastPlace {
    /// The address of the place; 0 before the first access of a step.
    address: AtomicUsize,
    known: Mutex<BTreeMap<usize, Place>>,
}

impl LastPlace {
    pub(crate) fn get(&self) -> Option<Place> {
        self.known().get(&self.address.load(Ordering::Relaxed)).copied()
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<usize, Place>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same on the thread that explores. A place is entered into the map when it is new, or was
/// forgotten since: an access costs no lock.
pub(crate) struct Places {
    last: Arc<LastPlace>,
    entered: [Cell<usize>; Self::REMEMBERED],
}

impl Places {
    const REMEMBERED: usize = 64;

    pub(crate) fn new(last: Arc<LastPlace>) -> Self {
        Self { last, entered: [const { Cell::new(0) }; Self::REMEMBERED] }
    }

    /// A step begins, which has made no access.
    #[inline]
    pub(crate) fn clear(&self) {
        self.last.address.store(0, Ordering::Relaxed);
    }

    /// An access is made at `place`.
    #[inline]
    pub(super) fn set(&self, place: Place) {
        let address = ptr::from_ref(place).addr();
        let entered = &self.entered[address / size_of::<Place>() % Self::REMEMBERED];
        if entered.replace(address) != address {
            self.last.known().insert(address, place);
        }
        self.last.address.store(address, Ordering::Relaxed);
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}
