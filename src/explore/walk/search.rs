//! Every schedule of a program, depth first.

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use super::key::Parts;
use crate::explore::run::choices::{self, Choices};
use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::moves::Move;
use crate::explore::run::watchdog;
use crate::explore::{Config, Incomplete, Outcome, Reduction, progress};
use crate::observe;

/// A place in the walk: the state just reached, and what it cost to get there.
pub(crate) struct Position {
    pub(crate) key: Option<u128>,
    pub(crate) switches: usize,
    pub(crate) steps: usize,
    /// How many actors have yet to finish, not counting the one that moved last. Known where
    /// switches are counted.
    pub(crate) unfinished_others: usize,
}

/// Decides which places are entered, and hears how executions end.
pub(crate) trait Visitor {
    /// Whether a key should tell who moved last.
    const COUNTS_SWITCHES: bool;
    /// Whether to go on from here.
    fn enter(&mut self, position: &Position) -> bool;
    /// An execution ended.
    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, position: &Position);
    /// Whether to go on with the next execution.
    fn go_on(&self) -> bool;
    /// How many states have been entered.
    fn states(&self) -> u64;
}

pub(crate) struct Search<'a> {
    pub(crate) program: Program<'a>,
    pub(crate) config: Config,
}

/// How a search went.
pub(crate) struct Walked {
    pub(crate) executions: u64,
    pub(crate) incomplete: Option<Incomplete>,
    /// Replicas turned out not to be interchangeable: the walk is void.
    pub(crate) asymmetric: bool,
}

impl Search<'_> {
    pub(crate) fn run(&self, visitor: &mut impl Visitor) -> Walked {
        let choices = Rc::new(RefCell::new(Choices::default()));
        let _installed = choices::install(&choices);
        let mut walk = Walk {
            search: self,
            choices,
            parts: Parts::default(),
            options: Vec::new(),
            is_first: true,
        };
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
            let depth = walk.choices.borrow().depth() as u64;
            progress::report(walked.executions, visitor.states(), depth);
            if !walk.choices.borrow_mut().backtrack() || !visitor.go_on() {
                return walked;
            }
            if progress::is_stopped() {
                walked.incomplete = Some(Incomplete::Interrupted);
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
    choices: Rc<RefCell<Choices>>,
    parts: Parts,
    options: Vec<u32>,
    is_first: bool,
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
        if self.is_first {
            self.is_first = false;
            watchdog::introduce(execution.names());
        }
        let mut last = None;
        let mut position = Position { key: None, switches: 0, steps: 0, unfinished_others: 0 };
        loop {
            let fingerprint = fingerprint(&execution, last);
            let is_replaying = self.choices.borrow().is_replaying();
            let code = if is_replaying {
                self.choices.borrow_mut().replay(fingerprint)
            } else {
                // Where nothing can follow, how it ended may not show in the key.
                position.key = None;
                if reduction != Reduction::Opaque && !execution.is_cut_short() {
                    self.parts.look(&execution);
                    let last = last.filter(|_| V::COUNTS_SWITCHES);
                    position.key = Some(self.parts.key(&execution, replicas, last));
                }
                if V::COUNTS_SWITCHES {
                    position.unfinished_others = execution.unfinished_others(last);
                }
                if !visitor.enter(&position) {
                    return ControlFlow::Continue(());
                }
                self.look_for_options(&execution, last);
                let outcome = if self.options.is_empty() {
                    Some(execution.outcome())
                } else {
                    let is_cut_off = execution.steps() >= limits.steps;
                    is_cut_off.then_some(Outcome::StepLimit(limits.steps))
                };
                if let Some(outcome) = outcome {
                    visitor.end(outcome, &|| self.choices.borrow().path(), &position);
                    return ControlFlow::Continue(());
                }
                self.choices.borrow_mut().decide(&self.options, fingerprint)
            };
            let step = execution.steps();
            let actor = Move::decode(code).and_then(|next| execution.make(next));
            let Some(actor) = actor.filter(|_| !self.choices.borrow().has_diverged()) else {
                let reason = Incomplete::Nondeterministic { step };
                return ControlFlow::Break(Stop::Incomplete(reason));
            };
            position.steps += 1;
            position.switches += usize::from(last.is_some_and(|last| last != actor));
            last = Some(actor);
            if replicas && !observe::symmetric() {
                return ControlFlow::Break(Stop::Asymmetric);
            }
        }
    }

    /// What may happen next: first a step of whoever moved last, so that the walk begins with few
    /// switches; of equal replicas one.
    fn look_for_options(&mut self, execution: &Execution, last: Option<usize>) {
        let reduction = self.search.config.reduction;
        let (options, parts) = (&mut self.options, &self.parts);
        options.clear();
        if let Some(last) = last.filter(|&last| execution.is_ready(last)) {
            options.push(Move::Step(last).encode());
        }
        let slots = execution.slots();
        let are_equal = |a: usize, b: usize| {
            slots[a].group == slots[b].group
                && match reduction {
                    Reduction::Opaque | Reduction::Merging => false,
                    Reduction::FreshReplicas => execution.is_fresh(a) && execution.is_fresh(b),
                    Reduction::Replicas => parts.of(a) == parts.of(b),
                }
        };
        execution.moves(|next| {
            let has_equal =
                options.iter().filter_map(|&code| Move::decode(code)).any(|other| {
                    match (next, other) {
                        (Move::Step(a), Move::Step(b)) => a == b || are_equal(a, b),
                        _ => next == other,
                    }
                });
            if !has_equal {
                options.push(next.encode());
            }
        });
    }
}

/// What must be the same when a prefix is replayed: what can happen next, and what the last actor
/// has observed.
fn fingerprint(execution: &Execution, last: Option<usize>) -> u64 {
    // Knuth's multiplicative hash: this runs at every replayed step, and no proof rests on it.
    const MULTIPLIER: u64 = 6_364_136_223_846_793_005;
    let mut hash = last.map_or(0, |last| observe::view(|view| view.actors[last].digest.low()));
    execution.moves(|next| {
        hash = (hash ^ u64::from(next.encode())).wrapping_mul(MULTIPLIER).rotate_left(29);
    });
    hash
}
