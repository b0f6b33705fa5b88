//! What was done in one execution, in order.

use std::cell::{Cell, RefCell};
use std::panic::Location;

use super::traces::{Reader, Site, Trace};
use super::view::ActorId;
use super::{Access, Aside, Call, Event, Place, Seen};

/// The events of one execution, where somebody wants them.
pub(crate) struct Log {
    is_kept: bool,
    traces: Cell<bool>,
    step: Cell<usize>,
    entries: RefCell<Vec<Entry>>,
    lacks_lines: Cell<bool>,
}

struct Entry {
    event: Event,
    /// Where it was, if no call says so.
    trace: Option<Trace>,
}

impl Log {
    pub(super) fn new(is_kept: bool) -> Self {
        Self {
            is_kept,
            traces: Cell::new(false),
            step: Cell::new(0),
            entries: RefCell::default(),
            lacks_lines: Cell::new(false),
        }
    }

    /// Whether events are kept.
    #[inline]
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// If events are kept, so is from now on where wakers are kept and called, or not.
    pub(crate) fn trace(&self, is_traced: bool) -> bool {
        self.traces.replace(is_traced && self.is_kept)
    }

    /// Whether it is kept where wakers are kept and called.
    #[inline]
    pub(crate) fn traces(&self) -> bool {
        self.traces.get()
    }

    /// What follows happens in this step.
    #[inline]
    pub(crate) fn at_step(&self, step: usize) {
        self.step.set(step);
    }

    /// The next event is a step of its own.
    pub(super) fn next_step(&self) {
        self.step.set(self.entries.borrow().len());
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
        self.add(|step| Event {
            object: Some(object()),
            call: Some(call),
            ..Event::of(actor, step, seen)
        });
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
        self.add(|step| Event { call: Some(call), ..Event::of(actor, step, Seen::Nothing) });
    }

    /// What `actor` did, or what became of it, beside its operations.
    pub(crate) fn aside(&self, actor: ActorId, aside: Aside, place: Option<Place>) {
        self.add(|step| {
            let seen = seen(&aside);
            Event { aside: Some(aside), place, ..Event::of(actor, step, seen) }
        });
    }

    /// The same, done where this is called.
    pub(super) fn aside_here(&self, actor: ActorId, aside: Aside) {
        let seen = seen(&aside);
        let event = Event { aside: Some(aside), ..Event::of(actor, self.step.get(), seen) };
        self.entries.borrow_mut().push(Entry { event, trace: Some(Trace::take()) });
    }

    /// `actor` has taken the current step, perhaps without an operation that could be seen, and has left
    /// its waker in so many places since it began.
    ///
    /// Of what it awaited on the way, what came first has been given up again; and what has woken itself
    /// awaits nothing yet.
    pub(crate) fn end_step(&self, actor: ActorId, seen: Seen, wakers: usize) {
        let (step, is_pending) = (self.step.get(), seen == Seen::Pending);
        let mut entries = self.entries.borrow_mut();
        let first = entries.iter().rposition(|it| it.event.step != step).map_or(0, |it| it + 1);
        let done = entries.split_off(first);
        let has = |of: &dyn Fn(&Event) -> bool| done.iter().any(|it| of(&it.event));
        let awaits = |event: &Event| matches!(event.aside, Some(Aside::Awaits(_)));
        let operates = has(&|it| it.call.is_some());
        let shows_why = has(&|it| it.object.is_some());
        let shows_wait = has(&|it| it.object.is_some() && it.seen == Seen::Pending);
        let yields = has(&|it| it.aside == Some(Aside::Yields));
        let returns = has(&|it| matches!(it.aside, Some(Aside::Returns(_))));
        let mut given_up =
            done.iter().filter(|it| awaits(&it.event)).count().saturating_sub(wakers);
        entries.extend(done.into_iter().filter(|it| match it.event.aside {
            Some(Aside::Awaits(_)) if given_up > 0 => {
                given_up -= 1;
                false
            }
            Some(Aside::Awaits(_)) => is_pending && !shows_wait && !yields,
            Some(Aside::Yields) => is_pending && !shows_why,
            Some(Aside::Sleeps(_)) => is_pending,
            _ => true,
        }));
        let shows_end = entries[first..].iter().any(|it| it.event.seen == Seen::Pending);
        if !operates && !shows_end && !returns {
            entries.push(Entry { event: Event::of(actor, step, seen), trace: None });
        }
    }

    /// Every event, if they were kept.
    pub(crate) fn take(&self) -> Vec<Event> {
        let mut reader = Reader::default();
        let mut events: Vec<Event> = Vec::new();
        for Entry { mut event, trace } in self.entries.take() {
            if let Some(trace) = trace {
                let Site { callee, place, lacks_lines } = reader.read(&trace);
                self.lacks_lines.set(self.lacks_lines.get() || lacks_lines);
                event.place = place;
                if let Some(Aside::Awaits(what)) = &mut event.aside {
                    *what = callee;
                }
                let mut before = events.iter().rev().take_while(|it| it.step == event.step);
                if before.any(|it| is_told_by(&event, it)) {
                    continue;
                }
            }
            events.push(event);
        }
        events
    }

    /// Whether lines are missing from what was taken, for want of debug information.
    pub(crate) fn lacks_lines(&self) -> bool {
        self.lacks_lines.get()
    }

    #[inline]
    fn add(&self, event: impl FnOnce(usize) -> Event) {
        if self.is_kept {
            let event = event(self.step.get());
            self.entries.borrow_mut().push(Entry { event, trace: None });
        }
    }
}

/// What came back to an actor that does this.
fn seen(aside: &Aside) -> Seen {
    match aside {
        Aside::Awaits(_) | Aside::Yields | Aside::Sleeps(_) => Seen::Pending,
        _ => Seen::Nothing,
    }
}

/// Whether an earlier event of the step says as much: a future may keep its waker twice.
fn is_told_by(event: &Event, earlier: &Event) -> bool {
    (&event.aside, &event.place) == (&earlier.aside, &earlier.place)
}
