//! The thread-local record of one execution.

use std::cell::{Cell, RefCell};
use std::panic::Location;
use std::rc::Rc;

use super::sabotage::{Mistake, is_on};
use super::view::{ActorId, ActorView, Fingerprint, ObjectId, ObjectView, Registration, View};
use super::{Access, Call, Digest, Event, Seen};

/// What a digest is made of. Each kind of observation begins with a word of its own, so that no
/// two sequences of observations read alike.
mod word {
    pub(super) const ENTERED: u64 = 1 << 60;
    pub(super) const WOKEN: u64 = 2 << 60;
    pub(super) const OBSERVED: u64 = 3 << 60;
    pub(super) const CHOSE: u64 = 4 << 60;
    pub(super) const CANCELLED: u64 = 5 << 60;
    pub(super) const UNWOKEN: u64 = 6 << 60;
}

struct Observer {
    epoch: Cell<u64>,
    current: Cell<Option<ActorId>>,
    step: Cell<usize>,
    symmetric: Cell<bool>,
    trusts_privacy: Cell<bool>,
    view: RefCell<View>,
    /// The last number given to something that no actor made.
    numbered: Cell<u64>,
    log: RefCell<Option<Vec<Event>>>,
}

impl Observer {
    fn number(&self) -> u64 {
        self.numbered.set(self.numbered.get() + 1);
        self.numbered.get()
    }

    /// The current actor, if there is one, knows `word` from here on.
    fn learn(&self, word: u64) {
        if let Some(actor) = self.current.get() {
            self.view.borrow_mut().actors[actor].digest.mix(word);
        }
    }
}

thread_local! {
    static OBSERVER: Observer = const {
        Observer {
            epoch: Cell::new(0),
            current: Cell::new(None),
            step: Cell::new(0),
            symmetric: Cell::new(true),
            trusts_privacy: Cell::new(false),
            view: RefCell::new(View {
                actors: Vec::new(),
                objects: Vec::new(),
                setup: Digest::EMPTY,
            }),
            numbered: Cell::new(0),
            log: RefCell::new(None),
        }
    };
}

/// Forgets the previous execution and starts the record of a new one, with a log if `logged`.
///
/// With `trusts_privacy`, an object that an actor has made during the execution counts as its own
/// for as long as [`symmetric`] holds.
pub(crate) fn begin(logged: bool, trusts_privacy: bool) {
    OBSERVER.with(|observer| {
        observer.trusts_privacy.set(trusts_privacy);
        observer.epoch.set(observer.epoch.get() + 1);
        observer.current.set(None);
        observer.step.set(0);
        observer.symmetric.set(true);
        observer.numbered.set(0);
        let mut view = observer.view.borrow_mut();
        view.actors.clear();
        view.setup = Digest::EMPTY;
        // Dropping a state may drop further objects, which come back here: take them out first.
        let objects = std::mem::take(&mut view.objects);
        drop(view);
        drop(objects);
        *observer.log.borrow_mut() = logged.then(Vec::new);
    });
}

/// So many actors stand before the first step.
pub(crate) fn populate(count: usize) {
    OBSERVER.with(|observer| {
        observer.view.borrow_mut().actors.extend((0..count).map(ActorView::at));
    });
}

/// The current actor adds another, called `name`; gives back its index, `None` if no actor is
/// running. Children are known by their parents' names, so replicas are not interchangeable from
/// here on.
pub(crate) fn spawn(name: &'static str, location: &'static Location<'static>) -> Option<ActorId> {
    OBSERVER.with(|observer| {
        let actor = observer.current.get()?;
        observer.symmetric.set(false);
        let mut view = observer.view.borrow_mut();
        let child = view.actors[actor].spawn();
        view.actors.push(child);
        if let Some(log) = observer.log.borrow_mut().as_mut() {
            log.push(spawning(actor, observer.step.get(), name, location));
        }
        Some(view.actors.len() - 1)
    })
}

fn spawning(
    actor: ActorId,
    step: usize,
    name: &'static str,
    location: &'static Location<'static>,
) -> Event {
    let access = Access::Synchronise;
    let call = Some(Call { operation: "spawn", access, argument: None, location });
    Event { actor, step, object: Some((name, 1)), call, seen: Seen::Nothing }
}

/// What follows is done by `actor`, as step number `step` of the schedule.
#[inline]
pub(crate) fn enter(actor: ActorId, step: usize) {
    OBSERVER.with(|observer| {
        observer.current.set(Some(actor));
        observer.step.set(step);
        // Being polled is itself an observation: a future may count its polls.
        if !is_on(Mistake::PollsIgnored) {
            observer.view.borrow_mut().actors[actor].digest.mix(word::ENTERED);
        }
    });
}

/// What follows is logged under this step.
pub(crate) fn at_step(step: usize) {
    OBSERVER.with(|observer| observer.step.set(step));
}

/// What follows is done by no actor: setting up, reading the outcome, tearing down.
#[inline]
pub(crate) fn leave() {
    OBSERVER.with(|observer| observer.current.set(None));
}

/// Whose step it is.
pub(crate) fn current() -> Option<ActorId> {
    OBSERVER.with(|observer| observer.current.get())
}

/// Enters a new object into the record; `state` is what of it belongs into a state key.
pub(crate) fn create_object(name: &'static str, state: Option<Rc<dyn Fingerprint>>) -> ObjectId {
    OBSERVER.with(|observer| {
        let owner = observer.current.get();
        let mut view = observer.view.borrow_mut();
        let number = if let Some(actor) = owner {
            let actor = &mut view.actors[actor];
            actor.created += 1;
            actor.created
        } else {
            observer.number()
        };
        let index = view.objects.len();
        view.objects.push(ObjectView { name, owner, number, state });
        ObjectId { epoch: observer.epoch.get(), index }
    })
}

/// The object is gone and no longer part of the state.
pub(crate) fn drop_object(object: ObjectId) {
    // The thread-local may be gone already where a thread ends while objects are alive.
    let _ = OBSERVER.try_with(|observer| {
        if observer.epoch.get() == object.epoch
            && let Ok(mut view) = observer.view.try_borrow_mut()
        {
            let state = view.objects[object.index].state.take();
            drop(view);
            drop(state);
        }
    });
}

/// The current actor made `call` on `object` and got `seen` back.
#[inline]
pub(crate) fn observe(object: ObjectId, call: Call, seen: Seen) {
    OBSERVER.with(|observer| {
        let Some(actor) = observer.current.get() else { return };
        let mut view = observer.view.borrow_mut();
        if observer.epoch.get() != object.epoch {
            // Kept from another execution, so its state is no part of this one: no two executions
            // look alike from here on, and a replay is reported as nondeterministic.
            view.actors[actor].digest.mix(observer.epoch.get());
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
                    observer.symmetric.set(false);
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
        if let Some(log) = observer.log.borrow_mut().as_mut() {
            let object = Some(view.display_name(object.index));
            log.push(Event { actor, step: observer.step.get(), object, call: Some(call), seen });
        }
    });
}

/// Logs an operation of `actor`, in a world that does not enter actors one at a time.
pub fn record(actor: ActorId, object: ObjectId, call: Call, seen: Seen) {
    OBSERVER.with(|observer| {
        if let Some(log) = observer.log.borrow_mut().as_mut() {
            let object = Some(observer.view.borrow().display_name(object.index));
            log.push(Event { actor, step: log.len(), object, call: Some(call), seen });
        }
    });
}

/// Logs that `actor` adds another, in a world that does not enter actors one at a time.
pub fn record_spawn(actor: ActorId, name: &'static str, location: &'static Location<'static>) {
    OBSERVER.with(|observer| {
        if let Some(log) = observer.log.borrow_mut().as_mut() {
            log.push(spawning(actor, log.len(), name, location));
        }
    });
}

/// Whether operations are being logged.
pub fn is_logging() -> bool {
    OBSERVER.with(|observer| observer.log.borrow().is_some())
}

/// The current actor's name and what it has observed so far, for an object that records who did
/// what to it. Such a record tells actors apart, so they are not interchangeable from here on.
pub(crate) fn identify() -> Option<Digest> {
    OBSERVER.with(|observer| {
        let actor = observer.current.get()?;
        observer.symmetric.set(false);
        let ActorView { mut name, digest, .. } = observer.view.borrow().actors[actor];
        name.mix_digest(digest);
        Some(name)
    })
}

/// The current actor learns all that `other` tells.
pub(crate) fn learn(other: Digest) {
    OBSERVER.with(|observer| {
        if let Some(actor) = observer.current.get() {
            observer.view.borrow_mut().actors[actor].digest.mix_digest(other);
        }
    });
}

/// The current actor is dropped instead of polled: what it does from here on is something else.
pub(crate) fn cancelled() {
    OBSERVER.with(|observer| {
        if !is_on(Mistake::CancellationsIgnored) {
            observer.learn(word::CANCELLED);
        }
    });
}

/// The current actor is polled although nobody woke it.
pub(crate) fn polled_spuriously() {
    OBSERVER.with(|observer| observer.learn(word::UNWOKEN));
}

/// `chosen` was given out of nothing, to the current actor if there is one.
pub(crate) fn chose(chosen: usize) {
    OBSERVER.with(|observer| {
        let mut view = observer.view.borrow_mut();
        let digest = match observer.current.get() {
            Some(actor) => &mut view.actors[actor].digest,
            None => &mut view.setup,
        };
        if !is_on(Mistake::ChoicesIgnored) {
            digest.mix(word::CHOSE | chosen as u64);
        }
    });
}

/// Logs what was done to `actor` from outside: cancelled, timed out.
pub(crate) fn note(actor: ActorId, operation: &'static str, location: &'static Location<'static>) {
    OBSERVER.with(|observer| {
        let step = observer.step.get();
        if let Some(log) = observer.log.borrow_mut().as_mut() {
            let access = Access::Synchronise;
            let call = Some(Call { operation, access, argument: None, location });
            log.push(Event { actor, step, object: None, call, seen: Seen::Nothing });
        }
    });
}

/// Logs that `actor` took the current step without an operation that could be seen.
pub(crate) fn note_unseen(actor: ActorId, seen: Seen) {
    OBSERVER.with(|observer| {
        let step = observer.step.get();
        if let Some(log) = observer.log.borrow_mut().as_mut()
            && log.last().is_none_or(|event| event.step != step)
        {
            log.push(Event { actor, step, object: None, call: None, seen });
        }
    });
}

/// The current actor begins to wait.
#[inline]
pub(crate) fn register() -> Registration {
    OBSERVER.with(|observer| {
        let actor = observer.current.get();
        let mut view = observer.view.borrow_mut();
        if let Some((actor, record)) = actor.and_then(|id| Some((id, view.actors.get_mut(id)?))) {
            record.registrations += 1;
            Registration { actor, number: record.registrations }
        } else {
            // No explorer is watching: any distinct number does.
            Registration { actor: usize::MAX, number: observer.number() }
        }
    })
}

/// The waiter is about to be woken. It learns of that although it does not run: combinators inside
/// its actor keep a list of what fired, in order.
#[inline]
pub(crate) fn woken(registration: Registration) {
    let _ = OBSERVER.try_with(|observer| {
        if let Some(actor) = observer.view.borrow_mut().actors.get_mut(registration.actor)
            && !is_on(Mistake::WakesIgnored)
        {
            actor.digest.mix(word::WOKEN | registration.number);
        }
    });
}

/// Whether `object` is the current actor's own: what it does with it nobody else can see.
#[inline]
pub(crate) fn is_private(object: ObjectId) -> bool {
    OBSERVER.with(|observer| {
        observer.trusts_privacy.get()
            && observer.epoch.get() == object.epoch
            && observer.current.get().is_some_and(|actor| {
                observer.view.borrow().objects[object.index].owner == Some(actor)
                    || is_on(Mistake::EverythingPrivate)
            })
    })
}

/// Whether every object has been used by its creator alone or stood before the first step.
pub(crate) fn symmetric() -> bool {
    OBSERVER.with(|observer| observer.symmetric.get())
}

/// Hands what a state key is made of to `read`.
pub(crate) fn view<R>(read: impl FnOnce(&View) -> R) -> R {
    OBSERVER.with(|observer| read(&observer.view.borrow()))
}

/// The log of this execution, if one was kept.
pub(crate) fn take_log() -> Vec<Event> {
    OBSERVER.with(|observer| observer.log.borrow_mut().take().unwrap_or_default())
}
