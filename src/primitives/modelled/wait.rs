//! Waiting in a queue, as a future: written once for every primitive.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::waiters::Waiters;
use super::wakes::Wakes;
use super::{Engine, Monitor};
use crate::observe::{Call, Fingerprint, Observed, Registration};

/// A state that has something its callers wait for.
pub(super) trait Resource: Fingerprint {
    /// Sets what is free aside for those who wait, in their order. Done after every change that may
    /// have made something free; nothing where whoever makes a change wakes everyone.
    fn grant(&mut self) -> Wakes {
        Wakes::default()
    }
}

/// What one future waits for.
pub(super) trait Request {
    type State: Resource;
    type Output;

    /// Where to wait for it.
    fn queue<'a>(&self, state: &'a mut Self::State) -> &'a mut Waiters;
    /// How much of what is given out it is.
    fn amount(&self) -> usize {
        1
    }
    /// Takes it, if it is there; if it has been `granted`, it was set aside. While it is pending, the
    /// caller waits at the end of the queue.
    fn take(&mut self, state: &mut Self::State, granted: bool) -> Poll<Self::Output>;
    /// Whether it has taken a part already while it is pending.
    fn holds(&self) -> bool {
        false
    }
    /// Makes what it has taken, or what was set aside for it, free again: the waiter gives up.
    fn give_back(&mut self, _state: &mut Self::State) {}
}

/// A request to the state in a monitor. Each poll of it is an operation, and so is dropping it while
/// it waits.
pub(super) struct Wait<'a, E: Engine, R: Request> {
    monitor: &'a E::Monitor<R::State>,
    request: R,
    call: Call,
    /// None before its first poll and after its last.
    place: Option<Registration>,
}

/// Nothing in it is pinned.
impl<E: Engine, R: Request> Unpin for Wait<'_, E, R> {}

impl<'a, E: Engine, R: Request> Wait<'a, E, R> {
    pub(super) fn new(monitor: &'a E::Monitor<R::State>, call: Call, request: R) -> Self {
        Self { monitor, request, call, place: None }
    }

    /// Polls the request; the actor learns what `learn` makes of that, and nothing else.
    pub(super) fn poll_as<T: Observed>(
        &mut self,
        context: &Context<'_>,
        learn: impl FnOnce(Poll<R::Output>) -> T,
    ) -> T {
        let Self { monitor, request, call, place } = self;
        monitor.with_wakes(*call, |state| {
            if let Some(registration) = *place
                && request.queue(state).claim(registration, context).is_pending()
            {
                return (learn(Poll::Pending), Wakes::default());
            }
            let taken = request.take(state, place.take().is_some());
            let wakes = if taken.is_ready() {
                state.grant()
            } else {
                *place = Some(request.queue(state).join(request.amount(), context));
                Wakes::default()
            };
            (learn(taken), wakes)
        })
    }

    /// Leaves the queue, if it waits there, by an operation of this name.
    pub(super) fn leave(&mut self, operation: &'static str) {
        let Some(registration) = self.place.take() else { return };
        self.monitor.wake(Call { operation, ..self.call }, |state| {
            if self.request.queue(state).leave(registration) || self.request.holds() {
                self.request.give_back(state);
            }
            // Who stood behind may go on although nothing was given back.
            state.grant()
        });
    }
}

impl<E: Engine, R: Request<Output: Observed>> Future for Wait<'_, E, R> {
    type Output = R::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R::Output> {
        self.poll_as(context, |poll| poll)
    }
}

impl<E: Engine, R: Request> Drop for Wait<'_, E, R> {
    fn drop(&mut self) {
        self.leave("give up");
    }
}
