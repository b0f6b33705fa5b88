//! Every schedule of a program, depth first.

use std::ops::ControlFlow;
use std::rc::Rc;

use super::key::Parts;
use super::team::Member;
use super::witness::ALL_SHARED;
use crate::explore::run::choices::MOST_CHOICES;
use crate::explore::run::current::Mode;
use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::moves::Move;
use crate::explore::run::session::Session;
use crate::explore::{Config, Incomplete, Interleave, Outcome, Progress, Reduction, progress};

/// A place in the walk: the state just reached, and what it cost to get there.
#[derive(Default)]
pub(crate) struct Position {
    pub(crate) key: Option<u128>,
    pub(crate) switches: usize,
    pub(crate) steps: usize,
    /// Cancellations, timeouts that were over and spurious polls.
    pub(crate) disturbances: usize,
    /// Unfinished actors, minus the one that moved last. Known where switches are counted.
    pub(crate) unfinished_others: usize,
}

/// Decides which places are entered, and is told how executions end.
pub(crate) trait Visitor {
    /// Whether a key should tell who moved last.
    const COUNTS_SWITCHES: bool;
    /// Whether to continue from here.
    fn enter(&mut self, position: &Position, path: &dyn Fn() -> Vec<u32>) -> bool;
    /// An execution is about to end so, and can be asked who is left.
    fn leave(&mut self, _execution: &Execution, _outcome: &Outcome, _path: &dyn Fn() -> Vec<u32>) {}
    /// An execution ended.
    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, position: &Position);
    /// An execution ended where another had: in a place that was not entered.
    fn end_again(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>);
    /// Whether to begin another execution.
    fn continues(&self) -> bool;
    /// How many states have been entered.
    fn states(&self) -> u64;
    /// How many bytes of memory it takes to remember all that.
    fn bytes(&self) -> u64;
}

pub(crate) struct Search<'a> {
    pub(crate) program: Program<'a>,
    pub(crate) session: &'a Rc<Session>,
    pub(crate) config: Config,
    /// The one of a team that searches, if it is a team.
    pub(crate) member: Option<&'a Member<'a>>,
}

/// How a search ended.
#[derive(Default)]
pub(crate) struct Ended {
    pub(crate) executions: u64,
    pub(crate) incomplete: Option<Incomplete>,
    /// Replicas turned out not to be interchangeable: the search is void.
    pub(crate) asymmetric: bool,
    /// A wait was handed over: the search is void where states were merged.
    pub(crate) hands_over: bool,
    /// Whether there was one actor, or an object that several could share.
    pub(crate) shares: bool,
}

impl Ended {
    /// Adds how it ended for another thread.
    pub(super) fn add(&mut self, other: Self) {
        self.executions += other.executions;
        self.incomplete = self.incomplete.take().or(other.incomplete);
        self.asymmetric |= other.asymmetric;
        self.hands_over |= other.hands_over;
        self.shares |= other.shares;
    }
}

impl Search<'_> {
    pub(crate) fn run(&self, visitor: &mut impl Visitor) -> Ended {
        let mut walk = Walk {
            search: self,
            session: self.session,
            parts: Parts::default(),
            options: Vec::new(),
        };
        let mut ended = Ended::default();
        if self.member.is_some() && !self.advance() {
            return ended;
        }
        loop {
            ended.executions += 1;
            let executions = self.member.map_or(ended.executions, Member::begin);
            let flow = walk.execute(visitor);
            ended.shares |= walk.session.shares.get();
            if walk.session.chooses_outcome.get() {
                ended.incomplete = Some(Incomplete::ChoiceOfOutcome);
                return ended;
            }
            if self.config.reduction != Reduction::Opaque && walk.session.hands_over.get() {
                ended.hands_over = true;
                return ended;
            }
            match flow {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(Stop::Asymmetric) => {
                    ended.asymmetric = true;
                    return ended;
                }
                ControlFlow::Break(Stop::Incomplete(reason)) => {
                    ended.incomplete = Some(reason);
                    return ended;
                }
            }
            if progress::is_due(ended.executions) {
                let choices = walk.session.choices.borrow();
                let states = visitor.states();
                let (depth, (open, behind)) = (choices.depth() as u64, choices.frontier());
                progress::report(Progress { executions, states, depth, open, behind });
            }
            if !visitor.continues() || !self.advance() {
                return ended;
            }
            if progress::is_stopped() {
                ended.incomplete = Some(Incomplete::Interrupted);
                return ended;
            }
            if executions >= self.config.limits.executions.get() {
                ended.incomplete = Some(Incomplete::Executions(executions));
                return ended;
            }
        }
    }

    /// Turns to the next execution; `false` if there is none.
    fn advance(&self) -> bool {
        let mut choices = self.session.choices.borrow_mut();
        match self.member {
            None => choices.backtrack(),
            Some(member) => member.advance(&mut choices),
        }
    }
}

enum Stop {
    Asymmetric,
    Incomplete(Incomplete),
}

struct Walk<'a> {
    search: &'a Search<'a>,
    session: &'a Rc<Session>,
    parts: Parts,
    options: Vec<u32>,
}

impl Walk<'_> {
    /// One execution: replays the prefix, then continues to the end or a state seen before.
    fn execute<V: Visitor>(&mut self, visitor: &mut V) -> ControlFlow<Stop> {
        let Search { program, config, .. } = *self.search;
        let Config { interleave, reduction, limits } = config;
        let replicas = reduction == Reduction::Replicas;
        let mode = Mode { interleave, is_logged: false, assumes_private: replicas };
        let mut execution = Execution::start(program, self.session, mode, None);
        if execution.slots().is_empty() {
            return ControlFlow::Break(Stop::Incomplete(Incomplete::NoActor));
        }
        let mut last = None;
        let mut position = Position::default();
        loop {
            let fingerprint = fingerprint(&execution, last);
            let is_replaying = self.session.choices.borrow().is_replaying();
            let code = if is_replaying {
                self.session.choices.borrow_mut().replay(fingerprint)
            } else {
                // Where nothing can follow, how it ended may not show in the key.
                position.key = None;
                if reduction != Reduction::Opaque && !execution.is_cut_short() {
                    self.parts.read(&execution);
                    let last = last.filter(|_| V::COUNTS_SWITCHES);
                    position.key = Some(self.parts.key(&execution, replicas, last));
                }
                if V::COUNTS_SWITCHES {
                    position.unfinished_others = execution.unfinished_others(last);
                }
                if !visitor.enter(&position, &|| self.path()) {
                    if execution.may_end() {
                        visitor.end_again(execution.outcome(), &|| self.path());
                    }
                    return ControlFlow::Continue(());
                }
                self.list_options(&execution, last);
                let path = || self.path();
                let mut moves = self.options.iter().filter_map(|&code| Move::decode(code));
                if !moves.any(Move::is_certain) {
                    if config.must_see()
                        && let Some(reason) = execution.refused_deadlock()
                    {
                        return ControlFlow::Break(Stop::Incomplete(reason));
                    }
                    let outcome = execution.outcome();
                    visitor.leave(&execution, &outcome, &path);
                    visitor.end(outcome, &path, &position);
                    if self.options.is_empty() {
                        return ControlFlow::Continue(());
                    }
                }
                // Each actor that was spawned has a step to take, too.
                let spawned = execution.slots().len() - execution.first_spawned();
                if execution.steps().max(spawned) >= limits.steps {
                    visitor.end(Outcome::StepLimit(limits.steps), &path, &position);
                    return ControlFlow::Continue(());
                }
                let mut choices = self.session.choices.borrow_mut();
                if choices.bytes() + visitor.bytes() > limits.bytes.get() {
                    let reason = Incomplete::Bytes(limits.bytes.get());
                    return ControlFlow::Break(Stop::Incomplete(reason));
                }
                choices.decide(&self.options, fingerprint)
            };
            let step = execution.steps();
            let made_before = self.session.choices.borrow().depth() - 1;
            let actor = execution.take(code);
            if self.session.choices.borrow().is_endless() {
                let reason = Incomplete::Choices(MOST_CHOICES);
                return ControlFlow::Break(Stop::Incomplete(reason));
            }
            let Some(actor) = actor.filter(|_| !self.session.choices.borrow().has_diverged())
            else {
                let reason = Incomplete::Nondeterministic { step };
                return ControlFlow::Break(Stop::Incomplete(reason));
            };
            if let Some(reason) = execution.refused(config.must_see()) {
                return ControlFlow::Break(Stop::Incomplete(reason));
            }
            if execution.panics_after_access() {
                let mut choices = self.session.choices.borrow_mut();
                choices.add_option(made_before, Move::shortened(code));
                if execution.has_invariants() {
                    // One that the access breaks is broken before the panic.
                    return ControlFlow::Continue(());
                }
            }
            position.steps += 1;
            position.disturbances = execution.run().disturbances();
            position.switches += usize::from(last.is_some_and(|last| last != actor));
            last = Some(actor);
            if replicas && !execution.run().record.is_symmetric() {
                return ControlFlow::Break(Stop::Asymmetric);
            }
        }
    }

    /// The schedule that was taken, for [`follow`](super::witness::follow).
    fn path(&self) -> Vec<u32> {
        let Config { interleave, reduction, .. } = self.search.config;
        let all_shared = interleave == Interleave::AtAccesses && reduction != Reduction::Replicas;
        let decisions = self.session.choices.borrow().path();
        all_shared.then_some(ALL_SHARED).into_iter().chain(decisions).collect()
    }

    /// What may happen next: first a step of the actor that moved last, so that the walk begins with
    /// few switches; of equal replicas one.
    fn list_options(&mut self, execution: &Execution, last: Option<usize>) {
        let reduction = self.search.config.reduction;
        let (options, parts) = (&mut self.options, &self.parts);
        options.clear();
        let slots = execution.slots();
        let sleeps = &execution.run().sleeps;
        let first = last.filter(|&last| execution.is_ready(last) && !sleeps.is_ringing());
        options.extend(first.map(|first| Move::Step(first).encode()));
        let are_equal = |a: usize, b: usize| {
            slots[a].group == slots[b].group
                && match reduction {
                    Reduction::Opaque | Reduction::Merging => false,
                    Reduction::FreshReplicas => {
                        execution.is_unstarted(a) && execution.is_unstarted(b)
                    }
                    Reduction::Replicas => parts.of(a) == parts.of(b),
                }
        };
        // Replicas stand side by side: only the options of one group have to be compared.
        let (mut group, mut begins) = (None, 0);
        let mut rings = None;
        execution.moves(|next| {
            if let Move::Step(actor) = next {
                if group.replace(slots[actor].group) != Some(slots[actor].group) {
                    begins = options.len();
                }
                let is_first = first.is_some_and(|first| first == actor || are_equal(actor, first));
                let is_equal = |&code: &u32| match Move::decode(code) {
                    Some(Move::Step(other)) => are_equal(actor, other),
                    _ => false,
                };
                if is_first || options[begins..].iter().any(is_equal) {
                    return;
                }
            }
            if let Move::Ring(sleep) = next
                && reduction == Reduction::Opaque
            {
                // In which order several actors are told does not matter, as nothing comes in between.
                let actor = sleeps.wait_of(sleep).map(|wait| wait.actor);
                if *rings.get_or_insert(actor) != actor {
                    return;
                }
            }
            options.push(next.encode());
        });
    }
}

/// What must be the same when a prefix is replayed: what can happen next, and what the last actor
/// has observed.
fn fingerprint(execution: &Execution, last: Option<usize>) -> u64 {
    let observed = |last: usize| execution.run().record.view().actors[last].digest.low();
    execution.hash_of_moves(last.map_or(0, observed))
}
