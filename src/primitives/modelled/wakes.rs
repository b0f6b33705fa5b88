//! Whom an operation wakes, and in which order.

use std::task::Waker;

use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{self, Registration};

/// A waker to be called after the monitor has been left.
pub struct Wake {
    registration: Registration,
    waker: Waker,
}

impl Wake {
    pub(in crate::primitives) fn new(registration: Registration, waker: Waker) -> Self {
        Self { registration, waker }
    }

    /// Whose wait it is, and which.
    pub(in crate::primitives) fn registration(&self) -> Registration {
        self.registration
    }

    /// Tells the explorer, and wakes.
    pub fn wake(self) {
        observe::wake(self.registration, || self.waker.wake());
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
    /// of one actor does: a combinator keeps a list of those that were woken.
    pub(in crate::primitives) fn in_any_order(self) -> Self {
        if self.others.is_empty() || is_on(Mistake::FirstComeFirstWoken) {
            return self;
        }
        let registrations = self.first.iter().chain(&self.others).map(Wake::registration);
        if !observe::may_share_a_list(registrations) {
            return self;
        }
        let mut left: Vec<Wake> = self.into_iter().collect();
        std::iter::from_fn(|| next(&left).map(|place| left.remove(place))).collect()
    }
}

/// The place of the wake that comes next.
fn next(left: &[Wake]) -> Option<usize> {
    let first = left.first()?;
    let mut places = vec![0];
    for (place, wake) in left.iter().enumerate().skip(1) {
        let is_another = places.iter().all(|&other| !left[other].waker.will_wake(&wake.waker));
        let both = [first.registration, wake.registration];
        if is_another && observe::may_share_a_list(both.into_iter()) {
            places.push(place);
        }
    }
    Some(places[observe::woken_next(places.len())])
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
