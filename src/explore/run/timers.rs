//! Timeouts whose end is a decision of the explorer, not of a clock.

use std::cell::RefCell;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::observe::{self, Registration};

/// A timeout that was over before its future was ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the time was over before the future was ready")]
pub struct Elapsed;

/// Waits for `future`, but not for ever: under the explorer the time may be over whenever the
/// future is pending, elsewhere it never is. Like tokio's, it asks the future before the clock.
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
    timer: Option<usize>,
    location: &'static Location<'static>,
}

pub(crate) struct Timer {
    registration: Registration,
    location: &'static Location<'static>,
    state: State,
}

enum State {
    Running(Waker),
    Over,
    Gone,
}

thread_local! {
    static TIMERS: RefCell<Vec<Timer>> = const { RefCell::new(Vec::new()) };
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, Elapsed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(output) = self.future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        let location = self.location;
        let waker = context.waker().clone();
        TIMERS.with_borrow_mut(|timers| {
            let Some(index) = self.timer else {
                let registration = observe::register();
                self.timer = Some(timers.len());
                timers.push(Timer { registration, location, state: State::Running(waker) });
                return Poll::Pending;
            };
            // A timer of an earlier execution is gone, and so is nobody left to poll for it.
            let Some(timer) = timers.get_mut(index) else { return Poll::Pending };
            if matches!(timer.state, State::Over) {
                return Poll::Ready(Err(Elapsed));
            }
            timer.state = State::Running(waker);
            Poll::Pending
        })
    }
}

impl<F> Drop for Timeout<F> {
    fn drop(&mut self) {
        let Some(index) = self.timer else { return };
        let waker = TIMERS.with_borrow_mut(|timers| {
            let timer = timers.get_mut(index)?;
            Some(std::mem::replace(&mut timer.state, State::Gone))
        });
        drop(waker);
    }
}

/// Forgets the timers of the previous execution.
pub(crate) fn clear() {
    drop(TIMERS.take());
}

/// Hands every timer that can end to `visit`: its number, and the wait it belongs to.
pub(crate) fn running(mut visit: impl FnMut(usize, Registration)) {
    TIMERS.with_borrow(|timers| {
        for (index, timer) in timers.iter().enumerate() {
            if matches!(timer.state, State::Running(_)) {
                visit(index, timer.registration);
            }
        }
    });
}

/// Whether a timeout of the current actor can end.
pub(crate) fn may_end_current() -> bool {
    let current = observe::current();
    let mut may_end = false;
    running(|_, registration| may_end |= current == Some(registration.actor));
    may_end
}

/// Ends the timer of this number; gives back whose it is, `None` if it cannot end.
pub(crate) fn expire(index: usize) -> Option<(usize, &'static Location<'static>)> {
    let (registration, location, waker) = TIMERS.with_borrow_mut(|timers| {
        let timer = timers.get_mut(index)?;
        match std::mem::replace(&mut timer.state, State::Over) {
            State::Running(waker) => Some((timer.registration, timer.location, waker)),
            other => {
                timer.state = other;
                None
            }
        }
    })?;
    observe::woken(registration);
    waker.wake();
    Some((registration.actor, location))
}
