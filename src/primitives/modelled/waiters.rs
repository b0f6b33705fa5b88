//! The queue of waiters inside a monitor: first come, first served.

use std::collections::VecDeque;
use std::task::{Context, Poll, Waker};

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
}

/// What a waiter found when it looked.
pub(super) enum Turn {
    /// What it waits for has been set aside for it, and is now its own.
    Granted,
    /// It stands in the queue.
    Waiting,
}

impl Waiters {
    /// Puts the caller at the end of the queue, where it waits for `wants` of what is given out.
    pub(super) fn join(&mut self, wants: usize, context: &Context<'_>) -> Registration {
        crate::explore::waits_by(context.waker());
        let registration = observe::register();
        let waker = context.waker().clone();
        self.queue.push_back(Waiter { registration, waker, wants, granted: false });
        registration
    }

    /// Takes the grant of `registration` if it has one, else waits with the waker of `context`.
    pub(super) fn claim(&mut self, registration: Registration, context: &Context<'_>) -> Turn {
        let place = self.place(registration);
        let waiter = &mut self.queue[place];
        if waiter.granted {
            self.queue.remove(place);
            return Turn::Granted;
        }
        crate::explore::waits_by(context.waker());
        waiter.waker.clone_from(context.waker());
        Turn::Waiting
    }

    /// Grants the first waiter that has no grant yet, and gives back its waker.
    pub(super) fn grant_first(&mut self) -> Option<Wake> {
        let waiter = self.queue.iter_mut().find(|waiter| !waiter.granted)?;
        waiter.granted = true;
        Some(Wake { registration: waiter.registration, waker: waiter.waker.clone() })
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
    pub(super) fn grant_all(&mut self) -> Vec<Wake> {
        std::iter::from_fn(|| self.grant_first()).collect()
    }

    /// Ends the waits of all that have no grant yet: they leave the queue.
    pub(super) fn dismiss(&mut self) -> Vec<Wake> {
        let all = std::mem::take(&mut self.queue).into_iter();
        let (granted, dismissed): (_, VecDeque<_>) = all.partition(|waiter| waiter.granted);
        self.queue = granted;
        let wake = |Waiter { registration, waker, .. }| Wake { registration, waker };
        dismissed.into_iter().map(wake).collect()
    }

    /// Takes `registration` out of the queue; tells whether it leaves a grant behind.
    pub(super) fn leave(&mut self, registration: Registration) -> bool {
        let place = self.place(registration);
        self.queue.remove(place).is_some_and(|waiter| waiter.granted)
    }

    pub(super) fn visit(&self, visit: &mut dyn FnMut(Waiting)) {
        for waiter in &self.queue {
            visit(Waiting { registration: waiter.registration, granted: waiter.granted });
        }
    }

    fn contains(&self, registration: Registration) -> bool {
        self.queue.iter().any(|waiter| waiter.registration == registration)
    }

    fn place(&self, registration: Registration) -> usize {
        self.queue
            .iter()
            .position(|waiter| waiter.registration == registration)
            .expect("a registration stays in its queue until it is claimed, given up or dismissed")
    }
}

/// A waker to be called after the monitor has been left.
pub struct Wake {
    registration: Registration,
    waker: Waker,
}

impl Wake {
    /// Tells the explorer, and wakes.
    pub fn wake(self) {
        observe::woken(self.registration);
        self.waker.wake();
    }
}

/// The place of one future in a queue: none before its first poll and after its last.
#[derive(Default)]
pub(super) struct Place(Option<Registration>);

impl Place {
    /// Waits in `waiters` until granted, joining the queue at the first call.
    pub(super) fn poll(&mut self, waiters: &mut Waiters, context: &Context<'_>) -> Poll<()> {
        self.poll_for(1, waiters, context)
    }

    /// The same for a waiter that wants so much at once.
    pub(super) fn poll_for(
        &mut self,
        wants: usize,
        waiters: &mut Waiters,
        context: &Context<'_>,
    ) -> Poll<()> {
        let Some(registration) = self.0 else {
            self.0 = Some(waiters.join(wants, context));
            return Poll::Pending;
        };
        match waiters.claim(registration, context) {
            Turn::Granted => {
                self.0 = None;
                Poll::Ready(())
            }
            Turn::Waiting => Poll::Pending,
        }
    }

    /// Whether the future stands in the queue.
    pub(super) fn is_taken(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the future has been dismissed from the queue; it has no place from then on.
    pub(super) fn take_dismissal(&mut self, waiters: &Waiters) -> bool {
        let is_dismissed = self.0.is_some_and(|registration| !waiters.contains(registration));
        if is_dismissed {
            self.0 = None;
        }
        is_dismissed
    }

    /// Gives the place up; tells whether a grant is left behind, for the next in the queue.
    pub(super) fn give_up(&mut self, waiters: &mut Waiters) -> bool {
        self.0.take().is_some_and(|registration| waiters.leave(registration))
    }
}
