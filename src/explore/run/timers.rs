//! Timeouts whose end is a decision of the explorer, not of a clock.

use std::cell::RefCell;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::choices::decide;
use super::current::{self, Run};
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{self, ActorId, Registration};

/// A timeout that was over before its future was ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time was over before the future was ready")]
pub struct Elapsed;

/// Waits for `future`, but not forever: under the explorer the time may be over whenever the
/// future is pending, after its first poll too, elsewhere it never is. Like tokio's, it asks the
/// future before the clock.
///
/// Time passes: where nothing else can happen the time is over, so an actor that waits here is never
/// left in a deadlock. That sets a timeout apart from a
/// [cancellation](crate::explore::Actors::spawn_cancellable), which may come or not. It has no duration:
/// what goes by deadlines is a [`sleep`](crate::explore::sleep).
///
/// Cancel safe if `future` is. A future whose time is over is dropped with the result.
///
/// # Errors
///
/// [`Elapsed`] if the time was over first.
#[track_caller]
pub fn timeout<F: Future>(future: F) -> impl Future<Output = Result<F::Output, Elapsed>> {
    Timeout { future: Box::pin(future), timer: None, location: Location::caller() }
}

struct Timeout<F> {
    future: Pin<Box<F>>,
    timer: Option<TimerId>,
    location: &'static Location<'static>,
}

/// A timer, and the run that it belongs to.
#[derive(Clone, Copy)]
struct TimerId {
    epoch: u64,
    index: usize,
}

impl TimerId {
    /// Its run, if that is still under way.
    fn run(self) -> Option<Rc<Run>> {
        current::current().filter(|run| run.record.epoch() == self.epoch)
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        match self.timer {
            None => {
                if let Some(run) = current::current() {
                    if !is_on(Mistake::FirstPollInTime) && decide(2) == 1 {
                        run.disturb();
                        run.record.times_out(self.location);
                        return Poll::Ready(Err(Elapsed));
                    }
                    run.stops.before_clock();
                    let (epoch, registration) = (run.record.epoch(), run.record.register());
                    let index = run.timers.start(registration, self.location, context);
                    self.timer = Some(TimerId { epoch, index });
                }
            }
            // A timer of an earlier run is gone; nothing will poll it.
            Some(timer) => {
                let is_over = |run: Rc<Run>| {
                    run.stops.before_clock();
                    run.timers.is_over(timer.index, context)
                };
                if timer.run().is_some_and(is_over) {
                    return Poll::Ready(Err(Elapsed));
                }
            }
        }
        observe::before_wakes_are_checked();
        Poll::Pending
    }
}

impl<F> Drop for Timeout<F> {
    fn drop(&mut self) {
        if let Some(timer) = self.timer
            && let Some(run) = timer.run()
        {
            run.timers.stop(timer.index);
        }
    }
}

/// The timers of one run.
#[derive(Default)]
pub(crate) struct Timers(RefCell<Clock>);

#[derive(Default)]
struct Clock {
    /// All that were made, in order.
    timers: Vec<Timer>,
    /// The numbers of those that can end, in order: a heartbeat makes thousands, one at a time.
    running: Vec<usize>,
}

impl Clock {
    /// The timer of this number cannot end any more.
    fn stop(&mut self, index: usize) {
        if let Ok(place) = self.running.binary_search(&index) {
            self.running.remove(place);
        }
    }
}

struct Timer {
    registration: Registration,
    location: &'static Location<'static>,
    state: State,
}

enum State {
    Running(Waker),
    Over,
    Gone,
}

impl Timers {
    /// Starts a timer, and gives back its number.
    fn start(
        &self,
        registration: Registration,
        location: &'static Location<'static>,
        context: &Context<'_>,
    ) -> usize {
        observe::registers(context.waker());
        let state = State::Running(observe::keep_unseen(context.waker()));
        let Clock { timers, running } = &mut *self.0.borrow_mut();
        let index = timers.len();
        timers.push(Timer { registration, location, state });
        running.push(index);
        index
    }

    /// Whether the timer of this number is over; if not, it wakes the waker of `context`.
    fn is_over(&self, index: usize, context: &Context<'_>) -> bool {
        let Timer { registration, state, .. } = &mut self.0.borrow_mut().timers[index];
        observe::resume(*registration);
        let is_over = matches!(state, State::Over);
        if !is_over {
            *state = State::Running(observe::keep_unseen(context.waker()));
        }
        is_over
    }

    /// Nobody waits for the timer of this number any more.
    fn stop(&self, index: usize) {
        let (registration, state) = {
            let mut clock = self.0.borrow_mut();
            clock.stop(index);
            let Timer { registration, state, .. } = &mut clock.timers[index];
            (*registration, std::mem::replace(state, State::Gone))
        };
        observe::end_wait(registration);
        drop(state);
    }

    /// Hands every timer that can end to `visit`: its number, and the wait it belongs to.
    #[inline]
    pub(crate) fn running(&self, mut visit: impl FnMut(usize, Registration)) {
        let Clock { timers, running } = &*self.0.borrow();
        for &index in running {
            visit(index, timers[index].registration);
        }
    }

    /// The wait that the timer of this number belongs to.
    pub(crate) fn wait_of(&self, index: usize) -> Registration {
        self.0.borrow().timers[index].registration
    }

    /// Whether a timeout of this actor can end.
    pub(super) fn may_end(&self, actor: Option<ActorId>) -> bool {
        let mut may_end = false;
        self.running(|_, registration| may_end |= actor == Some(registration.actor));
        may_end
    }

    /// Ends the timer of this number; gives back what waits for it, `None` if it cannot end.
    pub(super) fn end(&self, index: usize) -> Option<Ended> {
        let mut clock = self.0.borrow_mut();
        let Timer { registration, location, state } = clock.timers.get_mut(index)?;
        let State::Running(waker) = state else { return None };
        let (registration, location, waker) = (*registration, *location, waker.clone());
        *state = State::Over;
        clock.stop(index);
        Some(Ended { registration, location, waker })
    }
}

/// A timeout that is over.
pub(super) struct Ended {
    pub(super) registration: Registration,
    pub(super) location: &'static Location<'static>,
    pub(super) waker: Waker,
}
