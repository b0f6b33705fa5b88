//! One execution of a program: its actors, advanced a step at a time.

mod options;
mod sight;
mod step;
mod teardown;

use std::rc::Rc;

use super::actors::{Actors, Body, Invariant, Slot};
use super::current::{Entered, Mode, Run};
use super::names;
use super::panics;
use super::session::Session;
use super::setup::Setup;
use super::wakers::{Queue, Wakers};
use crate::explore::{Incomplete, Interleave, Outcome, Value};
use crate::observe::sabotage::{Mistake, is_on};

/// Reads the outcome once every actor has finished.
pub(crate) type Finish = Box<dyn FnOnce() -> Value>;

/// A program: spawns its actors, and says how to read the outcome. It is run once per execution
/// and must do the same each time.
pub(crate) type Program<'a> = &'a dyn Fn(&'static mut Actors) -> Finish;

pub(crate) struct Execution {
    run: Rc<Run>,
    interleave: Interleave,
    slots: Vec<Slot>,
    wakers: Wakers,
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
    /// Whether a thread panicked although others could still have run, after its last access.
    panics_after_access: bool,
    /// Why nothing that the execution shows can be trusted.
    refused: Option<Box<Incomplete>>,
    /// Dropped last: what the others drop still belongs to the run.
    _entered: Entered,
}

impl Execution {
    /// Runs `program` up to before its first step.
    ///
    /// With a `queue`, wakes enter it in the order in which they come.
    pub(crate) fn start(
        program: Program<'_>,
        session: &Rc<Session>,
        mode: Mode,
        queue: Option<&Queue>,
    ) -> Self {
        let (run, entered) = Run::enter(session, mode, queue);
        session.watched.begin_beside();
        let (mut setup, finish) = Setup::into(session.slots.take(), program);
        session.watched.end();
        for slot in &mut setup.slots {
            slot.spurious_polls = setup.spurious_polls;
        }
        let count = setup.slots.len();
        let has_cancellable = setup.slots.iter().any(|slot| slot.cancellable.is_some());
        let wakers = match queue {
            Some(_) => Wakers::all(count, queue),
            None => session.wakers.take(count),
        };
        run.record.populate(wakers.pointers());
        let mut execution = Self {
            run,
            interleave: mode.interleave,
            slots: setup.slots,
            invariants: setup.invariants,
            wakers,
            has_cancellable,
            spurious_polls: setup.spurious_polls,
            first_spawned: count,
            finish: Some(finish),
            unfinished: count,
            steps: 0,
            cut_short: None,
            panicked_at: None,
            panics_after_access: false,
            refused: None,
            _entered: entered,
        };
        session.watched.introduce(|| execution.names());
        execution.check_invariants();
        execution
    }

    /// What is alive beside the actors.
    #[inline]
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The index from which on actors were spawned by others.
    #[inline]
    pub(crate) fn first_spawned(&self) -> usize {
        self.first_spawned
    }

    /// How many actors are unfinished, not counting the one running: `last`, or the first to run.
    pub(crate) fn unfinished_others(&self, last: Option<usize>) -> usize {
        let is_running = last.is_none_or(|last| !self.is_finished(last));
        self.unfinished.saturating_sub(usize::from(is_running))
    }

    /// The actors' names, in order. Several of one name are numbered.
    pub(crate) fn names(&self) -> Vec<String> {
        names::numbered(&self.slots)
    }

    /// The actors that have not finished.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = usize> {
        (0..self.slots.len()).filter(|&actor| !self.is_finished(actor))
    }

    pub(crate) fn steps(&self) -> usize {
        self.steps
    }

    /// Where in the source an actor panicked, if one did.
    pub(crate) fn panicked_at(&self) -> Option<&str> {
        self.panicked_at.as_deref()
    }

    /// Whether the last step made an access and then panicked: others may run in between.
    pub(crate) fn panics_after_access(&self) -> bool {
        self.panics_after_access && !is_on(Mistake::PanicsWithAccess)
    }

    pub(crate) fn has_invariants(&self) -> bool {
        !self.invariants.is_empty()
    }

    /// Whether `actor` has yet to take its first step.
    pub(crate) fn is_unstarted(&self, actor: usize) -> bool {
        matches!(self.slots[actor].body, Body::Unstarted(_))
    }

    #[inline]
    pub(crate) fn is_finished(&self, actor: usize) -> bool {
        matches!(self.slots[actor].body, Body::Finished)
    }

    /// Whether the execution has ended although actors may be ready: one of them panicked, or an
    /// invariant is broken.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.cut_short.is_some()
    }

    /// How the execution ended, once no actor is ready.
    pub(crate) fn outcome(&mut self) -> Outcome {
        if let Some(outcome) = &self.cut_short {
            return outcome.clone();
        }
        if let Some(message) = self.run.joins.unasked() {
            return Outcome::Panic(message);
        }
        if self.unfinished > 0 {
            return Outcome::Deadlock;
        }
        let finish = self.finish.take().expect("an outcome is read once");
        self.run.session.watched.begin_beside();
        let result = self.run.judge(|| panics::catching(finish));
        self.run.session.watched.end();
        match result {
            Ok(value) => Outcome::Value(value),
            Err(panic) => panic.into(),
        }
    }

    fn check_invariants(&mut self) {
        if self.invariants.is_empty() || self.is_cut_short() {
            return;
        }
        for Invariant { name, holds } in &self.invariants {
            let broken = match panics::catching(holds) {
                Ok(true) => continue,
                Ok(false) => Outcome::Violation((*name).to_owned()),
                Err(panic) => panic.into(),
            };
            self.cut_short = Some(broken);
            return;
        }
    }
}
