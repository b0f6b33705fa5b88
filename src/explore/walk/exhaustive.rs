//! The set of outcomes of a program over all of its schedules.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::all::All;
use super::audit::Audit;
use super::endless;
use super::left::Left;
use super::luck::{Luck, MOST_DRAWN, draw};
use super::search::Search;
use super::team::Crew;
use super::visited::{Shared, Visited};
use crate::explore::run::execution::Program;
use crate::explore::run::session::Session;
use crate::explore::{Config, Incomplete, Interleave, Outcome, Outcomes, Reduction};
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
    explore_until(program, None, config, Luck::default())
}

/// Runs `program` under every schedule until an outcome is enough, then a sample of it again. Where one
/// outcome may be enough, luck is tried first; where the walk is given up, last. The walk itself is
/// the crew's, if there is one.
pub(crate) fn explore_until(
    program: Program<'_>,
    crew: Option<Crew<'_>>,
    config: Config,
    luck: Luck<'_>,
) -> Exploration {
    let start = Instant::now();
    // A thread that unwinds is stopped nowhere, and a panic of an actor would end the process.
    if std::thread::panicking() {
        let incomplete = Some(Incomplete::Unwinding);
        return Exploration { incomplete, ..Exploration::without_walk(config, BTreeMap::new()) };
    }
    let session = &Rc::new(Session::new(config.limits));
    let search = Search { program, session, config, member: None };
    let mut found = BTreeMap::new();
    if luck.is_enough.is_some() {
        let drawn = draw(&search, MOST_DRAWN, &mut found, luck);
        if drawn.has_enough {
            return Exploration {
                executions: drawn.executions,
                incomplete: Some(Incomplete::FoundEnough),
                duration: start.elapsed(),
                ..Exploration::without_walk(config, found)
            };
        }
    }
    let shared = crew.map(|_| Shared::default());
    let remember = || {
        let visited = shared.as_ref().map_or_else(Visited::alone, Visited::Together);
        All::new(config, visited, luck.is_enough)
    };
    let (mut all, ended) = if let Some(crew) = crew {
        crew.walk(session, config, &remember)
    } else {
        let mut all = remember();
        let ended = search.run(&mut all);
        (all, ended)
    };
    if ended.asymmetric || ended.hands_over {
        let reduction = if ended.hands_over { Reduction::Opaque } else { Reduction::FreshReplicas };
        let exploration = explore_until(program, crew, Config { reduction, ..config }, luck);
        return Exploration { duration: start.elapsed(), ..exploration };
    }
    for (outcome, path) in found {
        all.found.entry(outcome).or_insert(path);
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
        states: all.visited.map(|visited| visited.len()),
        incomplete,
        duration: start.elapsed(),
        reduction: config.reduction,
    }
}

/// A deliberate mistake has to show by itself, and the audit would find it too.
pub(super) fn is_audited() -> bool {
    !is_on(Mistake::MergesUnaudited) && !is_any()
}
