//! The set of outcomes of a program over all of its schedules.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::audit::Audit;
use super::endless;
use super::key::{KeySet, table_bytes};
use super::left::Left;
use super::luck::{Luck, MOST_DRAWN, draw};
use super::repeat::Sample;
use super::search::{Position, Search, Visitor};
use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::session::Session;
use crate::explore::{Config, Incomplete, Interleave, Limits, Outcome, Outcomes, Reduction, Value};
use crate::observe::sabotage::{Mistake, is_any, is_on};

/// What an exploration found.
#[derive(Debug)]
pub struct Exploration {
    /// Every outcome, with the first schedule found to lead to it.
    pub(crate) found: BTreeMap<Outcome, Vec<u32>>,
    /// The actors that are left in some deadlock, by name.
    pub(crate) left: Left,
    /// How many times the program was run, in full or in part.
    pub executions: u64,
    /// How many distinct states were reached; `None` where states were not told apart.
    pub states: Option<u64>,
    /// How often a schedule that led to a state reached before was gone on with, and compared with
    /// the one that led there first. Every difference makes the exploration incomplete.
    pub audited: u64,
    /// Why the search is not exhaustive; `None` if it is.
    pub incomplete: Option<Incomplete>,
    /// How long it took.
    pub duration: Duration,
    /// The reduction that held.
    pub(crate) reduction: Reduction,
}

impl Exploration {
    fn without_walk(config: Config, found: BTreeMap<Outcome, Vec<u32>>) -> Self {
        Self {
            found,
            left: Left::default(),
            executions: 0,
            states: None,
            audited: 0,
            incomplete: None,
            duration: Duration::ZERO,
            reduction: config.reduction,
        }
    }

    /// The outcomes that were reached. All there are if the exploration is complete.
    pub fn outcomes(&self) -> Outcomes {
        self.found.keys().cloned().collect()
    }
}

/// Runs `program` under every schedule, then a sample of it again.
#[cfg(any(test, feature = "catalogue"))]
pub(crate) fn explore(program: Program<'_>, config: Config) -> Exploration {
    explore_until(program, config, Luck::default())
}

/// Runs `program` under every schedule until an outcome is enough, then a sample of it again. Where one
/// outcome may be enough, luck is tried first; where the walk is given up, last.
pub(crate) fn explore_until(program: Program<'_>, config: Config, luck: Luck<'_>) -> Exploration {
    let start = Instant::now();
    // A thread that unwinds is stopped nowhere, and a panic of an actor would end the process.
    if std::thread::panicking() {
        let incomplete = Some(Incomplete::Unwinding);
        return Exploration { incomplete, ..Exploration::without_walk(config, BTreeMap::new()) };
    }
    let mut all = All {
        visited: (config.reduction != Reduction::Opaque).then(KeySet::default),
        limits: config.limits,
        found: BTreeMap::new(),
        found_bytes: 0,
        left: Left::of(config.reduction),
        sample: Sample::default(),
        audit: Audit::default(),
        is_enough: luck.is_enough.unwrap_or(&|_| false),
        cut_off: None,
        incomplete: None,
    };
    let session = &Rc::new(Session::new(config.limits));
    let search = Search { program, session, config };
    if luck.is_enough.is_some() {
        let drawn = draw(&search, MOST_DRAWN, &mut all.found, luck);
        if drawn.has_enough {
            return Exploration {
                executions: drawn.executions,
                incomplete: Some(Incomplete::FoundEnough),
                duration: start.elapsed(),
                ..Exploration::without_walk(config, all.found)
            };
        }
    }
    let ended = search.run(&mut all);
    if ended.asymmetric || ended.hands_over {
        let reduction = if ended.hands_over { Reduction::Opaque } else { Reduction::FreshReplicas };
        let exploration = explore_until(program, Config { reduction, ..config }, luck);
        return Exploration { duration: start.elapsed(), ..exploration };
    }
    let unshared = (config.must_see() && !ended.shares).then_some(Incomplete::NothingShared);
    if let Some(path) = all.cut_off {
        let actors = endless::movers(program, config, &path);
        all.incomplete = Some(Incomplete::Steps { limit: config.limits.steps, actors });
    }
    let mut incomplete = ended.incomplete.or(unshared).or(all.incomplete);
    if let Some((reason, odd)) = all.sample.run_again(program, session, config, start.elapsed()) {
        incomplete.get_or_insert(reason);
        // It was reached, although nobody knows how to reach it again.
        if let Some(outcome) = odd {
            all.found.entry(outcome).or_default();
        }
    }
    let is_worth_it = incomplete.is_none() && is_audited();
    let audited = if is_worth_it { all.audit.compare(program, session, config) } else { Ok(0) };
    if let Err(ends) = &audited {
        incomplete = Some(Incomplete::HiddenState);
        for (outcome, path) in ends.iter().flatten() {
            all.found.entry(outcome.clone()).or_insert_with(|| path.clone());
        }
    }
    if incomplete.is_none() && config.interleave == Interleave::AtAccesses && is_audited() {
        // Where an invariant is broken for a moment, the walk goes no further.
        let is_broken = all.found.keys().any(|outcome| matches!(outcome, Outcome::Violation(_)));
        let is_known = |outcome: &Outcome| is_broken || all.found.contains_key(outcome);
        if let Some((reason, stray)) = Audit::stray(program, session, config, is_known) {
            incomplete = Some(reason);
            if let Some(stray) = stray {
                all.found.entry(stray).or_default();
            }
        }
    }
    if incomplete.as_ref().is_some_and(Incomplete::is_a_limit) {
        // The walk was long, and may have seen one corner only.
        let most = MOST_DRAWN.min(ended.executions / 100);
        draw(&search, most, &mut all.found, luck);
    }
    Exploration {
        audited: audited.unwrap_or_default(),
        found: all.found,
        left: all.left,
        executions: ended.executions,
        states: all.visited.map(|visited| visited.len() as u64),
        incomplete,
        duration: start.elapsed(),
        reduction: config.reduction,
    }
}

/// A deliberate mistake has to show by itself, and the audit would find it too.
fn is_audited() -> bool {
    !is_on(Mistake::MergesUnaudited) && !is_any()
}

/// Enters every place once, remembers every outcome.
struct All<'a> {
    visited: Option<KeySet>,
    limits: Limits,
    found: BTreeMap<Outcome, Vec<u32>>,
    /// What these outcomes and their schedules take.
    found_bytes: u64,
    left: Left,
    sample: Sample,
    audit: Audit,
    /// At which outcomes to stop.
    is_enough: &'a dyn Fn(&Outcome) -> bool,
    /// The schedule that took too many steps.
    cut_off: Option<Vec<u32>>,
    incomplete: Option<Incomplete>,
}

impl Visitor for All<'_> {
    const COUNTS_SWITCHES: bool = false;

    fn enter(&mut self, position: &Position, path: &dyn Fn() -> Vec<u32>) -> bool {
        let (Some(visited), Some(key)) = (&mut self.visited, position.key) else { return true };
        if visited.len() as u64 >= self.limits.states.get() && !visited.contains(&key) {
            self.incomplete = Some(Incomplete::States(self.limits.states.get()));
            return false;
        }
        let is_new = visited.insert(key);
        if is_new {
            self.audit.enter(key, path);
        } else {
            self.audit.merge(key, path);
        }
        is_new
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
        if !is_new {
            return;
        }
        if self.found.len() as u64 >= self.limits.outcomes.get() {
            self.incomplete = Some(Incomplete::Outcomes(self.limits.outcomes.get()));
            return;
        }
        if (self.is_enough)(&outcome) {
            self.incomplete = Some(Incomplete::FoundEnough);
        }
        let path = path();
        self.found_bytes += bytes(&outcome) + size_of_val(path.as_slice()) as u64;
        self.found.insert(outcome, path);
    }

    /// Equal states end alike, and how the first ended is known.
    fn end_again(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>) {
        let is_known = self.found.contains_key(&outcome) || !is_audited();
        if !is_known && self.incomplete.is_none() {
            self.found.insert(outcome, path());
            self.incomplete = Some(Incomplete::HiddenState);
        }
    }

    fn continues(&self) -> bool {
        self.incomplete.is_none() && self.cut_off.is_none()
    }

    fn states(&self) -> u64 {
        self.visited.as_ref().map_or(0, |visited| visited.len() as u64)
    }

    fn bytes(&self) -> u64 {
        let states = self
            .visited
            .as_ref()
            .map_or(0, |visited| table_bytes(visited.len(), visited.capacity(), size_of::<u128>()));
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
