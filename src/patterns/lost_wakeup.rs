//! # lost-wakeup
//!
//! A waiter finds a flag down and goes to sleep; the flag went up in between, and whoever raised it
//! has woken all there was to wake.
//!
//! ```text
//!   waiter              flag          raiser
//!   get -> 0              0
//!                         1           set 1
//!                         1           notify_waiters        nobody waits yet
//!   notified              1
//!   await...              1                                 nobody will notify again
//! ```
//!
//! **In review, look for** a condition that is checked before the future that waits for its change is
//! created: `if !ready { notify.notified().await }`.
//!
//! **The fix** is to register first and check then, so that a notification in between finds somebody.
//! `notify_waiters` finds a future from its creation on, `notify_one` only from its first poll, or from
//! `enable`, on. Or to notify with what is remembered: the permit of `notify_one` waits for the waiter.
//! But there is at most one permit, so with several waiters each passes it on; a permit for each does
//! not add up.
//!
//! On an event loop it takes an `.await` between the check and the wait; on threads it takes nothing.

use crate::catalogue::{Pattern, Reaches, Role, Scenario, Shared, Variant};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Cell, Extended, Notify};

/// The flag's positions.
const DOWN: i64 = 0;
const UP: i64 = 1;

/// A flag that one actor raises and others wait for.
pub struct Flag<P: Extended> {
    position: P::Cell,
    raised: P::Notify,
    waiters: usize,
}

impl<P: Extended> Flag<P> {
    /// Looks at the flag and, if it is down, waits until it is raised.
    pub async fn check_then_wait(&self) {
        if self.position.get() == DOWN {
            P::yield_now().await;
            self.raised.notified().await; // <- the race, without a stored permit: nobody was woken
        }
    }

    /// The same without giving way in between.
    pub async fn check_then_wait_at_once(&self) {
        if self.position.get() == DOWN {
            self.raised.notified().await; // <- the race, but only between threads
        }
    }

    /// Waits to be woken, without looking at the flag.
    pub async fn wait(&self) {
        self.raised.notified().await; // <- the race: of two permits sent before, one was stored
    }

    /// Registers, looks at the flag and, if it is down, waits.
    pub async fn register_then_check(&self) {
        let raised = self.raised.notified();
        if self.position.get() == DOWN {
            P::yield_now().await;
            raised.await;
        }
    }

    /// Looks, waits if need be, and lets the next waiter through.
    pub async fn check_then_wait_and_pass_on(&self) {
        self.check_then_wait().await;
        self.raised.notify_one();
    }

    /// Raises the flag and wakes whoever waits.
    pub fn raise(&self) {
        self.position.set(UP);
        self.raised.notify_waiters();
    }

    /// Raises the flag and wakes the first who waits or will wait.
    pub fn raise_for_one(&self) {
        self.position.set(UP);
        self.raised.notify_one();
    }

    /// Raises the flag and wakes one waiter as often as there are waiters.
    pub fn raise_for_each(&self) {
        self.position.set(UP);
        (0..self.waiters).for_each(|_| self.raised.notify_one());
    }
}

impl<P: Extended> Shared for Flag<P> {
    fn new(actors: usize) -> Self {
        Self {
            position: P::Cell::new("flag", DOWN),
            raised: P::Notify::new("raised"),
            waiters: waiters(actors),
        }
    }

    /// How the flag stands when everyone has passed it.
    fn outcome(&self) -> Value {
        self.position.get().into()
    }
}

struct FlagThenWait;
struct NoAwait;
struct RegisterThenCheck;
struct PermitForEach;
struct Permit;

impl<P: Extended> Scenario<P> for FlagThenWait {
    type State = Flag<P>;
    fn roles(actors: usize) -> Vec<Role<Flag<P>>> {
        one_raises(actors, Flag::raise, Flag::check_then_wait)
    }
}

impl<P: Extended> Scenario<P> for NoAwait {
    type State = Flag<P>;
    fn roles(actors: usize) -> Vec<Role<Flag<P>>> {
        one_raises(actors, Flag::raise, Flag::check_then_wait_at_once)
    }
}

impl<P: Extended> Scenario<P> for RegisterThenCheck {
    type State = Flag<P>;
    fn roles(actors: usize) -> Vec<Role<Flag<P>>> {
        one_raises(actors, Flag::raise, Flag::register_then_check)
    }
}

impl<P: Extended> Scenario<P> for PermitForEach {
    type State = Flag<P>;
    fn roles(actors: usize) -> Vec<Role<Flag<P>>> {
        one_raises(actors, Flag::raise_for_each, Flag::wait)
    }
}

impl<P: Extended> Scenario<P> for Permit {
    type State = Flag<P>;
    fn roles(actors: usize) -> Vec<Role<Flag<P>>> {
        one_raises(actors, Flag::raise_for_one, Flag::check_then_wait_and_pass_on)
    }
}

/// One actor raises the flag, the others wait for it.
fn one_raises<P: Extended>(
    actors: usize,
    raise: fn(&Flag<P>),
    wait: impl AsyncFn(&Flag<P>) + Copy + 'static,
) -> Vec<Role<Flag<P>>> {
    vec![
        Role::one("raiser", async move |flag: &Flag<P>| raise(flag)),
        Role::replicas("waiter", waiters(actors), wait),
    ]
}

fn waiters(actors: usize) -> usize {
    actors - 1
}

fn everyone_passes(_actors: usize) -> Outcomes {
    outcomes([UP])
}

/// One waiter is enough: it is the one that looks too early and registers too late.
fn everyone_passes_or_somebody_sleeps(actors: usize) -> Outcomes {
    everyone_passes_unless_of_at_least(1, actors)
}

/// One permit is stored for those who come late, however many were sent.
fn everyone_passes_or_the_second_sleeps(actors: usize) -> Outcomes {
    everyone_passes_unless_of_at_least(2, actors)
}

/// A deadlock as well, if there are at least `few` waiters.
fn everyone_passes_unless_of_at_least(few: usize, actors: usize) -> Outcomes {
    let mut reached = everyone_passes(actors);
    if waiters(actors) >= few {
        reached.insert(Outcome::Deadlock);
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "lost-wakeup",
    summary: "a waiter checks a flag and goes to sleep after the only wakeup has been sent",
    review: "a condition that is checked before the future that waits for its change is created",
    sources: &[],
    variants: &[
        Variant::without_futures::<FlagThenWait>(
            "flag-then-wait",
            "check, await, wait to be notified",
            everyone_passes,
            Reaches::everywhere(everyone_passes_or_somebody_sleeps),
        )
        .with_weak_memory_actors(2),
        Variant::without_futures::<NoAwait>(
            "no-await",
            "check and wait without an await in between",
            everyone_passes,
            Reaches::everywhere(everyone_passes).on_threads(everyone_passes_or_somebody_sleeps),
        )
        .with_weak_memory_actors(2),
        Variant::without_futures::<RegisterThenCheck>(
            "register-then-check",
            "create the future that is notified, then check, then await it",
            everyone_passes,
            Reaches::everywhere(everyone_passes),
        )
        .unlike("flag-then-wait"),
        Variant::without_futures::<PermitForEach>(
            "permit-for-each",
            "wait without a check; notify_one as often as there are waiters",
            everyone_passes,
            Reaches::everywhere(everyone_passes_or_the_second_sleeps),
        ),
        Variant::without_futures::<Permit>(
            "permit",
            "check, await, wait; notify_one, and whoever is woken notifies the next",
            everyone_passes,
            Reaches::everywhere(everyone_passes),
        )
        .unlike("permit-for-each"),
    ],
};
