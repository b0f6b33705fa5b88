//! The cheapest schedule that leads to an outcome: fewest switches between actors, then fewest
//! cancellations, timeouts and spurious polls, then fewest steps.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;

use super::key::{KeyMap, table_bytes};
use super::search::{Position, Search, Visitor};
use crate::explore::run::current::Mode;
use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::session::Session;
use crate::explore::{Config, Interleave, Outcome};
use crate::observe::Event;

/// One schedule, and what happened under it.
#[derive(Clone, Debug)]
pub struct Witness {
    /// How it ended.
    pub outcome: Outcome,
    /// How often another actor moved than the one before.
    pub switches: usize,
    /// The decisions that lead there, encoded.
    pub path: Vec<u32>,
    /// The actors' names.
    pub actors: Vec<String>,
    /// What they did, in order.
    pub events: Vec<Event>,
    /// In a deadlock, the actors that never finish, by their indices; else none.
    pub stuck: Vec<usize>,
    /// Whether lines are missing, because the program was built without debug information.
    pub lacks_lines: bool,
    /// Where in the source an actor panicked, if one did and that is known.
    pub panicked_at: Option<String>,
    /// Whether a limit ended the search for it, so that a cheaper one may exist.
    pub is_limited: bool,
    /// Whether it shows every row, however many there are.
    pub is_whole: bool,
}

impl Witness {
    /// Of these events by these actors.
    pub(crate) fn of(actors: Vec<String>, events: Vec<Event>, outcome: Outcome) -> Self {
        Self {
            outcome,
            switches: 0,
            path: Vec::new(),
            actors,
            events,
            stuck: Vec::new(),
            lacks_lines: false,
            panicked_at: None,
            is_limited: false,
            is_whole: false,
        }
    }
}

/// The cheapest witness of an outcome that `is_wanted`, among those that an exploration has found.
///
/// `None` if there is none, or if a replay does not end as the schedule did before, which a
/// deterministic program cannot do.
pub(crate) fn shortest(
    program: Program<'_>,
    config: Config,
    found: &BTreeMap<Outcome, Vec<u32>>,
    is_wanted: &dyn Fn(&Outcome) -> bool,
) -> Option<Witness> {
    let mut wanted = found.iter().filter(|(outcome, _)| is_wanted(outcome));
    let (_, known) = wanted.clone().next()?;
    let all_finish = wanted.all(|(outcome, _)| matches!(outcome, Outcome::Value(_)));
    let follow = |session| follow(program, &session, config.interleave, false, known);
    let most = switches(&follow(Rc::new(Session::new(config.limits)))?.movers);
    let session = &Rc::new(Session::new(config.limits));
    let search = Search { program, session, config, member: None };
    // Iterative deepening: nothing that needs more switches is walked before everything that
    // needs fewer.
    let mut is_limited = false;
    let cheapest = (0..=most).find_map(|bound| {
        let (best, reached) = (None, KeyMap::default());
        let most_states = config.limits.states.get();
        let mut cheapest = Cheapest {
            bound,
            all_finish,
            is_wanted,
            best,
            reached,
            most_states,
            is_limited: false,
        };
        let ended = search.run(&mut cheapest);
        is_limited |= ended.incomplete.is_some() || cheapest.is_limited || !cheapest.continues();
        cheapest.best.map(|best| best.path)
    });
    let path = cheapest.unwrap_or_else(|| known.clone());
    let witness = replay(program, config, &path).filter(|it| is_wanted(&it.outcome))?;
    Some(Witness { is_limited, ..witness })
}

/// Runs one schedule with a log. `None` if the program cannot follow it.
pub(crate) fn replay(program: Program<'_>, config: Config, path: &[u32]) -> Option<Witness> {
    let (session, interleave) = (Rc::new(Session::new(config.limits)), config.interleave);
    let Followed { mut execution, movers } = follow(program, &session, interleave, true, path)?;
    let (actors, outcome) = (execution.names(), execution.outcome());
    let is_left = |_: &usize| outcome == Outcome::Deadlock;
    let stuck = execution.unfinished().filter(is_left).collect();
    let log = &execution.run().record.log;
    let (events, lacks_lines) = (log.take(), log.lacks_lines());
    let panicked_at = execution.panicked_at().map(ToOwned::to_owned);
    Some(Witness {
        switches: switches(&movers),
        path: path.to_vec(),
        stuck,
        lacks_lines,
        panicked_at,
        ..Witness::of(actors, events, outcome)
    })
}

/// How often another actor moved than the one before.
fn switches(movers: &[usize]) -> usize {
    movers.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Begins a schedule of threads in which accesses to an actor's own objects are steps like any other.
/// Which accesses are steps depends on how the schedule was found, and a schedule of the one kind
/// means something else as one of the other.
pub(super) const ALL_SHARED: u32 = u32::MAX;

/// A run that is over.
pub(super) struct Followed {
    pub(super) execution: Execution,
    /// Whose each step was.
    pub(super) movers: Vec<usize>,
}

/// Runs one schedule. `None` if the program cannot follow it to its end.
pub(super) fn follow(
    program: Program<'_>,
    session: &Rc<Session>,
    interleave: Interleave,
    is_logged: bool,
    path: &[u32],
) -> Option<Followed> {
    let followed = retrace(program, session, interleave, is_logged, path)?;
    followed.execution.may_end().then_some(followed)
}

/// Runs one schedule, which may end anywhere. `None` if the program cannot follow it.
pub(super) fn retrace(
    program: Program<'_>,
    session: &Rc<Session>,
    interleave: Interleave,
    is_logged: bool,
    path: &[u32],
) -> Option<Followed> {
    let (all_shared, decisions) = match path {
        [ALL_SHARED, decisions @ ..] => (true, decisions),
        decisions => (false, decisions),
    };
    let assumes_private = interleave == Interleave::AtAccesses && !all_shared;
    session.follow(decisions);
    let choices = &session.choices;
    let mode = Mode { interleave, is_logged, assumes_private };
    let mut execution = Execution::start(program, session, mode, None);
    let mut movers = Vec::new();
    while choices.borrow().is_replaying() {
        let code = choices.borrow_mut().replay(0);
        movers.push(execution.take(code)?);
    }
    let is_spent = choices.borrow().is_spent(decisions.len());
    let is_followed = is_spent && !choices.borrow().has_diverged();
    let is_sound = !assumes_private || execution.run().record.is_symmetric();
    (is_followed && is_sound).then_some(Followed { execution, movers })
}

/// Enters a place unless it was reached at no greater cost before.
struct Cheapest<'a> {
    bound: usize,
    /// Whether every wanted outcome needs every actor to finish.
    all_finish: bool,
    is_wanted: &'a dyn Fn(&Outcome) -> bool,
    best: Option<Best>,
    reached: KeyMap<Cost>,
    most_states: u64,
    /// Whether a schedule was cut off that could have led to a cheaper one.
    is_limited: bool,
}

/// Compared from the first to the last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    switches: usize,
    disturbances: usize,
    steps: usize,
}

impl Cost {
    fn of(position: &Position) -> Self {
        let Position { switches, disturbances, steps, .. } = *position;
        Self { switches, disturbances, steps }
    }

    /// Whether nothing of it is more than of the other, so that no way on from here is dearer.
    fn is_within(self, Self { switches, disturbances, steps }: Self) -> bool {
        self.switches <= switches && self.disturbances <= disturbances && self.steps <= steps
    }

    /// Whether no way on from here is cheaper than `best`, among those with the switches allowed.
    fn is_beyond(self, best: Self) -> bool {
        (self.disturbances, self.steps) >= (best.disturbances, best.steps)
    }
}

struct Best {
    cost: Cost,
    path: Vec<u32>,
}

impl Visitor for Cheapest<'_> {
    const COUNTS_SWITCHES: bool = true;

    fn enter(&mut self, position: &Position, _path: &dyn Fn() -> Vec<u32>) -> bool {
        let cost = Cost::of(position);
        // Each actor that has yet to finish takes at least one switch to get there.
        let ahead = if self.all_finish { position.unfinished_others } else { 0 };
        if cost.switches + ahead > self.bound
            || self.best.as_ref().is_some_and(|best| cost.is_beyond(best.cost))
        {
            return false;
        }
        let Some(key) = position.key else { return true };
        match self.reached.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(cost);
                true
            }
            Entry::Occupied(mut entry) => {
                let known = *entry.get();
                if known.is_within(cost) {
                    return false;
                }
                // Where neither is the cheaper in all, fewer switches are worth remembering.
                entry.insert(cost.min(known));
                true
            }
        }
    }

    fn end(&mut self, outcome: Outcome, path: &dyn Fn() -> Vec<u32>, position: &Position) {
        if let Outcome::StepLimit(_) = outcome {
            self.is_limited = true;
        } else if (self.is_wanted)(&outcome) {
            self.best = Some(Best { cost: Cost::of(position), path: path() });
        }
    }

    fn end_again(&mut self, _outcome: Outcome, _path: &dyn Fn() -> Vec<u32>) {}

    fn continues(&self) -> bool {
        self.states() < self.most_states
    }

    fn states(&self) -> u64 {
        self.reached.len() as u64
    }

    fn bytes(&self) -> u64 {
        let entry = size_of::<(u128, Cost)>();
        table_bytes(self.reached.len(), self.reached.capacity(), entry)
    }
}
