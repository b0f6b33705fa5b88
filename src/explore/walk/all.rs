//! What a walk through all schedules remembers.

use std::collections::BTreeMap;
use std::mem;

use super::audit::Audit;
use super::exhaustive::is_audited;
use super::left::Left;
use super::luck::Enough;
use super::repeat::Sample;
use super::search::{Position, Visitor};
use super::visited::{Entered, Visited};
use crate::explore::run::execution::Execution;
use crate::explore::{Config, Incomplete, Limits, Outcome, Reduction, Value};

/// Enters every place once, remembers every outcome.
pub(super) struct All<'a> {
    pub(super) visited: Option<Visited<'a>>,
    limits: Limits,
    pub(super) found: BTreeMap<Outcome, Vec<u32>>,
    /// What these outcomes and their schedules take.
    found_bytes: u64,
    /// How executions ended where another had, perhaps on another thread, and nothing else is known to
    /// have ended so.
    again: BTreeMap<Outcome, Vec<u32>>,
    pub(super) left: Left,
    pub(super) sample: Sample,
    pub(super) audit: Audit,
    /// At which outcomes to stop.
    is_enough: Enough<'a>,
    /// The schedule that took too many steps.
    pub(super) cut_off: Option<Vec<u32>>,
    pub(super) incomplete: Option<Incomplete>,
}

impl<'a> All<'a> {
    pub(super) fn new(config: Config, visited: Visited<'a>, is_enough: Option<Enough<'a>>) -> Self {
        Self {
            visited: (config.reduction != Reduction::Opaque).then_some(visited),
            limits: config.limits,
            found: BTreeMap::new(),
            found_bytes: 0,
            again: BTreeMap::new(),
            left: Left::of(config.reduction),
            sample: Sample::default(),
            audit: Audit::default(),
            is_enough: is_enough.unwrap_or(&|_| false),
            cut_off: None,
            incomplete: None,
        }
    }

    /// Adds what another thread of the same walk remembers.
    pub(super) fn add(&mut self, other: Self) {
        for (outcome, path) in other.found {
            self.remember(outcome, || path);
        }
        for (outcome, path) in other.again {
            self.again.entry(outcome).or_insert(path);
        }
        self.left.add_all(other.left);
        self.sample.add(other.sample);
        self.audit.add(other.audit);
        self.cut_off = self.cut_off.take().or(other.cut_off);
        self.incomplete = self.incomplete.take().or(other.incomplete);
    }

    /// Demands that what ended where another execution had has ended as one had.
    pub(super) fn demand_known(&mut self) {
        for (outcome, path) in mem::take(&mut self.again) {
            if !self.found.contains_key(&outcome) && self.incomplete.is_none() {
                self.found.insert(outcome, path);
                self.incomplete = Some(Incomplete::HiddenState);
            }
        }
    }

    fn remember(&mut self, outcome: Outcome, path: impl FnOnce() -> Vec<u32>) {
        if self.found.contains_key(&outcome) {
            return;
        }
        if self.found.len() as u64 >= self.limits.outcomes.get() {
            self.incomplete = Some(Incomplete::Outcomes(self.limits.outcomes.get()));
            return;
        }
        let path = path();
        self.found_bytes += bytes(&outcome) + size_of_val(path.as_slice()) as u64;
        self.found.insert(outcome, path);
    }
}

impl Visitor for All<'_> {
    const COUNTS_SWITCHES: bool = false;

    fn enter(&mut self, position: &Position, path: &dyn Fn() -> Vec<u32>) -> bool {
        let (Some(visited), Some(key)) = (&mut self.visited, position.key) else { return true };
        let most = self.limits.states.get();
        match visited.enter(key, most) {
            Entered::First => {
                self.audit.enter(key, path);
                true
            }
            Entered::Again => {
                self.audit.merge(key, path);
                false
            }
            Entered::Full => {
                self.incomplete = Some(Incomplete::States(most));
                false
            }
        }
    }

    fn leave(&mut self, execution: &Execution, outcome: &Outcome, path: &dyn Fn() -> Vec<u32>) {
        self.left.add(execution, *outcome == Outcome::Deadlock, path);
    }

    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, _position: &Position) {
        if let Outcome::StepLimit(_) = outcome {
            self.cut_off = Some(path());
            return;
        }
        let is_new = !self.found.contains_key(&outcome);
        self.sample.offer(&outcome, is_new, path);
        if is_new {
            if (self.is_enough)(&outcome) {
                self.incomplete = Some(Incomplete::FoundEnough);
            }
            self.remember(outcome, path);
        }
    }

    /// Equal states end alike, and how the first ended is known.
    fn end_again(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>) {
        if self.found.contains_key(&outcome) || !is_audited() {
            return;
        }
        self.again.entry(outcome).or_insert_with(path);
        if let Some(Visited::Alone(_)) = self.visited {
            self.demand_known();
        }
    }

    fn continues(&self) -> bool {
        self.incomplete.is_none() && self.cut_off.is_none()
    }

    fn states(&self) -> u64 {
        self.visited.as_ref().map_or(0, Visited::len)
    }

    fn bytes(&self) -> u64 {
        let states = self.visited.as_ref().map_or(0, Visited::bytes);
        states + self.found_bytes
    }
}

/// What an outcome takes in a map whose nodes are about two thirds full.
fn bytes(outcome: &Outcome) -> u64 {
    let text = match outcome {
        Outcome::Value(Value::Fields(fields)) => size_of_val(fields.as_slice()),
        Outcome::Value(Value::Text(text))
        | Outcome::Panic(text)
        | Outcome::Error(text)
        | Outcome::DataRace(text)
        | Outcome::Violation(text) => text.len(),
        Outcome::Value(Value::Number(_)) | Outcome::Deadlock | Outcome::StepLimit(_) => 0,
    };
    (size_of::<(Outcome, Vec<u32>)>() * 3 / 2 + text) as u64
}
