//! Whom an operation wakes, and in which order.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Waker;

use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{self, Registration};

/// A waker to be called after the monitor has been left.
pub struct Wake {
    registration: Registration,
    waker: Waker,
    /// What else it does, and is done already if the waiter has left.
    told: Option<Arc<Told>>,
}

/// Whether a waiter has been told that its wait is over, or has left; and its waker, which may change
/// until then.
pub(super) struct Told {
    is_set: AtomicBool,
    waker: Mutex<Waker>,
}

impl Told {
    pub(super) fn new(waker: Waker) -> Self {
        Self { is_set: AtomicBool::new(false), waker: Mutex::new(waker) }
    }

    pub(super) fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Relaxed)
    }

    /// Gives back whether it was set before.
    pub(super) fn set(&self) -> bool {
        self.is_set.swap(true, Ordering::Relaxed)
    }

    pub(super) fn keep(&self, waker: &Waker) {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).clone_from(waker);
    }

    fn waker(&self) -> Waker {
        self.waker.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Wake {
    pub(in crate::primitives) fn new(registration: Registration, waker: Waker) -> Self {
        Self { registration, waker, told: None }
    }

    /// Tells the waiter, and then wakes it.
    pub(super) fn telling(told: Arc<Told>, registration: Registration, waker: Waker) -> Self {
        Self { registration, waker, told: Some(told) }
    }

    /// Whether others may come in before it, and see it not done.
    pub(crate) fn takes_a_step(&self) -> bool {
        self.told.is_some() || self.is_of_a_part()
    }

    /// Whether it may come before any other.
    pub(crate) fn has_any_place(&self) -> bool {
        self.told.is_some()
    }

    /// Whose wait it is, and which.
    pub(crate) fn registration(&self) -> Registration {
        self.registration
    }

    /// Whether a part of an actor is woken by it, and not the whole.
    fn is_of_a_part(&self) -> bool {
        observe::is_of_a_part(self.registration, &self.waker)
    }

    /// Tells the explorer, and wakes.
    pub fn wake(self) {
        let Self { registration, waker, told } = self;
        let waker = match told {
            Some(told) if told.set() => return,
            Some(told) => told.waker(),
            None => waker,
        };
        observe::wake(registration, || waker.wake());
    }
}

/// Those who are woken by one visit to a monitor, in order. Often nobody or one, for which there is
/// no allocation.
#[derive(Default)]
pub(in crate::primitives) struct Wakes {
    first: Option<Wake>,
    others: Vec<Wake>,
}

impl Wakes {
    /// The same in an order that nobody promises, as `tokio::sync::watch` wakes: under the explorer, in
    /// every order that can make a difference.
    ///
    /// The order of two actors makes none, as they are polled in every order anyway. That of two parts
    /// does: a combinator keeps a list of those that were woken.
    pub(in crate::primitives) fn in_any_order(self) -> Self {
        if self.others.is_empty() || is_on(Mistake::FirstComeFirstWoken) {
            return self;
        }
        let (parts, actors): (Vec<_>, Vec<_>) = self.into_iter().partition(Wake::is_of_a_part);
        actors.into_iter().chain(shuffled(parts)).collect()
    }
}

/// In each order, under the explorer. That of equal wakers makes no difference.
fn shuffled(mut parts: Vec<Wake>) -> impl Iterator<Item = Wake> {
    std::iter::from_fn(move || {
        let mut places: Vec<usize> = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            if !places.iter().any(|&other| parts[other].waker.will_wake(&part.waker)) {
                places.push(place);
            }
        }
        let place = places.get(observe::woken_next(places.len()))?;
        Some(parts.remove(*place))
    })
}

impl FromIterator<Wake> for Wakes {
    fn from_iter<I: IntoIterator<Item = Wake>>(wakes: I) -> Self {
        let mut wakes = wakes.into_iter();
        Self { first: wakes.next(), others: wakes.collect() }
    }
}

impl IntoIterator for Wakes {
    type Item = Wake;
    type IntoIter = std::iter::Chain<std::option::IntoIter<Wake>, std::vec::IntoIter<Wake>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.others)
    }
}
