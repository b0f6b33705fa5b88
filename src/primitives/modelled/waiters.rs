//! The queue of waiters inside a monitor: first come, first served.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

use super::wakes::{Wake, Wakes};
use crate::observe::{self, Registration, Waiting};

struct Waiter {
    registration: Registration,
    waker: Waker,
    wants: usize,
    granted: bool,
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
        self.queue.push_back(Waiter { registration, waker, wants, granted: false });
        registration
    }

    /// Ready once `registration` has been granted or dismissed, and then it has left the queue; until
    /// then it waits with the waker of `context`.
    pub(super) fn claim(&mut self, registration: Registration, context: &Context<'_>) -> Poll<()> {
        let place = self.place(registration);
        let Some(waiter) = place.map(|place| &mut self.queue[place]).filter(|it| !it.granted)
        else {
            place.map(|place| self.queue.remove(place));
            observe::end_wait(registration);
            return Poll::Ready(());
        };
        observe::resume(registration);
        observe::registers(context.waker());
        waiter.waker.clone_from(context.waker());
        Poll::Pending
    }

    /// Grants the first waiter that has no grant yet, and gives back its waker.
    pub(super) fn grant_first(&mut self) -> Option<Wake> {
        let waiter = self.queue.iter_mut().find(|waiter| !waiter.granted)?;
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
        left.is_some_and(|waiter| waiter.granted)
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(Waiting)) {
        for waiter in &self.queue {
            visit(Waiting { registration: waiter.registration, granted: waiter.granted });
        }
    }

    /// Where `registration` stands; nowhere once it has been dismissed.
    fn place(&self, registration: Registration) -> Option<usize> {
        self.queue.iter().position(|waiter| waiter.registration == registration)
    }
}
