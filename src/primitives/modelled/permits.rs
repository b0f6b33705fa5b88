//! Permits that are given out in order, some or all at once: what a semaphore and a read-write lock
//! are made of, as in tokio.

use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::super::Permit;
use super::waiters::{Place, Waiters, Wake};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Waiting};

/// So many permits, and a queue for them.
pub(super) struct Permits<E: Engine>(E::Monitor<State>);

/// How many permits nobody holds, and who waits. What is granted is not free.
pub struct State {
    free: usize,
    waiters: Waiters,
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.free as u64);
        self.waiters.wants().for_each(|wants| digest.mix(wants as u64));
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.waiters.visit(visit);
    }
}

impl State {
    /// Takes so many, if nobody waits and so many are free.
    fn take(&mut self, wants: usize) -> bool {
        let takes = self.waiters.first_wants().is_none() && wants <= self.free;
        if takes {
            self.free -= wants;
        }
        takes
    }

    /// Frees so many, and grants the waiters in order for as long as what they want is there.
    fn add(&mut self, permits: usize) -> Vec<Wake> {
        self.free += permits;
        std::iter::from_fn(|| self.grant_first()).collect()
    }

    fn grant_first(&mut self) -> Option<Wake> {
        let wants = self.waiters.first_wants().filter(|&wants| wants <= self.free)?;
        self.free -= wants;
        self.waiters.grant_first()
    }
}

impl<E: Engine> Permits<E> {
    pub(super) fn new(name: &'static str, permits: usize) -> Self {
        Self(E::Monitor::new(name, State { free: permits, waiters: Waiters::default() }))
    }

    /// Waits for so many permits; to a witness this is `operation`.
    #[track_caller]
    pub(super) fn acquire(&self, wants: usize, operation: &'static str) -> Acquire<'_, E> {
        let call = Call::new(operation, Access::Synchronise);
        Acquire { permits: self, wants, place: Place::default(), call }
    }

    #[track_caller]
    pub(super) fn add(&self, permits: usize) {
        let call = Call::new("add_permits", Access::Synchronise).with(permits as i64);
        self.0.wake(call, |state| state.add(permits));
    }

    #[track_caller]
    pub(super) fn available(&self) -> usize {
        let call = Call::new("available_permits", Access::Read);
        self.0.with(call, |state| state.free as i64) as usize
    }
}

pub(super) struct Acquire<'a, E: Engine> {
    permits: &'a Permits<E>,
    wants: usize,
    place: Place,
    call: Call,
}

impl<'a, E: Engine> Future for Acquire<'a, E> {
    type Output = Guard<'a, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Guard<'a, E>> {
        let Self { permits, wants, ref mut place, call } = *self;
        permits
            .0
            .with(call, |state| {
                if !place.is_taken() && state.take(wants) {
                    return Poll::Ready(());
                }
                place.poll_for(wants, &mut state.waiters, context)
            })
            .map(|()| Guard { permits, count: wants, location: call.location })
    }
}

impl<E: Engine> Drop for Acquire<'_, E> {
    fn drop(&mut self) {
        if !self.place.is_taken() {
            return;
        }
        self.permits.0.wake(Call { operation: "give up", ..self.call }, |state| {
            let left = if self.place.give_up(&mut state.waiters) { self.wants } else { 0 };
            // Who stood behind may go on although nothing was left.
            state.add(left)
        });
    }
}

/// Permits that are given back together.
pub struct Guard<'a, E: Engine> {
    permits: &'a Permits<E>,
    count: usize,
    location: &'static Location<'static>,
}

impl<E: Engine> Permit for Guard<'_, E> {
    fn forget(self) {
        std::mem::forget(self);
    }
}

impl<E: Engine> Drop for Guard<'_, E> {
    fn drop(&mut self) {
        let location = self.location;
        let access = Access::Synchronise;
        let call = Call { operation: "release", access, argument: None, location };
        self.permits.0.wake(call, |state| state.add(self.count));
    }
}
