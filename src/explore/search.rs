//! Every schedule of a program, depth first.

use std::ops::ControlFlow;

use super::choices::Choices;
use super::execution::{Execution, Program};
use super::key::Parts;
use super::{Incomplete, Limits, Outcome};
use crate::observe;

/// Which schedules need not be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// None: every schedule is walked. For programs whose shared accesses the explorer cannot see.
    Opaque,
    /// A state reached twice is entered once.
    Merging,
    /// Merging, and actors made by one closure are interchangeable; what an actor makes for itself
    /// is private to it. Given up for [`Reduction::Merging`] if the program turns out otherwise.
    Replicas,
}

/// Where another actor may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interleave {
    /// Where a poll returns: the event-loop world.
    AtAwaits,
    /// Before every access to shared state: the threads world. Every shared access must go through
    /// the model primitives.
    AtAccesses,
}

/// How a program is explored.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    /// Where another actor may come in.
    pub interleave: Interleave,
    /// Which schedules need not be told apart.
    pub reduction: Reduction,
    /// Where to give up.
    pub limits: Limits,
}

/// A place in the walk: the state just reached, and what it cost to get there.
pub(super) struct Position {
    pub(super) key: Option<u128>,
    pub(super) switches: usize,
    pub(super) steps: usize,
}

/// Decides which places are entered, and hears how executions end.
pub(super) trait Visitor {
    /// Whether a key should tell who moved last.
    const COUNTS_SWITCHES: bool;
    /// Whether to go on from here.
    fn enter(&mut self, position: &Position) -> bool;
    /// An execution ended.
    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, position: &Position);
    /// Whether to go on with the next execution.
    fn go_on(&self) -> bool;
}

pub(super) struct Search<'a> {
    pub(super) program: Program<'a>,
    pub(super) config: Config,
}

/// How a search went.
pub(super) struct Walked {
    pub(super) executions: u64,
    pub(super) incomplete: Option<Incomplete>,
    /// Replicas turned out not to be interchangeable: the walk is void.
    pub(super) asymmetric: bool,
}

impl Search<'_> {
    pub(super) fn run(&self, visitor: &mut impl Visitor) -> Walked {
        let mut walk = Walk { search: self, choices: Choices::default(), parts: Parts::default() };
        let mut walked = Walked { executions: 0, incomplete: None, asymmetric: false };
        loop {
            walked.executions += 1;
            match walk.execute(visitor) {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Stop::Asymmetric) => {
                    walked.asymmetric = true;
                    return walked;
                }
                ControlFlow::Break(Stop::Incomplete(reason)) => {
                    walked.incomplete = Some(reason);
                    return walked;
                }
            }
            if !walk.choices.backtrack() || !visitor.go_on() {
                return walked;
            }
            if walked.executions >= self.config.limits.executions.get() {
                walked.incomplete = Some(Incomplete::Executions(walked.executions));
                return walked;
            }
        }
    }
}

enum Stop {
    Asymmetric,
    Incomplete(Incomplete),
}

struct Walk<'a> {
    search: &'a Search<'a>,
    choices: Choices,
    parts: Parts,
}

impl Walk<'_> {
    /// One execution: replays the prefix, then goes on until the end or a state seen before.
    fn execute<V: Visitor>(&mut self, visitor: &mut V) -> ControlFlow<Stop> {
        let Search { program, config } = *self.search;
        let Config { interleave, reduction, limits } = config;
        let replicas = reduction == Reduction::Replicas;
        let mut execution = Execution::start(program, interleave, false, replicas, None);
        if execution.slots().is_empty() {
            return ControlFlow::Break(Stop::Incomplete(Incomplete::NoActor));
        }
        let mut last = None;
        let mut position = Position { key: None, switches: 0, steps: 0 };
        let mut options = Vec::new();
        loop {
            let fingerprint = fingerprint(&execution, last);
            let actor = if self.choices.is_replaying() {
                match self.choices.replay(fingerprint) {
                    Ok(actor) => actor as usize,
                    Err(_) => return diverged(execution.steps()),
                }
            } else {
                if reduction != Reduction::Opaque {
                    self.parts.look(&execution);
                    let last = last.filter(|_| V::COUNTS_SWITCHES);
                    position.key = Some(self.parts.key(&execution, replicas, last));
                }
                if !visitor.enter(&position) {
                    return ControlFlow::Continue(());
                }
                self.options(&execution, last, replicas, &mut options);
                if options.is_empty() {
                    let outcome = execution.outcome();
                    visitor.end(outcome, &|| self.choices.path(), &position);
                    return ControlFlow::Continue(());
                }
                if execution.steps() >= limits.steps {
                    let outcome = Outcome::StepLimit(limits.steps);
                    visitor.end(outcome, &|| self.choices.path(), &position);
                    return ControlFlow::Continue(());
                }
                self.choices.decide(&options, fingerprint) as usize
            };
            if !execution.is_ready(actor) {
                return diverged(execution.steps());
            }
            execution.step(actor);
            position.steps += 1;
            position.switches += usize::from(last.is_some_and(|last| last != actor));
            last = Some(actor);
            if replicas && !observe::symmetric() {
                return ControlFlow::Break(Stop::Asymmetric);
            }
        }
    }

    /// Who may take the next step: whoever moved last first, so that the walk begins with few
    /// switches; of equal replicas one.
    fn options(
        &self,
        execution: &Execution,
        last: Option<usize>,
        replicas: bool,
        options: &mut Vec<u32>,
    ) {
        options.clear();
        let last = last.filter(|&last| execution.ready().any(|actor| actor == last));
        let others = execution.ready().filter(|&actor| Some(actor) != last);
        for actor in last.into_iter().chain(others) {
            let group = execution.slots()[actor].group;
            let has_equal = replicas
                && options.iter().map(|&other| other as usize).any(|other| {
                    execution.slots()[other].group == group
                        && self.parts.of(other) == self.parts.of(actor)
                });
            if !has_equal {
                options.push(actor as u32);
            }
        }
    }
}

fn diverged(step: usize) -> ControlFlow<Stop> {
    ControlFlow::Break(Stop::Incomplete(Incomplete::Nondeterministic { step }))
}

/// What must be the same when a prefix is replayed: who is ready, and what the last actor has
/// observed.
fn fingerprint(execution: &Execution, last: Option<usize>) -> u64 {
    let mut digest = match last {
        Some(last) => observe::view(|view| view.actors[last].digest),
        None => observe::Digest::EMPTY,
    };
    execution.ready().for_each(|actor| digest.mix(actor as u64));
    digest.value() as u64
}
