//! How a program goes on from a state, in words that do not depend on how the state was reached.

use std::rc::Rc;

use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::moves::Move;
use crate::explore::run::session::Session;
use crate::explore::walk::key::Parts;
use crate::explore::walk::witness::{ALL_SHARED, retrace};
use crate::explore::{Config, Incomplete, Outcome, Reduction};

/// What happened from a state on.
pub(super) struct Trail {
    places: Vec<Place>,
    outcome: Outcome,
    /// Why it shows nothing.
    refusal: Option<Incomplete>,
    /// Whether it ended because no actor could go on.
    is_over: bool,
    /// The whole schedule, from the first step.
    path: Vec<u32>,
}

/// A place on the way.
#[derive(PartialEq, Eq)]
struct Place {
    key: u128,
    open: Vec<Named>,
    /// None at the end.
    next: Option<Named>,
}

/// A move, by the rank of its actor.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    Step(usize),
    Cancel(usize),
    PollSpuriously(usize),
    /// The timer of this wait of this actor.
    Expire(usize, u64),
    /// The sleep that this wait of this actor is for.
    Ring(usize, u64),
}

/// A program that goes on longer is taken to do so forever.
const MOST_STEPS: usize = 1_000;

impl Trail {
    /// Follows `path` to its state, and goes on with what `pick` picks of what is possible, up to the
    /// end. `None` if the program cannot follow.
    pub(super) fn along(
        program: Program<'_>,
        session: &Rc<Session>,
        config: Config,
        path: &[u32],
        pick: &mut dyn FnMut(&[Named]) -> Option<Named>,
    ) -> Option<Self> {
        let mut execution = retrace(program, session, config.interleave, false, path)?.execution;
        let mut parts = Parts::default();
        parts.read(&execution);
        let names = Names::new(&execution, &parts, config.reduction);
        let (mut places, mut refusal) = (Vec::new(), None);
        while !execution.is_cut_short() {
            parts.read(&execution);
            let key = parts.key(&execution, config.reduction == Reduction::Replicas, None);
            let open = names.open(&execution);
            let is_over = execution.may_end() || places.len() == MOST_STEPS;
            let next = (!is_over).then(|| pick(&open)).flatten();
            places.push(Place { key, open, next });
            let Some(next) = next else { break };
            let code = names.find(&execution, next)?.encode();
            session.choices.borrow_mut().decide(&[code], 0);
            execution.take(code)?;
            refusal = execution.refused(config.must_see());
            if refusal.is_some() {
                break;
            }
        }
        let is_over = places.len() <= MOST_STEPS;
        let outcome = execution.outcome();
        let kind = path.first().filter(|&&first| first == ALL_SHARED).copied();
        let path = kind.into_iter().chain(session.choices.borrow().path()).collect();
        Some(Self { places, outcome, refusal, is_over, path })
    }

    /// Whether the same was possible all the way, and it ended alike.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.places == other.places && self.outcome == other.outcome
    }

    pub(super) fn moves(&self) -> impl Iterator<Item = Named> + '_ {
        self.places.iter().filter_map(|place| place.next)
    }

    /// How many decisions it took, with those before the state.
    pub(super) fn len(&self) -> usize {
        self.path.len()
    }

    /// Why it shows nothing, if it does not.
    pub(super) fn refusal(&self) -> Option<&Incomplete> {
        self.refusal.as_ref()
    }

    /// Whether it went on to an end.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn into_end(self) -> (Outcome, Vec<u32>) {
        (self.outcome, self.path)
    }
}

/// Actors by rank: a number that does not depend on which of several equal actors is which, nor on
/// the order in which they were spawned.
struct Names {
    /// The actors in the order of their ranks. Later ones come after them, as they are spawned.
    ranked: Vec<usize>,
}

impl Names {
    fn new(execution: &Execution, parts: &Parts, reduction: Reduction) -> Self {
        let mut ranked: Vec<_> = (0..execution.slots().len()).collect();
        ranked.sort_by_key(|&actor| {
            let is_spawned = actor >= execution.first_spawned();
            let group = if is_spawned { usize::MAX } else { execution.slots()[actor].group };
            let is_exchangeable = is_spawned || reduction == Reduction::Replicas;
            (group, is_exchangeable.then(|| parts.of(actor)))
        });
        Self { ranked }
    }

    fn rank(&self, actor: usize) -> usize {
        self.ranked.iter().position(|&ranked| ranked == actor).unwrap_or(actor)
    }

    fn name(&self, execution: &Execution, next: Move) -> Named {
        match next {
            Move::Step(actor) => Named::Step(self.rank(actor)),
            Move::Cancel(actor) => Named::Cancel(self.rank(actor)),
            Move::PollSpuriously(actor) => Named::PollSpuriously(self.rank(actor)),
            Move::Expire(index) => {
                let wait = execution.run().timers.wait_of(index);
                Named::Expire(self.rank(wait.actor), wait.number)
            }
            Move::Ring(index) => {
                let wait = execution.run().sleeps.wait_of(index);
                let wait = wait.expect("a sleep ends somebody's wait");
                Named::Ring(self.rank(wait.actor), wait.number)
            }
        }
    }

    /// What is possible, in the order of the names.
    fn open(&self, execution: &Execution) -> Vec<Named> {
        let mut open = Vec::new();
        execution.moves(|next| open.push(self.name(execution, next)));
        open.sort_unstable();
        open
    }

    fn find(&self, execution: &Execution, named: Named) -> Option<Move> {
        let mut found = None;
        execution.moves(|next| {
            if self.name(execution, next) == named {
                found = Some(next);
            }
        });
        found
    }
}
