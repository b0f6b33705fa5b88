//! Sleeps, by a clock that stands still while anything else can happen.

use std::cell::RefCell;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::current::{self, Run};
use crate::observe::{self, Record, Registration};

/// Waits until so much time has passed since this was called; not at all if that is none.
///
/// The clock is the exploration's own. It starts at zero and stands still while any actor can take a step.
/// When none can, it moves to the earliest deadline that an actor waits for, and all that have it are over at
/// once, told in every order. That is how tokio's clock goes where it is paused
/// ([`tokio::time::pause`](https://docs.rs/tokio/latest/tokio/time/fn.pause.html), auto-advance). An actor that
/// sleeps is in no deadlock.
///
/// So what is explored is a machine on which running takes no time: a shorter sleep ends before a longer one
/// that began with it, whatever was done meanwhile. What goes wrong only because an actor is slow does not
/// show. For that there is [`timeout`](crate::explore::timeout), which may be over at any time, also before
/// the clock moves. A loop that sleeps forever is cut off at the limit on steps, as any other.
///
/// ```
/// use std::time::Duration;
/// use selvedge::explore::{check, sleep, spawn};
///
/// check(|| async {
///     let slow = spawn("slow", sleep(Duration::from_secs(3600)));
///     let quick = spawn("quick", sleep(Duration::from_millis(1)));
///     tokio::select! {
///         biased;
///         _ = slow => panic!("an hour is longer"),
///         _ = quick => {}
///     }
/// });
/// ```
///
/// Cancel safe. If it is polled again when it has been ready, it is ready again.
///
/// # Panics
///
/// If it is not called in an exploration: elsewhere sleep by the runtime's own clock.
#[track_caller]
pub fn sleep(duration: Duration) -> impl Future<Output = ()> {
    let run = current::current();
    let run = run.expect(
        "explore::sleep goes by the clock of an exploration, and may only be called in one: \
         elsewhere sleep by the runtime's own",
    );
    let index = run.sleeps.make(duration, run.record.number_of_current(), Location::caller());
    Sleep { epoch: run.record.epoch(), index }
}

struct Sleep {
    /// The run that it belongs to.
    epoch: u64,
    index: usize,
}

impl Sleep {
    /// Its run, if that is still under way.
    fn run(&self) -> Option<Rc<Run>> {
        current::current().filter(|run| run.record.epoch() == self.epoch)
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // A sleep of an earlier run is gone; nothing will poll it.
        self.run().map_or(Poll::Pending, |run| run.sleeps.poll(self.index, &run.record, context))
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(run) = self.run() {
            run.sleeps.end(self.index);
        }
    }
}

/// The clock of one run, and what goes by it.
#[derive(Default)]
pub(crate) struct Sleeps(RefCell<Clock>);

#[derive(Default)]
struct Clock {
    /// Nanoseconds. No sum of durations is too long for it.
    now: u128,
    /// All sleeps that were made, in order.
    made: Vec<Made>,
    /// The numbers of those for which the clock matters, in order.
    open: Vec<usize>,
}

struct Made {
    deadline: u128,
    location: &'static Location<'static>,
    state: State,
}

enum State {
    /// Nobody has polled it yet; who made it, as the how manieth of what it has numbered. `None` while the
    /// program was set up.
    New(Option<Registration>),
    Waiting(Registration, Waker),
    /// Its waker was called.
    Over(Registration),
    Gone,
}

/// Whose time is left, for a state key.
pub(crate) enum Whose {
    /// Of a sleep that this wait is for.
    Wait(Registration),
    /// Of a sleep that nobody has polled yet, by its number among those of its maker.
    MadeBy(Registration),
    /// The same, made while the program was set up.
    SetUp(usize),
}

impl Sleeps {
    fn make(
        &self,
        duration: Duration,
        maker: Option<Registration>,
        location: &'static Location<'static>,
    ) -> usize {
        let Clock { now, made, open } = &mut *self.0.borrow_mut();
        let deadline = now.saturating_add(duration.as_nanos());
        made.push(Made { deadline, location, state: State::New(maker) });
        open.push(made.len() - 1);
        made.len() - 1
    }

    fn poll(&self, index: usize, record: &Record, context: &Context<'_>) -> Poll<()> {
        let waker = observe::keep_unseen(context.waker());
        let mut clock = self.0.borrow_mut();
        let now = clock.now;
        let Made { deadline, location, state } = &mut clock.made[index];
        let left = deadline.saturating_sub(now);
        record.learns_time(left == 0);
        let registration = match state {
            State::Gone => return Poll::Ready(()),
            // No actor that could be told waits.
            State::New(_) if record.current().is_none() => return Poll::Pending,
            State::New(_) if left == 0 => None,
            State::New(_) => Some(record.register()),
            State::Waiting(registration, _) | State::Over(registration) => Some(*registration),
        };
        if let Some(registration) = registration {
            observe::resume(registration);
            if left > 0 {
                let before = std::mem::replace(state, State::Waiting(registration, waker));
                record.sleeps_for(duration(left), location);
                drop(clock);
                drop(before);
                return Poll::Pending;
            }
        }
        drop(clock);
        self.end(index);
        Poll::Ready(())
    }

    /// Nobody waits for the sleep of this number any more.
    fn end(&self, index: usize) {
        let state = {
            let mut clock = self.0.borrow_mut();
            clock.close(index);
            std::mem::replace(&mut clock.made[index].state, State::Gone)
        };
        if let State::Waiting(registration, _) | State::Over(registration) = state {
            observe::end_wait(registration);
        }
    }

    /// Whether the clock matters to nobody.
    #[inline]
    pub(crate) fn is_none_open(&self) -> bool {
        self.0.borrow().open.is_empty()
    }

    /// Whether a sleep is over whose waker has yet to be called: nothing else happens before.
    #[inline]
    pub(crate) fn is_ringing(&self) -> bool {
        let clock = self.0.borrow();
        !clock.open.is_empty() && clock.earliest().is_some_and(|earliest| earliest <= clock.now)
    }

    /// Hands to `visit` every sleep that is the next to be over: its number, and the wait it ends.
    pub(crate) fn next(&self, mut visit: impl FnMut(usize, Registration)) {
        let clock = self.0.borrow();
        let earliest = clock.earliest();
        for &index in &clock.open {
            if let Made { deadline, state: State::Waiting(registration, _), .. } =
                &clock.made[index]
                && Some(*deadline) == earliest
            {
                visit(index, *registration);
            }
        }
    }

    /// The wait that the sleep of this number is for, if somebody waits.
    pub(crate) fn wait_of(&self, index: usize) -> Option<Registration> {
        match self.0.borrow().made.get(index)?.state {
            State::Waiting(registration, _) => Some(registration),
            _ => None,
        }
    }

    /// Moves the clock to the end of the sleep of this number; gives back what waits for it.
    pub(super) fn ring(&self, index: usize) -> Option<Rung> {
        let mut clock = self.0.borrow_mut();
        let Made { deadline, location, state } = clock.made.get_mut(index)?;
        let State::Waiting(registration, waker) = state else { return None };
        let (registration, waker) = (*registration, waker.clone());
        let (deadline, location) = (*deadline, *location);
        *state = State::Over(registration);
        clock.now = clock.now.max(deadline);
        clock.close(index);
        Some(Rung { registration, location, waker, at: duration(clock.now) })
    }

    /// Hands to `visit` how much time is left for each sleep that is not over.
    #[inline]
    pub(crate) fn left(&self, mut visit: impl FnMut(Whose, u128)) {
        let Clock { now, made, open } = &*self.0.borrow();
        for &index in open {
            let Made { deadline, state, .. } = &made[index];
            let whose = match state {
                State::New(Some(registration)) => Whose::MadeBy(*registration),
                State::New(None) => Whose::SetUp(index),
                State::Waiting(registration, _) => Whose::Wait(*registration),
                State::Over(_) | State::Gone => continue,
            };
            visit(whose, deadline.saturating_sub(*now));
        }
    }
}

impl Clock {
    /// The earliest deadline that somebody waits for.
    fn earliest(&self) -> Option<u128> {
        let waiting = self.open.iter().map(|&index| &self.made[index]);
        let waiting = waiting.filter(|made| matches!(made.state, State::Waiting(..)));
        waiting.map(|made| made.deadline).min()
    }

    /// The clock does not matter any more to the sleep of this number.
    fn close(&mut self, index: usize) {
        if let Ok(place) = self.open.binary_search(&index) {
            self.open.remove(place);
        }
    }
}

/// A sleep that is over.
pub(super) struct Rung {
    pub(super) registration: Registration,
    pub(super) location: &'static Location<'static>,
    pub(super) waker: Waker,
    /// The time by the clock.
    pub(super) at: Duration,
}

fn duration(nanoseconds: u128) -> Duration {
    const EACH: u128 = 1_000_000_000;
    let seconds = u64::try_from(nanoseconds / EACH).unwrap_or(u64::MAX);
    Duration::new(seconds, (nanoseconds % EACH) as u32)
}
