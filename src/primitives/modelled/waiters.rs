//! The queue of waiters inside a monitor: first come, first served.

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::wakes::{Told, Wake, Wakes};
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{self, Registration, Waiting};

struct Waiter {
    registration: Registration,
    waker: Waker,
    wants: usize,
    granted: bool,
    /// Set once it has been told that its wait is over, if somebody is about to tell it.
    owed: Option<Arc<Told>>,
}

impl Waiter {
    fn is_granted(&self) -> bool {
        self.granted || self.owed.as_ref().is_some_and(|told| told.is_set())
    }

    fn is_waiting(&self) -> bool {
        !self.granted && self.owed.is_none()
    }
}

/// Waiters in the order they came. A granted waiter keeps its place until it claims its grant.
#[derive(Default)]
pub(super) struct Waiters {
    queue: VecDeque<Waiter>,
    is_of_the_last: bool,
}

impl Waiters {
    /// A place for the last waiter only. It stays there when it gives up, and is woken all the same:
    /// so do the receivers of `tokio::sync::mpsc` and `oneshot` keep a waker.
    pub(super) fn of_the_last() -> Self {
        Self { queue: VecDeque::new(), is_of_the_last: true }
    }

    /// Puts the caller at the end of the queue, where it waits for `wants` of what is given out.
    pub(super) fn join(&mut self, wants: usize, context: &Context<'_>) -> Registration {
        if self.is_of_the_last {
            self.queue.clear();
        }
        observe::registers(context.waker());
        let registration = observe::register();
        let waker = context.waker().clone();
        self.queue.push_back(Waiter { registration, waker, wants, granted: false, owed: None });
        registration
    }

    /// Ready once `registration` has been granted or dismissed, and then it has left the queue; until
    /// then it waits with the waker of `context`.
    pub(super) fn claim(&mut self, registration: Registration, context: &Context<'_>) -> Poll<()> {
        let place = self.place(registration);
        let Some(waiter) = place.map(|place| &mut self.queue[place]).filter(|it| !it.is_granted())
        else {
            place.map(|place| self.queue.remove(place));
            observe::end_wait(registration);
            return Poll::Ready(());
        };
        observe::resume(registration);
        observe::registers(context.waker());
        waiter.waker.clone_from(context.waker());
        if let Some(told) = &waiter.owed {
            told.keep(context.waker());
        }
        Poll::Pending
    }

    /// Grants the first waiter that has no grant yet, and gives back its waker.
    pub(super) fn grant_first(&mut self) -> Option<Wake> {
        let waiter = self.queue.iter_mut().find(|waiter| waiter.is_waiting())?;
        waiter.granted = true;
        Some(Wake::new(waiter.registration, waiter.waker.clone()))
    }

    /// What the first waiter that has no grant yet wants.
    pub(super) fn first_wants(&self) -> Option<usize> {
        self.queue.iter().find(|waiter| !waiter.granted).map(|waiter| waiter.wants)
    }

    /// What each waiter wants, or has been granted.
    pub(super) fn wants(&self) -> impl Iterator<Item = usize> {
        self.queue.iter().map(|waiter| waiter.wants)
    }

    /// Grants everyone.
    pub(super) fn grant_all(&mut self) -> Wakes {
        std::iter::from_fn(|| self.grant_first()).collect()
    }

    /// Tells everyone, in any order. On threads that is done one after the other, once the monitor has
    /// been left: `tokio::sync::watch` keeps its waiters in eight lists, so that one has been told and
    /// another, who came earlier, has not.
    pub(super) fn tell_all(&mut self) -> Wakes {
        if !observe::is_preemptive() || is_on(Mistake::ToldAtOnce) {
            return self.grant_all().in_any_order();
        }
        let waiting = self.queue.iter_mut().filter(|waiter| !waiter.is_granted());
        let owe = |waiter: &mut Waiter| {
            let (registration, waker) = (waiter.registration, waiter.waker.clone());
            // It cannot tell when it is told.
            if waiter.owed.is_none() && observe::only_waits(registration, &waker) {
                waiter.granted = true;
                return Wake::new(registration, waker);
            }
            // If another is about to tell it, whichever comes first does.
            let told = waiter.owed.get_or_insert_with(|| Arc::new(Told::new(waker.clone())));
            Wake::telling(Arc::clone(told), registration, waker)
        };
        waiting.map(owe).collect()
    }

    /// Ends the waits of all that have no grant yet: they leave the queue.
    pub(super) fn dismiss(&mut self) -> Wakes {
        let all = std::mem::take(&mut self.queue).into_iter();
        let (granted, dismissed): (_, VecDeque<_>) = all.partition(|waiter| waiter.granted);
        self.queue = granted;
        let wake = |Waiter { registration, waker, .. }| Wake::new(registration, waker);
        dismissed.into_iter().map(wake).collect()
    }

    /// Takes `registration` out of the queue; tells whether it leaves a grant behind.
    pub(super) fn leave(&mut self, registration: Registration) -> bool {
        observe::end_wait(registration);
        if self.is_of_the_last {
            return false;
        }
        let left = self.place(registration).and_then(|place| self.queue.remove(place));
        if let Some(told) = left.as_ref().and_then(|waiter| waiter.owed.as_ref()) {
            told.set();
        }
        left.is_some_and(|waiter| waiter.granted)
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(Waiting)) {
        for waiter in &self.queue {
            let granted = waiter.is_granted();
            let is_owed = waiter.owed.is_some() && !granted;
            visit(Waiting { registration: waiter.registration, granted, is_owed });
        }
    }

    /// Where `registration` stands; nowhere once it has been dismissed.
    fn place(&self, registration: Registration) -> Option<usize> {
        self.queue.iter().position(|waiter| waiter.registration == registration)
    }
}
