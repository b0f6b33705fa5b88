//! The record of one execution: what each of its actors has observed.

use std::cell::{Cell, Ref, RefCell};
use std::panic::{Location, resume_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Waker;

use super::log::Log;
use super::place::Places;
use super::sabotage::{Mistake, is_on};
use super::view::{ActorId, ActorView, Fingerprint, ObjectId, ObjectView, Registration, View};
use super::{Access, Call, Digest, Seen};

/// What a digest is made of. Each kind of observation begins with a word of its own, so that no
/// two sequences of observations are the same words.
mod word {
    pub(super) const ENTERED: u64 = 1 << 60;
    pub(super) const WOKEN: u64 = 2 << 60;
    pub(super) const OBSERVED: u64 = 3 << 60;
    pub(super) const CHOSE: u64 = 4 << 60;
    pub(super) const CANCELLED: u64 = 5 << 60;
    pub(super) const UNWOKEN: u64 = 6 << 60;
    pub(super) const OWES: u64 = 7 << 60;
}

/// Accesses of one poll; one that makes more is taken for a loop that waits for another actor.
pub(crate) const MOST_ACCESSES: u32 = 1_000_000;

/// Why an actor was unwound in the middle of a poll.
#[derive(Clone, Copy)]
pub(crate) enum Unwound {
    /// Its poll made accesses without an end, the last of them here.
    Endless(ActorId, &'static Location<'static>),
    /// It made an access inside of another.
    Nested(ActorId),
}

/// What the actors of one execution have observed, and a log of what they did.
pub(crate) struct Record {
    /// Tells this execution from every other of the process.
    epoch: u64,
    /// Whether an object that an actor has made counts as its own, for as long as replicas are
    /// [interchangeable](Self::is_symmetric).
    assumes_private: bool,
    current: Cell<Option<ActorId>>,
    symmetric: Cell<bool>,
    /// Whether an actor has used a wait that another, or setting up, began.
    hands_over: Cell<bool>,
    /// Whose body is being dropped, once the execution is over.
    owner: Cell<Option<ActorId>>,
    /// Whether the wake that is under way has been announced.
    announces: Cell<bool>,
    /// An actor that was woken without an announcement.
    unseen: Cell<Option<ActorId>>,
    /// How many accesses the current step has made.
    accesses: Cell<u32>,
    /// Why an actor was unwound in the middle of a poll.
    unwound: Cell<Option<Unwound>>,
    places: Rc<Places>,
    view: RefCell<View>,
    /// The last number given to something that no actor made.
    numbered: Cell<u64>,
    pub(crate) log: Log,
}

/// Never given twice.
pub(super) fn unique() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

impl Record {
    /// An empty record, with a log if `is_logged`.
    pub(crate) fn new(is_logged: bool, assumes_private: bool, places: &Rc<Places>) -> Self {
        Self {
            epoch: unique(),
            assumes_private,
            current: Cell::new(None),
            symmetric: Cell::new(true),
            hands_over: Cell::new(false),
            owner: Cell::new(None),
            announces: Cell::new(false),
            unseen: Cell::new(None),
            accesses: Cell::new(0),
            unwound: Cell::new(None),
            places: Rc::clone(places),
            view: RefCell::new(View {
                actors: Vec::new(),
                objects: Vec::new(),
                setup: Digest::EMPTY,
            }),
            numbered: Cell::new(0),
            log: Log::new(is_logged),
        }
    }

    /// Tells this execution from every other of the process.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// What a state key is made of.
    #[inline]
    pub(crate) fn view(&self) -> Ref<'_, View> {
        self.view.borrow()
    }

    /// Whether every object has been used by its creator alone or stood before the first step.
    #[inline]
    pub(crate) fn is_symmetric(&self) -> bool {
        self.symmetric.get()
    }

    /// Whose step it is.
    #[inline]
    pub(crate) fn current(&self) -> Option<ActorId> {
        self.current.get()
    }

    /// The actors that stand before the first step, by what their wakers point to.
    pub(crate) fn populate(&self, wakers: impl Iterator<Item = *const ()>) {
        let actors = wakers.enumerate().map(|(place, waker)| ActorView::at(place, waker));
        self.view.borrow_mut().actors.extend(actors);
    }

    /// What follows is done by `actor`, as step number `step` of the schedule.
    #[inline]
    pub(crate) fn enter(&self, actor: ActorId, step: usize) {
        self.current.set(Some(actor));
        self.accesses.set(0);
        self.places.clear();
        self.log.at_step(step);
        // Being polled is itself an observation: a future may count its polls.
        if !is_on(Mistake::PollsIgnored) {
            self.view.borrow_mut().actors[actor].digest.mix(word::ENTERED);
        }
    }

    /// What follows is done by no actor: setting up, reading the outcome, tearing down.
    #[inline]
    pub(crate) fn leave(&self) {
        self.current.set(None);
    }

    /// The current actor adds another, called `name`; gives back its index, `None` if no actor is
    /// running. Children are known by their parents' names, so replicas are not interchangeable
    /// from here on.
    pub(crate) fn spawn(
        &self,
        name: &'static str,
        location: &'static Location<'static>,
    ) -> Option<ActorId> {
        let actor = self.current.get()?;
        self.symmetric.set(false);
        let mut view = self.view.borrow_mut();
        let child = view.actors[actor].spawn();
        view.actors.push(child);
        self.log.spawn(actor, name, location);
        Some(view.actors.len() - 1)
    }

    /// What the waker of an actor points to that was spawned. One that was spawned when the run was over
    /// is not known, and never runs.
    pub(crate) fn know_waker(&self, actor: ActorId, waker: *const ()) {
        if let Some(actor) = self.view.borrow_mut().actors.get_mut(actor) {
            actor.waker = waker;
        }
    }

    /// The current actor is dropped, not polled: the rest of this step is something else.
    pub(crate) fn cancelled(&self) {
        if !is_on(Mistake::CancellationsIgnored) {
            self.learn(|digest| digest.mix(word::CANCELLED));
        }
    }

    /// The current actor is polled although nothing woke it.
    pub(crate) fn polled_spuriously(&self) {
        self.learn(|digest| digest.mix(word::UNWOKEN));
    }

    /// The explorer chose this, for the current actor if there is one.
    pub(crate) fn chose(&self, chosen: usize) {
        let mut view = self.view.borrow_mut();
        let digest = match self.current.get() {
            Some(actor) => &mut view.actors[actor].digest,
            None => &mut view.setup,
        };
        if !is_on(Mistake::ChoicesIgnored) {
            digest.mix(word::CHOSE | chosen as u64);
        }
    }

    /// For the current actor, if there is one, the time was over as soon as it asked.
    pub(crate) fn times_out(&self, location: &'static Location<'static>) {
        if let Some(actor) = self.current.get() {
            self.log.note(actor, ("times out", Access::Cancel), location);
        }
    }

    /// Wakes the waiter by `wake`. It learns of that although it does not run: combinators
    /// inside its actor keep a list of what fired, in order.
    #[inline]
    pub(crate) fn wake(&self, registration: Registration, wake: impl FnOnce()) {
        if let Some(actor) = self.view.borrow_mut().actors.get_mut(registration.actor)
            && !is_on(Mistake::WakesIgnored)
        {
            actor.digest.mix(word::WOKEN | registration.number);
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
    pub(super) fn called(&self, actor: ActorId) {
        if !self.announces.get() && self.current.get() != Some(actor) {
            self.unseen.set(Some(actor));
        }
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
    pub(super) fn is_of_a_part(&self, registration: Registration, waker: &Waker) -> bool {
        let view = self.view.borrow();
        let is_own = |actor: &ActorView| actor.waker == waker.data();
        // A wait that was handed over has the waker of another.
        !view.actors.get(registration.actor).is_some_and(is_own) && !view.actors.iter().any(is_own)
    }

    /// What is dropped from now on is the body of this actor.
    pub(crate) fn tear_down(&self, actor: Option<ActorId>) {
        self.owner.set(actor);
    }

    /// Enters a new object; `state` is what of it belongs into a state key.
    pub(super) fn create_object(
        &self,
        name: &'static str,
        state: Option<Rc<dyn Fingerprint>>,
    ) -> ObjectId {
        let owner = self.current.get();
        let mut view = self.view.borrow_mut();
        let number = if let Some(actor) = owner {
            let actor = &mut view.actors[actor];
            actor.created += 1;
            actor.created
        } else {
            self.number()
        };
        let index = view.objects.len();
        view.objects.push(ObjectView { name, owner, number, state });
        ObjectId { epoch: self.epoch, index }
    }

    /// The object is gone and no longer part of the state.
    pub(super) fn drop_object(&self, object: ObjectId) {
        if self.epoch == object.epoch
            && let Ok(mut view) = self.view.try_borrow_mut()
        {
            let state = view.objects[object.index].state.take();
            // It may hold further objects, which come back here.
            drop(view);
            drop(state);
        }
    }

    /// The current actor made `call` on `object` and got `seen` back.
    #[inline]
    pub(super) fn observe(&self, object: ObjectId, call: Call, seen: Seen) {
        let Some(actor) = self.current.get() else { return };
        self.count(actor, call.location);
        let mut view = self.view.borrow_mut();
        if self.epoch != object.epoch {
            // Kept from another execution, so its state is no part of this one: no two executions
            // are alike from here on, and a replay is reported as nondeterministic.
            view.actors[actor].digest.mix(self.epoch);
            return;
        }
        let (owner, number) = {
            let object = &view.objects[object.index];
            (object.owner, object.number)
        };
        let (creator, maker) = match owner {
            None => (0, None),
            Some(owner) if owner == actor => (1, None),
            Some(owner) => {
                // The actor now knows something by its creator's name, so the two are no longer
                // interchangeable with their equals.
                if !is_on(Mistake::AsymmetryIgnored) {
                    self.symmetric.set(false);
                }
                (2, Some(view.actors[owner].name))
            }
        };
        let digest = &mut view.actors[actor].digest;
        digest.mix(word::OBSERVED | creator << 40 | number);
        if let Some(maker) = maker {
            digest.mix_digest(maker);
        }
        if !is_on(Mistake::ResultsIgnored) {
            seen.mix_into(digest);
        }
        // It follows from what was observed before, unless the program is not deterministic.
        if let Some(argument) = call.argument {
            digest.mix(argument as u64);
        }
        self.log.operation(actor, || view.display_name(object.index), call, seen);
    }

    /// Unwinds an actor that goes round in one poll, where it waits for what nobody else can do.
    #[inline]
    fn count(&self, actor: ActorId, location: &'static Location<'static>) {
        self.places.set(location);
        self.accesses.set(self.accesses.get() + 1);
        if self.accesses.get() >= MOST_ACCESSES {
            self.unwind(Unwound::Endless(actor, location));
        }
    }

    /// Ends the current actor, and with it the exploration: nothing it does can be trusted.
    pub(crate) fn unwind(&self, why: Unwound) -> ! {
        self.unwound.set(Some(why));
        resume_unwind(Box::new("an actor did what cannot be explored"));
    }

    /// Why an actor was unwound.
    #[inline]
    pub(crate) fn unwound(&self) -> Option<Unwound> {
        self.unwound.get()
    }

    /// Logs an operation of `actor`, in a world that does not enter actors one at a time.
    pub(super) fn record(&self, actor: ActorId, object: ObjectId, call: Call, seen: Seen) {
        if self.epoch != object.epoch {
            return;
        }
        self.log.next_step();
        self.log.operation(actor, || self.view.borrow().display_name(object.index), call, seen);
    }

    /// The current actor's name and what it has observed so far, for an object that records who did
    /// what to it. Such a record tells actors apart, so they are not interchangeable from here on.
    pub(super) fn identify(&self) -> Option<Digest> {
        let actor = self.current.get()?;
        self.symmetric.set(false);
        let ActorView { mut name, digest, .. } = self.view.borrow().actors[actor];
        name.mix_digest(digest);
        Some(name)
    }

    /// The current actor, if there is one, knows what `mix` adds from here on.
    pub(super) fn learn(&self, mix: impl FnOnce(&mut Digest)) {
        if let Some(actor) = self.current.get() {
            mix(&mut self.view.borrow_mut().actors[actor].digest);
        }
    }

    /// Whether `object` is the current actor's own: no other can see what it does with that.
    #[inline]
    pub(crate) fn is_private(&self, object: ObjectId) -> bool {
        self.assumes_private
            && self.epoch == object.epoch
            && self.current.get().is_some_and(|actor| {
                self.view.borrow().objects[object.index].owner == Some(actor)
                    || is_on(Mistake::EverythingPrivate)
            })
    }

    fn number(&self) -> u64 {
        self.numbered.set(self.numbered.get() + 1);
        self.numbered.get()
    }
}
