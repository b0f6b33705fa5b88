//! What was done in one execution, in order.

use std::cell::{Cell, RefCell};
use std::panic::Location;

use super::view::ActorId;
use super::{Access, Call, Event, Seen};

/// The events of one execution, where somebody wants them.
pub(crate) struct Log {
    step: Cell<usize>,
    events: RefCell<Option<Vec<Event>>>,
}

impl Log {
    pub(super) fn new(is_kept: bool) -> Self {
        Self { step: Cell::new(0), events: RefCell::new(is_kept.then(Vec::new)) }
    }

    /// Whether events are kept.
    pub(super) fn is_kept(&self) -> bool {
        self.events.borrow().is_some()
    }

    /// What follows happens in this step.
    #[inline]
    pub(crate) fn at_step(&self, step: usize) {
        self.step.set(step);
    }

    /// The next event is a step of its own.
    pub(super) fn next_step(&self) {
        self.step.set(self.events.borrow().as_ref().map_or(0, Vec::len));
    }

    /// `actor` made `call` on the object of this name, and got `seen` back.
    #[inline]
    pub(super) fn operation(
        &self,
        actor: ActorId,
        object: impl FnOnce() -> (&'static str, usize),
        call: Call,
        seen: Seen,
    ) {
        self.add(|step| Event { actor, step, object: Some(object()), call: Some(call), seen });
    }

    /// `actor` added another, called `name`.
    pub(super) fn spawn(
        &self,
        actor: ActorId,
        name: &'static str,
        location: &'static Location<'static>,
    ) {
        let call =
            Call { operation: "spawn", access: Access::Synchronise, argument: None, location };
        self.operation(actor, || (name, 1), call, Seen::Nothing);
    }

    /// What happened to `actor` and touched no object: it was cancelled, it timed out, it blocks.
    pub(crate) fn note(
        &self,
        actor: ActorId,
        (operation, access): (&'static str, Access),
        location: &'static Location<'static>,
    ) {
        let call = Call { operation, access, argument: None, location };
        let (call, seen) = (Some(call), Seen::Nothing);
        self.add(|step| Event { actor, step, object: None, call, seen });
    }

    /// `actor` took the current step, perhaps without an operation that could be seen.
    #[inline]
    pub(crate) fn note_step(&self, actor: ActorId, seen: Seen) {
        let step = self.step.get();
        if let Some(events) = self.events.borrow_mut().as_mut()
            && events.last().is_none_or(|event| event.step != step)
        {
            events.push(Event { actor, step, object: None, call: None, seen });
        }
    }

    /// Every event, if they were kept.
    pub(crate) fn take(&self) -> Vec<Event> {
        self.events.take().unwrap_or_default()
    }

    #[inline]
    fn add(&self, event: impl FnOnce(usize) -> Event) {
        if let Some(events) = self.events.borrow_mut().as_mut() {
            events.push(event(self.step.get()));
        }
    }
}
