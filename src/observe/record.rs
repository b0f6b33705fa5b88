//! The record of one execution: what each of its actors has observed.

mod objects;
mod waits;

use std::cell::{Cell, Ref, RefCell};
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::log::Log;
use super::place::Places;
use super::sabotage::{Mistake, is_on};
use super::view::{ActorId, ActorView, View};
use super::{Access, Aside, Digest};

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
    pub(super) const WOKEN_BY_ITSELF: u64 = 8 << 60;
    pub(super) const SHORTENED: u64 = 9 << 60;
    pub(super) const ABORTED: u64 = 10 << 60;
    pub(super) const SLEPT: u64 = 11 << 60;
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

/// Never given twice. A thread takes many at once, so that those that explore together do not wait for
/// each other.
pub(super) fn unique() -> u64 {
    const BLOCK: u64 = 1 << 12;
    static TAKEN: AtomicU64 = AtomicU64::new(0);
    thread_local! {
        static LAST: Cell<u64> = const { Cell::new(0) };
    }
    let last = Some(LAST.get()).filter(|last| !last.is_multiple_of(BLOCK));
    let next = last.unwrap_or_else(|| TAKEN.fetch_add(BLOCK, Ordering::Relaxed)) + 1;
    LAST.set(next);
    next
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
        self.view.borrow_mut().actors[actor].is_awake = true;
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

    /// The actor is to be dropped at its next step, whoever has seen to that.
    pub(crate) fn aborted(&self, actor: ActorId) {
        self.view.borrow_mut().actors[actor].digest.mix(word::ABORTED);
    }

    /// The current actor is polled although nothing woke it.
    pub(crate) fn polled_spuriously(&self) {
        self.learn(|digest| digest.mix(word::UNWOKEN));
        if let Some(actor) = self.current.get() {
            self.log.aside(actor, Aside::IsPolledSpuriously, None);
        }
    }

    /// The current actor stops right after its first access, and not where it next has to.
    pub(crate) fn shortened(&self) {
        self.learn(|digest| digest.mix(word::SHORTENED));
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

    /// The current actor, if there is one, asks whether a sleep of its own is over.
    pub(crate) fn learns_time(&self, is_over: bool) {
        self.learn(|digest| digest.mix(word::SLEPT | u64::from(is_over)));
    }

    /// The current actor, if there is one, sleeps for so long from now on.
    pub(crate) fn sleeps_for(&self, left: Duration, location: &'static Location<'static>) {
        if self.log.is_kept() {
            self.note_aside(Aside::Sleeps(left), Some(location));
        }
    }

    /// The current actor, if there is one, does this beside its operations.
    pub(super) fn note_aside(&self, aside: Aside, location: Option<&Location<'_>>) {
        if let Some(actor) = self.current.get() {
            self.log.aside(actor, aside, location.map(Into::into));
        }
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

    fn number(&self) -> u64 {
        self.numbered.set(self.numbered.get() + 1);
        self.numbered.get()
    }
}
