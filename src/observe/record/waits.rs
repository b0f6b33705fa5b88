//! What actors wait for, what wakes them, and whether a wait has changed hands.

use std::task::Waker;

use super::{Record, word};
use crate::observe::Aside;
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::view::{ActorId, ActorView, Registration};

impl Record {
    /// Wakes the waiter by `wake`. It learns of that although it does not run: combinators
    /// inside its actor keep a list of what fired, in order. What the actor fires without an object,
    /// as a yield does, comes after what it has woken itself by one, and before what another wakes.
    #[inline]
    pub(crate) fn wake(&self, registration: Registration, wake: impl FnOnce()) {
        if let Some(actor) = self.view.borrow_mut().actors.get_mut(registration.actor)
            && !is_on(Mistake::WakesIgnored)
        {
            let is_by_itself = self.current.get() == Some(registration.actor);
            let is_told_apart = is_by_itself && !is_on(Mistake::OwnWakesIgnored);
            let woken = if is_told_apart { word::WOKEN_BY_ITSELF } else { word::WOKEN };
            actor.digest.mix(woken | registration.number);
        }
        let outer = self.announces.replace(true);
        wake();
        self.announces.set(outer);
    }

    /// The current actor has yet to end these waits, which is known to nobody else. It knows them by
    /// name, so actors are not interchangeable from here on.
    pub(crate) fn owe(&self, waits: &mut dyn Iterator<Item = Registration>) {
        let Some(current) = self.current.get() else { return };
        self.symmetric.set(false);
        let mut view = self.view.borrow_mut();
        for Registration { actor, number } in waits {
            let name = view.actors.get(actor).map(|actor| actor.name);
            let digest = &mut view.actors[current].digest;
            digest.mix(word::OWES | number);
            if let Some(name) = name {
                digest.mix_digest(name);
            }
        }
    }

    /// The waker of `actor` is called. If no wait was announced, and the actor is not waking itself,
    /// then something woke it that the explorer does not see.
    #[inline]
    pub(in crate::observe) fn called(&self, actor: ActorId, is_awake: bool) {
        if !self.announces.get() && self.current.get() != Some(actor) {
            self.unseen.set(Some(actor));
        }
        if self.log.traces() && !is_awake && !self.announces.get() {
            self.log_wake(actor);
        }
        if let Ok(mut view) = self.view.try_borrow_mut()
            && let Some(actor) = view.actors.get_mut(actor)
        {
            actor.is_awake = true;
        }
    }

    fn log_wake(&self, woken: ActorId) {
        match self.current.get() {
            Some(actor) if actor == woken => self.log.aside_here(actor, Aside::Yields),
            Some(actor) => self.log.aside_here(actor, Aside::Wakes(woken)),
            None => {}
        }
    }

    /// A future that `actor` polls keeps its waker.
    pub(in crate::observe) fn keeps(&self, actor: ActorId) {
        if self.log.traces() && self.current.get() == Some(actor) {
            self.log.aside_here(actor, Aside::Awaits(None));
        }
    }

    /// The actor has returned from a poll, and runs on when something wakes it.
    pub(crate) fn sleeps(&self, actor: ActorId) {
        self.view.borrow_mut().actors[actor].is_awake = false;
    }

    /// Whether the actor of this wait does nothing but wait, so that it asks for nothing until its own
    /// `waker` is called.
    pub(in crate::observe) fn only_waits(&self, wait: Registration, waker: &Waker) -> bool {
        let view = self.view.borrow();
        view.actors.get(wait.actor).is_some_and(|actor| {
            !actor.is_awake && actor.waits() == 1 && actor.waker == waker.data()
        })
    }

    /// An actor that was woken by something that the explorer does not see.
    #[inline]
    pub(crate) fn unseen(&self) -> Option<ActorId> {
        self.unseen.get()
    }

    /// The current actor begins to wait.
    #[inline]
    pub(crate) fn register(&self) -> Registration {
        let Some(actor) = self.current.get() else {
            return Registration { actor: ActorId::MAX, number: self.number() };
        };
        let record = &mut self.view.borrow_mut().actors[actor];
        record.registrations += 1;
        record.waits += 1;
        Registration { actor, number: record.registrations }
    }

    /// A number for what the current actor makes, and may wait for later; `None` if no actor is running.
    pub(crate) fn number_of_current(&self) -> Option<Registration> {
        let actor = self.current.get()?;
        let record = &mut self.view.borrow_mut().actors[actor];
        record.registrations += 1;
        Some(Registration { actor, number: record.registrations })
    }

    /// A wait is polled again. What wakes it is known to whoever began it; if that is another, what
    /// its present owner knows is not all that decides its future.
    #[inline]
    pub(crate) fn resume(&self, Registration { actor, .. }: Registration) {
        let is_anothers = match self.current.get() {
            Some(owner) => owner != actor,
            // What a thread begins once its run is over is nobody's.
            None => actor != ActorId::MAX && self.owner.get().is_some_and(|owner| owner != actor),
        };
        if is_anothers && !is_on(Mistake::HandOversIgnored) {
            self.hands_over.set(true);
        }
    }

    /// A wait has ended, or is given up.
    #[inline]
    pub(crate) fn end_wait(&self, registration: Registration) {
        self.resume(registration);
        // Waits of an object that is dropped within a visit to the view end with it.
        if let Ok(mut view) = self.view.try_borrow_mut()
            && let Some(actor) = view.actors.get_mut(registration.actor)
        {
            actor.waits = actor.waits.saturating_sub(1);
        }
    }

    /// Whether a wait has changed hands.
    pub(crate) fn hands_over(&self) -> bool {
        self.hands_over.get()
    }

    /// Whether `waker`, by which this wait is to end, is of a part of an actor: a combinator keeps a
    /// list of those that were woken. The waker of a whole actor only sets its flag.
    pub(in crate::observe) fn is_of_a_part(
        &self,
        registration: Registration,
        waker: &Waker,
    ) -> bool {
        let view = self.view.borrow();
        let is_own = |actor: &ActorView| actor.waker == waker.data();
        // A wait that was handed over has the waker of another.
        !view.actors.get(registration.actor).is_some_and(is_own) && !view.actors.iter().any(is_own)
    }

    /// What is dropped from now on is the body of this actor.
    pub(crate) fn tear_down(&self, actor: Option<ActorId>) {
        self.owner.set(actor);
    }
}
