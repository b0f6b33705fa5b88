//! One execution of a program: its actors, advanced a step at a time.

mod teardown;

use std::sync::Arc;
use std::task::Context;

use super::actors::{Actors, Body, Invariant, Name, Slot, Start};
use super::alone::Alone;
use super::coroutine::Thread;
use super::moves::Move;
use super::panics;
use super::spawned::{self, Child};
use super::timers;
use super::wakers::{Flag, Queue, Woken};
use super::watchdog;
use crate::explore::Interleave;
use crate::explore::{Outcome, Value};
use crate::observe::{self, Seen};

/// Reads the outcome once every actor has finished.
pub(crate) type Finish = Box<dyn FnOnce() -> Value>;

/// A program: spawns its actors, and says how to read the outcome. It is run once per execution
/// and must do the same each time.
pub(crate) type Program<'a> = &'a dyn Fn(&mut Actors) -> Finish;

pub(crate) struct Execution {
    interleave: Interleave,
    slots: Vec<Slot>,
    woken: Woken,
    /// How many actors stood before the first step; those after them were spawned.
    first_spawned: usize,
    has_cancellable: bool,
    spurious_polls: usize,
    finish: Option<Finish>,
    unfinished: usize,
    steps: usize,
    invariants: Vec<Invariant>,
    /// Why the execution ended before its actors did.
    cut_short: Option<Outcome>,
    panicked_at: Option<String>,
    _alone: Alone,
}

impl Execution {
    pub(crate) fn start(
        program: Program<'_>,
        interleave: Interleave,
        logged: bool,
        trusts_privacy: bool,
        queue: Option<&Queue>,
    ) -> Self {
        let alone = Alone::claim(interleave);
        observe::begin(logged, trusts_privacy);
        panics::take_blocked();
        timers::clear();
        let mut actors = Actors::default();
        let finish = program(&mut actors);
        for slot in &mut actors.slots {
            slot.spurious_polls = actors.spurious_polls;
        }
        let count = actors.len();
        observe::populate(count);
        spawned::open(queue);
        let has_cancellable = actors.slots.iter().any(|slot| slot.cancellable.is_some());
        let mut execution = Self {
            interleave,
            slots: actors.slots,
            invariants: actors.invariants,
            woken: match queue {
                Some(_) => Woken::all(count, queue),
                None => Woken::take(count),
            },
            has_cancellable,
            spurious_polls: actors.spurious_polls,
            first_spawned: count,
            finish: Some(finish),
            unfinished: count,
            steps: 0,
            cut_short: None,
            panicked_at: None,
            _alone: alone,
        };
        execution.check_invariants();
        execution
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The index from which on actors were spawned by others.
    #[inline]
    pub(crate) fn first_spawned(&self) -> usize {
        self.first_spawned
    }

    /// How many actors have yet to finish, not counting the one that is at it: `last`, or the first
    /// to come.
    pub(crate) fn unfinished_others(&self, last: Option<usize>) -> usize {
        let is_at_it = last.is_none_or(|last| !self.is_finished(last));
        self.unfinished.saturating_sub(usize::from(is_at_it))
    }

    /// The actors' names, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.slots.iter().map(|slot| slot.name.to_string()).collect()
    }

    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    /// Where in the source an actor panicked, if one did.
    pub(crate) fn panicked_at(&self) -> Option<&str> {
        self.panicked_at.as_deref()
    }

    /// Whether `actor` can take a step.
    #[inline]
    pub(crate) fn is_ready(&self, actor: usize) -> bool {
        !self.is_cut_short() && can_step(&self.slots[actor].body, self.woken.flag(actor))
    }

    /// Whether `actor` has yet to take its first step.
    pub(crate) fn is_fresh(&self, actor: usize) -> bool {
        matches!(self.slots[actor].body, Body::Unstarted(_))
    }

    #[inline]
    pub(crate) fn is_finished(&self, actor: usize) -> bool {
        matches!(self.slots[actor].body, Body::Finished)
    }

    /// Whether nothing can happen any more although actors may be ready: one of them panicked, or
    /// an invariant is broken.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.cut_short.is_some()
    }

    /// Hands everything that can happen next to `visit`.
    pub(crate) fn moves(&self, mut visit: impl FnMut(Move)) {
        if self.is_cut_short() {
            return;
        }
        for (actor, (slot, flag)) in self.slots.iter().zip(self.woken.flags()).enumerate() {
            if can_step(&slot.body, flag) {
                visit(Move::Step(actor));
            }
        }
        if self.has_cancellable {
            for actor in (0..self.slots.len()).filter(|&actor| self.is_cancellable(actor)) {
                visit(Move::Cancel(actor));
            }
        }
        if self.spurious_polls > 0 {
            for actor in (0..self.slots.len()).filter(|&it| self.can_be_polled_spuriously(it)) {
                visit(Move::PollSpuriously(actor));
            }
        }
        timers::running(|timer, _| visit(Move::Expire(timer)));
    }

    fn is_cancellable(&self, actor: usize) -> bool {
        let slot = &self.slots[actor];
        slot.cancellable.is_some() && is_suspended(&slot.body)
    }

    /// Makes a move; gives back whose it was, `None` if it cannot be made.
    pub(crate) fn make(&mut self, next: Move) -> Option<usize> {
        if self.is_cut_short() {
            return None;
        }
        match next {
            Move::Step(actor) if actor < self.slots.len() && self.is_ready(actor) => {
                self.within_step(actor, |execution| execution.advance(actor));
                Some(actor)
            }
            Move::Cancel(actor) if actor < self.slots.len() && self.is_cancellable(actor) => {
                self.within_step(actor, |execution| execution.cancel(actor));
                Some(actor)
            }
            Move::Expire(timer) => {
                let (actor, location) = timers::expire(timer)?;
                observe::at_step(self.steps);
                observe::note(actor, "times out", location);
                self.steps += 1;
                Some(actor)
            }
            Move::PollSpuriously(actor)
                if actor < self.slots.len() && self.can_be_polled_spuriously(actor) =>
            {
                self.slots[actor].spurious_polls -= 1;
                self.woken.flag(actor).set();
                self.within_step(actor, |execution| {
                    observe::polled_spuriously();
                    execution.advance(actor)
                });
                Some(actor)
            }
            Move::Step(_) | Move::Cancel(_) | Move::PollSpuriously(_) => None,
        }
    }

    fn can_be_polled_spuriously(&self, actor: usize) -> bool {
        let slot = &self.slots[actor];
        slot.spurious_polls > 0 && is_suspended(&slot.body) && !self.is_ready(actor)
    }

    fn within_step(&mut self, actor: usize, act: impl FnOnce(&mut Self) -> bool) {
        observe::enter(actor, self.steps);
        watchdog::begin(actor);
        let result = panics::catching(|| {
            let is_finished = act(self);
            if is_finished {
                // Whatever the actor still holds is dropped within its last step.
                self.slots[actor].body = Body::Finished;
            }
            is_finished
        });
        watchdog::end();
        observe::leave();
        self.steps += 1;
        match result {
            _ if panics::take_blocked() => self.cut_short = Some(Outcome::Deadlock),
            Ok(is_finished) => {
                observe::note_unseen(
                    actor,
                    if is_finished { Seen::Nothing } else { Seen::Pending },
                );
                self.unfinished -= usize::from(is_finished);
            }
            Err(message) => {
                self.panicked_at = panics::take_panic_location();
                self.cut_short = Some(Outcome::Panic(message));
            }
        }
        for child in spawned::take() {
            self.adopt(child);
        }
        self.check_invariants();
    }

    fn adopt(&mut self, Child { role, task, flag }: Child) {
        let earlier = self.slots[self.first_spawned..].iter_mut().map(|slot| &mut slot.name);
        let name = Name::after(earlier, role);
        self.slots.push(Slot {
            name,
            // Beyond every group of those before, which are fewer than there are actors.
            group: self.slots.len() + 1,
            cancellable: None,
            spurious_polls: self.spurious_polls,
            body: Body::Unstarted(Start::Single(task)),
        });
        self.woken.push(flag);
        self.unfinished += 1;
    }

    fn check_invariants(&mut self) {
        if self.invariants.is_empty() || self.is_cut_short() {
            return;
        }
        for Invariant { name, holds } in &self.invariants {
            let broken = match panics::catching(holds) {
                Ok(true) => continue,
                Ok(false) => Outcome::Violation((*name).to_owned()),
                Err(message) => Outcome::Panic(message),
            };
            self.cut_short = Some(broken);
            return;
        }
    }

    fn cancel(&mut self, actor: usize) -> bool {
        let slot = &mut self.slots[actor];
        if let Some(location) = slot.cancellable {
            observe::note(actor, "is cancelled", location);
        }
        observe::cancelled();
        match &mut slot.body {
            Body::Threaded(thread) => thread.cancel(),
            _ => true,
        }
    }

    fn advance(&mut self, actor: usize) -> bool {
        let stops_at_awaits = self.slots[actor].cancellable.is_some();
        let body = &mut self.slots[actor].body;
        if let Body::Unstarted(_) = body
            && let Body::Unstarted(start) = std::mem::replace(body, Body::Finished)
        {
            *body = match self.interleave {
                Interleave::AtAwaits => Body::Polled(start.begin()),
                Interleave::AtAccesses => {
                    let flag = Arc::clone(self.woken.flag(actor));
                    Body::Threaded(Thread::new(move || start.begin(), flag, stops_at_awaits))
                }
            };
        }
        match body {
            Body::Polled(task) => {
                let waker = self.woken.clear(actor);
                task.as_mut().poll(&mut Context::from_waker(waker)).is_ready()
            }
            Body::Threaded(thread) => thread.step(),
            Body::Unstarted(_) | Body::Finished => unreachable!("only a ready actor is stepped"),
        }
    }

    /// How the execution ended, once nobody is ready.
    pub(crate) fn outcome(&mut self) -> Outcome {
        if let Some(outcome) = &self.cut_short {
            return outcome.clone();
        }
        if self.unfinished > 0 {
            return Outcome::Deadlock;
        }
        let finish = self.finish.take().expect("an outcome is read once");
        match panics::catching(finish) {
            Ok(value) => Outcome::Value(value),
            Err(message) => Outcome::Panic(message),
        }
    }
}

#[inline]
fn can_step(body: &Body, flag: &Flag) -> bool {
    match body {
        Body::Unstarted(_) | Body::Polled(_) => flag.is_set(),
        Body::Threaded(thread) => thread.is_ready(),
        Body::Finished => false,
    }
}

/// Whether the actor has begun and is now at an await.
fn is_suspended(body: &Body) -> bool {
    match body {
        Body::Polled(_) => true,
        Body::Threaded(thread) => thread.is_at_await(),
        Body::Unstarted(_) | Body::Finished => false,
    }
}
