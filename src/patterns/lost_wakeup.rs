//! # lost-wakeup
//!
//! A waiter finds a flag down and goes to sleep; in between the flag was raised, and the only
//! notification was sent while nobody waited.
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
//! **The fix** is to register first and check afterwards, so that a notification in between reaches
//! the waiter. `notify_waiters` reaches a `Notified` once it is created; `notify_one` only once it is
//! polled or `enable`d. Or use the stored permit of `notify_one`. Only one is stored, however many are
//! sent, so each waiter must pass it on.
//!
//! On an event loop this takes an `.await` between the check and the wait; on threads it does not.

use crate::catalogue::{Cast, ExtendedProgram, Pattern, Role, Shared, Variant, WithoutFutures};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Cell, Extended, Notify};

/// The flag's positions.
const DOWN: i64 = 0;
const UP: i64 = 1;

/// A flag that one actor raises and others wait for.
pub struct Flag<P: Extended> {
    position: P::Cell,
    raised: P::Notify,
}

impl<P: Extended> Flag<P> {
    /// Checks the flag and, if it is down, yields and then waits to be notified.
    pub async fn check_then_wait(&self) {
        if self.position.get() == DOWN {
            P::yield_now().await;
            self.raised.notified().await; // <- the bug: an earlier `notify_waiters` woke nobody
        }
    }

    /// The same without yielding in between.
    pub async fn check_then_wait_at_once(&self) {
        if self.position.get() == DOWN {
            self.raised.notified().await; // <- the bug, on threads, for the same reason
        }
    }

    /// Registers, checks the flag and, if it is down, waits.
    pub async fn register_then_check(&self) {
        let raised = self.raised.notified();
        if self.position.get() == DOWN {
            P::yield_now().await;
            raised.await;
        }
    }

    /// Waits to be notified, without a check.
    pub async fn wait(&self) {
        self.raised.notified().await; // <- the bug: of the permits sent before, one is stored
    }

    /// Checks, waits if need be, and sends a permit to the next waiter.
    pub async fn check_then_wait_and_pass_on(&self) {
        self.check_then_wait().await;
        self.raised.notify_one();
    }

    /// Raises the flag and wakes those who wait now.
    pub fn raise(&self) {
        self.position.set(UP);
        self.raised.notify_waiters();
    }

    /// Raises the flag and sends so many permits, each of which wakes a waiter or is stored.
    pub fn raise_with_permits(&self, permits: usize) {
        self.position.set(UP);
        (0..permits).for_each(|_| self.raised.notify_one());
    }
}

impl<P: Extended> Shared for Flag<P> {
    fn new(_actors: usize) -> Self {
        Self { position: P::Cell::new("flag", DOWN), raised: P::Notify::new("raised") }
    }

    /// The flag's position when everyone has passed it.
    fn outcome(&self) -> Value {
        self.position.get().into()
    }
}

enum By {
    CheckThenWait,
    NoAwait,
    RegisterThenCheck,
    PermitForEach,
    PermitPassedOn,
}

impl ExtendedProgram for By {
    fn cast<P: Extended>(&self, n: usize) -> Cast {
        let raise_for_each = move |flag: &Flag<P>| flag.raise_with_permits(waiters(n));
        let raise_for_one = |flag: &Flag<P>| flag.raise_with_permits(1);
        match self {
            Self::CheckThenWait => one_raises(n, Flag::<P>::raise, Flag::check_then_wait),
            Self::NoAwait => one_raises(n, Flag::<P>::raise, Flag::check_then_wait_at_once),
            Self::RegisterThenCheck => one_raises(n, Flag::<P>::raise, Flag::register_then_check),
            Self::PermitForEach => one_raises(n, raise_for_each, Flag::wait),
            Self::PermitPassedOn => one_raises(n, raise_for_one, Flag::check_then_wait_and_pass_on),
        }
    }
}

/// One actor raises the flag, the others wait for it.
fn one_raises<P: Extended>(
    actors: usize,
    raise: impl Fn(&Flag<P>) + Copy + 'static,
    wait: impl AsyncFn(&Flag<P>) + Copy + 'static,
) -> Cast {
    let raiser = Role::one("raiser", async move |flag: &Flag<P>| raise(flag));
    Cast::new(actors, [raiser, Role::replicas("waiter", waiters(actors), wait)])
}

fn waiters(actors: usize) -> usize {
    actors - 1
}

fn everyone_passes(_actors: usize) -> Outcomes {
    outcomes([UP])
}

/// One waiter is enough: it checks too early and registers too late.
fn everyone_passes_or_one_sleeps(actors: usize) -> Outcomes {
    everyone_passes_or_deadlock_of(1, actors)
}

/// One permit is stored for those who come late, however many were sent.
fn everyone_passes_or_the_second_sleeps(actors: usize) -> Outcomes {
    everyone_passes_or_deadlock_of(2, actors)
}

/// It takes at least so many waiters for one of them to sleep forever.
fn everyone_passes_or_deadlock_of(fewest: usize, actors: usize) -> Outcomes {
    let mut reached = everyone_passes(actors);
    if waiters(actors) >= fewest {
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
    allowed: everyone_passes,
    variants: &[
        Variant::racy(
            "flag-then-wait",
            "check, await, wait to be notified",
            &WithoutFutures(By::CheckThenWait),
            everyone_passes_or_one_sleeps,
        )
        .with_weak_memory_actors(2),
        Variant::safe(
            "no-await",
            "check and wait with no await in between",
            &WithoutFutures(By::NoAwait),
        )
        .on_threads(everyone_passes_or_one_sleeps)
        .with_weak_memory_actors(2),
        Variant::safe(
            "register-then-check",
            "create the future that is notified, then check, then await it",
            &WithoutFutures(By::RegisterThenCheck),
        )
        .unlike("flag-then-wait"),
        Variant::racy(
            "permit-for-each",
            "wait without a check; one notify_one per waiter",
            &WithoutFutures(By::PermitForEach),
            everyone_passes_or_the_second_sleeps,
        ),
        Variant::safe(
            "permit",
            "check, await, wait; one notify_one, and each waiter that passes notifies the next",
            &WithoutFutures(By::PermitPassedOn),
        )
        .unlike("permit-for-each"),
    ],
};
