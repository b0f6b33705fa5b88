//! Permits that are given out in order, some or all at once: what a semaphore, a mutex and a
//! read-write lock are made of, as in tokio.

use std::panic::Location;
use std::task::Poll;

use super::wait::{Request, Resource, Wait};
use super::waiters::Waiters;
use super::wakes::{Wake, Wakes};
use super::{Engine, Monitor};
use crate::observe::{Access, Call, Digest, Fingerprint, Observed, Seen, Waiting};
use crate::primitives::Permit;

/// So many permits, and a queue for them.
pub(super) struct Permits<E: Engine>(E::Monitor<State>);

/// How many permits nobody holds, and who waits. What is granted is not free.
pub struct State {
    free: usize,
    /// Whether no permit is given out any more.
    is_closed: bool,
    waiters: Waiters,
}

/// That there will be no permit.
#[derive(Debug)]
pub(super) struct Closed;

impl Observed for Result<(), Closed> {
    fn seen(&self) -> Seen {
        if self.is_ok() { Seen::Nothing } else { Seen::Absent }
    }
}

impl Fingerprint for State {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(self.free as u64);
        digest.mix(u64::from(self.is_closed));
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

    fn add(&mut self, permits: usize) -> Wakes {
        self.free += permits;
        self.grant()
    }

    fn grant_first(&mut self) -> Option<Wake> {
        let wants = self.waiters.first_wants().filter(|&wants| wants <= self.free)?;
        self.free -= wants;
        self.waiters.grant_first()
    }
}

impl Resource for State {
    /// In order, for as long as what the next one wants is there.
    fn grant(&mut self) -> Wakes {
        std::iter::from_fn(|| self.grant_first()).collect()
    }
}

/// So many permits at once.
struct Acquire(usize);

impl Request for Acquire {
    type State = State;
    type Output = Result<(), Closed>;

    fn queue<'a>(&self, state: &'a mut State) -> &'a mut Waiters {
        &mut state.waiters
    }

    fn amount(&self) -> usize {
        self.0
    }

    fn take(&mut self, state: &mut State, granted: bool) -> Poll<Result<(), Closed>> {
        // Nothing is granted when permits are closed: all of them are held by those who do so.
        if state.is_closed {
            return Poll::Ready(Err(Closed));
        }
        if granted || state.take(self.0) { Poll::Ready(Ok(())) } else { Poll::Pending }
    }

    fn give_back(&mut self, state: &mut State) {
        state.free += self.0;
    }
}

impl<E: Engine> Permits<E> {
    pub(super) fn new(name: &'static str, permits: usize) -> Self {
        let state = State { free: permits, is_closed: false, waiters: Waiters::default() };
        Self(E::Monitor::new(name, state))
    }

    /// Waits for so many permits, which are never closed; to a witness this is `operation`.
    #[track_caller]
    pub(super) fn acquire(
        &self,
        wants: usize,
        operation: &'static str,
    ) -> impl Future<Output = Guard<'_, E>> {
        let guard = self.acquire_unless_closed(wants, operation);
        async move { guard.await.expect("nobody closes the permits") }
    }

    /// Waits for so many permits, or until they are closed; to a witness this is `operation`.
    #[track_caller]
    pub(super) fn acquire_unless_closed(
        &self,
        wants: usize,
        operation: &'static str,
    ) -> impl Future<Output = Result<Guard<'_, E>, Closed>> {
        let call = Call::synchronise(operation);
        let acquired = Wait::<E, _>::new(&self.0, call, Acquire(wants));
        async move {
            acquired.await?;
            Ok(Guard { permits: self, count: wants, location: call.location })
        }
    }

    /// Gives out no permit any more, and sends all that wait away. The caller holds every permit.
    pub(super) fn close(&self, location: &'static Location<'static>) {
        self.0.wake(Call::synchronise("close").at(location), |state| {
            state.is_closed = true;
            state.waiters.dismiss()
        });
    }

    #[track_caller]
    pub(super) fn add(&self, permits: usize) {
        let call = Call::synchronise("add_permits").with(permits as i64);
        self.0.wake(call, |state| state.add(permits));
    }

    #[track_caller]
    pub(super) fn available(&self) -> usize {
        let call = Call::new("available_permits", Access::Read);
        self.0.with(call, |state| state.free as i64) as usize
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
        let call = Call::synchronise("release").at(self.location);
        self.permits.0.wake(call, |state| state.add(self.count));
    }
}
