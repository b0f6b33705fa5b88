//! One move of an execution.

use std::sync::Arc;
use std::task::Context;

use super::Execution;
use crate::explore::run::actors::{Body, Name, Slot, Start};
use crate::explore::run::coroutine::Thread;
use crate::explore::run::joins::{News, Overlooked};
use crate::explore::run::moves::{Extent, Move};
use crate::explore::run::panics;
use crate::explore::run::returned::Reader;
use crate::explore::run::runtime;
use crate::explore::run::sleep::Rung;
use crate::explore::run::spawned::Child;
use crate::explore::run::timers::Ended;
use crate::explore::run::traced_waker::traced;
use crate::explore::{Incomplete, Interleave, Outcome};
use crate::observe::sabotage::{Mistake, is_on};
use crate::observe::{Access, Aside, Seen, poll_with_traces};

impl Execution {
    /// Takes a decision of a schedule; gives back whose move it was, `None` if it cannot be made.
    pub(crate) fn take(&mut self, code: u32) -> Option<usize> {
        self.run.stops.shorten(Move::extent(code) == Extent::FirstAccess);
        self.make(Move::decode(code)?)
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
                self.run.disturb();
                self.within_step(actor, |execution| execution.cancel(actor));
                Some(actor)
            }
            Move::Expire(timer) => self.expire(timer),
            Move::Ring(sleep) => self.ring(sleep),
            Move::PollSpuriously(actor)
                if actor < self.slots.len() && self.can_be_polled_spuriously(actor) =>
            {
                self.run.disturb();
                self.slots[actor].spurious_polls -= 1;
                self.wakers.flag(actor).set();
                self.within_step(actor, |execution| {
                    execution.run.record.polled_spuriously();
                    execution.advance(actor)
                });
                Some(actor)
            }
            Move::Step(_) | Move::Cancel(_) | Move::PollSpuriously(_) => None,
        }
    }

    fn within_step(&mut self, actor: usize, act: impl FnOnce(&mut Self) -> bool) {
        self.run.record.enter(actor, self.steps);
        if self.run.stops.is_short() {
            self.run.record.shortened();
        }
        self.run.session.watched.begin(actor, self.steps);
        let result = panics::catching(|| {
            let is_finished = act(self);
            if is_finished && !self.run.is_blocked() {
                // Whatever the actor still holds is dropped within its last step.
                self.slots[actor].body = Body::Finished;
                self.wakers.finish(actor);
            }
            is_finished
        });
        self.run.session.watched.end();
        self.run.record.leave();
        self.steps += 1;
        match result {
            _ if self.run.is_blocked() => self.cut_short = Some(Outcome::Deadlock),
            Ok(is_finished) => {
                let seen = if is_finished { Seen::Nothing } else { Seen::Pending };
                if self.run.record.log.is_kept() {
                    self.log_end(actor, seen);
                }
                self.unfinished -= usize::from(is_finished);
                if let Some(reason) = self.passed_by(actor) {
                    self.refuse(reason);
                }
                if let Body::Threaded(thread) = &self.slots[actor].body
                    && thread.is_at_await()
                    && !thread.is_ready()
                {
                    self.run.record.sleeps(actor);
                }
            }
            Err(panic) => {
                self.panics_after_access = self.run.stops.went_on_after_access();
                let name = self.slots[actor].name;
                let passed_by = || self.passed_by(actor).filter(|_| !panic.is_first);
                if let Some(reason) = runtime::missing(&panic, name).or_else(passed_by) {
                    self.refuse(reason);
                }
                self.panicked_at = panic.location.as_ref().map(ToString::to_string);
                self.run.record.log.aside(actor, panic.aside(), panic.location.clone());
                self.cut_short = Some(panic.into());
            }
        }
        if self.run.has_spawned() {
            for child in self.run.take_spawned() {
                self.adopt(child);
            }
        }
        if let Some(news) = self.run.joins.news() {
            self.hear(actor, news);
        }
        self.check_invariants();
        if let Some(Outcome::Violation(name)) = &self.cut_short {
            self.run.record.log.aside(actor, Aside::Breaks(name.as_str().into()), None);
        }
    }

    /// Says how the step ended, and on the way to what.
    #[cold]
    fn log_end(&self, actor: usize, seen: Seen) {
        let log = &self.run.record.log;
        if let Some((message, location)) = panics::caught_within() {
            log.aside(actor, Aside::Catches(message.into()), location);
        }
        log.end_step(actor, seen, self.wakers.kept(actor));
    }

    /// What `actor` has brought about in the last step that concerns those that were spawned.
    fn hear(&mut self, actor: usize, news: News) {
        for child in news.aborted {
            if !self.is_finished(child) {
                self.run.record.aborted(child);
                self.wakers.flag(child).wake_unseen();
            }
        }
        if news.aborts_on_threads {
            self.refuse(Incomplete::Aborts { actor: self.slots[actor].name.to_string() });
        }
        if let Some(Overlooked { message, location, is_first }) = news.overlooked
            && (is_first || !self.is_cut_short())
        {
            self.panicked_at = location;
            self.cut_short = Some(Outcome::Panic(message));
        }
    }

    /// Nothing that the execution shows can be trusted from here on.
    #[cold]
    fn refuse(&mut self, reason: Incomplete) {
        self.refused.get_or_insert_with(|| Box::new(reason));
    }

    /// Whether `actor` has unwound in the last step and gone on, past where others could come in.
    fn passed_by(&self, actor: usize) -> Option<Incomplete> {
        let is_missed = self.run.stops.has_passed_by() && !is_on(Mistake::UnwindingIgnored);
        is_missed.then(|| Incomplete::Unwinds { actor: self.slots[actor].name.to_string() })
    }

    /// Ends the timer of this number; gives back whose it is, `None` if it cannot end.
    fn expire(&mut self, timer: usize) -> Option<usize> {
        let Ended { registration, location, waker } = self.run.timers.end(timer)?;
        self.run.disturb();
        self.run.record.wake(registration, || waker.wake());
        self.run.record.log.at_step(self.steps);
        self.run.record.log.note(registration.actor, ("times out", Access::Cancel), location);
        self.steps += 1;
        Some(registration.actor)
    }

    /// Ends the sleep of this number, whose deadline is the earliest; gives back whose it is, `None` if it
    /// cannot end now.
    fn ring(&mut self, sleep: usize) -> Option<usize> {
        let mut is_next = false;
        self.moves(|next| is_next |= next == Move::Ring(sleep));
        let ringing = is_next.then(|| self.run.sleeps.ring(sleep)).flatten();
        let Rung { registration, location, waker, at } = ringing?;
        self.run.record.wake(registration, || waker.wake());
        self.run.record.log.at_step(self.steps);
        let place = Some(location.into());
        self.run.record.log.aside(registration.actor, Aside::WakesUp(at), place);
        self.steps += 1;
        Some(registration.actor)
    }

    fn adopt(&mut self, Child { role, task, flag }: Child) {
        let earlier = self.slots[self.first_spawned..].iter_mut().map(|slot| &mut slot.name);
        let name = Name::after(earlier, role);
        self.slots.push(Slot {
            name,
            // Beyond every group of those before, which are fewer than there are actors.
            group: self.slots.len() + 1,
            cancellable: None,
            reader: Reader::default(),
            spurious_polls: self.spurious_polls,
            body: Body::Unstarted(Start::Single(task)),
        });
        self.run.record.know_waker(self.slots.len() - 1, Arc::as_ptr(&flag).cast());
        self.wakers.push(flag);
        self.unfinished += 1;
    }

    fn cancel(&mut self, actor: usize) -> bool {
        if let Some(location) = self.slots[actor].cancellable {
            self.run.record.log.note(actor, ("is cancelled", Access::Cancel), location);
        }
        self.run.record.cancelled();
        match self.begun(actor) {
            Body::Threaded(thread) => thread.cancel(),
            _ => true,
        }
    }

    fn advance(&mut self, actor: usize) -> bool {
        self.begun(actor);
        match &mut self.slots[actor].body {
            Body::Polled(task) => {
                let waker = self.wakers.clear(actor);
                if self.run.record.log.traces() {
                    let waker = &traced(self.wakers.flag(actor));
                    return poll_with_traces(|| {
                        task.as_mut().poll(&mut Context::from_waker(waker))
                    })
                    .is_ready();
                }
                task.as_mut().poll(&mut Context::from_waker(waker)).is_ready()
            }
            Body::Threaded(thread) => thread.step(),
            Body::Unstarted(_) | Body::Finished => unreachable!("only a ready actor is stepped"),
        }
    }

    /// The actor's body, which begins now if it has not yet.
    fn begun(&mut self, actor: usize) -> &mut Body {
        let stops_at_awaits = self.slots[actor].cancellable.is_some();
        let body = &mut self.slots[actor].body;
        if let Body::Unstarted(_) = body
            && let Body::Unstarted(start) = std::mem::replace(body, Body::Finished)
        {
            *body = match self.interleave {
                Interleave::AtAwaits => Body::Polled(start.begin()),
                Interleave::AtAccesses => {
                    let (run, flag) = (&self.run, self.wakers.flag(actor));
                    let begin = move || start.begin();
                    Body::Threaded(Box::new(Thread::new(run, begin, flag, stops_at_awaits)))
                }
            };
        }
        body
    }
}
