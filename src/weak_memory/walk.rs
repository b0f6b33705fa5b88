//! Every execution of one program under loom, one after the other.

use std::panic;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use loom::model::Builder;

use super::execution::Ended;
use super::{MOST_ACTORS, Program, execution};
use crate::explore::run::panics::catching;
use crate::explore::{
    Actors, Finish, Incomplete, Limits, Outcome, Progress, Setup, Witness, progress,
};
use crate::observe::Event;

/// One execution that has ended.
pub(super) struct Executed {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) outcome: Outcome,
    actors: Vec<String>,
    events: Vec<Event>,
}

impl Executed {
    /// The execution as a witness found under this preemption bound.
    pub(super) fn into_witness(self, preemptions: u8) -> Witness {
        let path = vec![u32::from(preemptions), self.number as u32];
        let Self { outcome, actors, events, .. } = self;
        let switches = events.windows(2).filter(|pair| pair[0].actor != pair[1].actor).count();
        Witness { switches, path, ..Witness::of(actors, events, outcome) }
    }
}

/// How a walk went.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) executions: u64,
    pub(super) incomplete: Option<Incomplete>,
}

/// Runs the program as often as loom asks for, or with at most so many preemptions, and hands
/// every execution to `collect`, for as long as that says `true`. What actors do is known of an
/// execution only with `logs`, which costs time.
pub(super) fn walk<T: Default + Send + 'static>(
    program: impl Program,
    limits: Limits,
    preemptions: Option<u8>,
    logs: bool,
    collect: impl Fn(&mut T, Executed) -> bool + Send + Sync + 'static,
) -> (T, Walked) {
    let builder = match catching(|| unbounded(preemptions)) {
        Ok(builder) => builder,
        Err(panic) => {
            let reason = format!("loom's environment: {}", panic.message);
            let incomplete = Some(Incomplete::Engine(reason));
            return (T::default(), Walked { incomplete, ..Walked::default() });
        }
    };
    let collector = Arc::new(Mutex::new(Collector {
        collect: Box::new(collect),
        collected: T::default(),
        walked: Walked::default(),
        names: Vec::new(),
        has_enough: false,
    }));
    let checked = catching(|| {
        let collector = Arc::clone(&collector);
        builder.check(move || {
            let (spawned, finish) = lock(&collector).next(limits, logs, &program);
            execution::run(spawned, finish);
        });
    });
    let mut guard = lock(&collector);
    let collector = &mut *guard;
    if !collector.is_stopped() {
        match checked {
            Ok(()) => collector.settle(),
            Err(panic) => collector.walked.incomplete = Some(Incomplete::Engine(panic.message)),
        }
    }
    execution::leave();
    (std::mem::take(&mut collector.collected), std::mem::take(&mut collector.walked))
}

/// What the environment says about loom must not change a verdict: every field it can set is set.
fn unbounded(preemptions: Option<u8>) -> Builder {
    /// Thread switches of one execution, far above what [`execution::MOST_OPERATIONS`] can cause.
    const MOST_BRANCHES: usize = 50_000;
    let mut builder = Builder::new();
    builder.max_threads = MOST_ACTORS;
    builder.max_branches = MOST_BRANCHES;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
    builder.preemption_bound = preemptions.map(usize::from);
    builder.expect_explicit_explore = false;
    builder.location = false;
    builder.log = false;
    builder
}

type Collect<T> = Box<dyn Fn(&mut T, Executed) -> bool + Send + Sync>;

struct Collector<T> {
    collect: Collect<T>,
    collected: T,
    walked: Walked,
    names: Vec<String>,
    has_enough: bool,
}

impl<T> Collector<T> {
    /// Settles the previous execution and prepares the next.
    ///
    /// An execution is settled only here, because its actors may go on after loom's closure, run
    /// by the first of them, has returned. To stop loom between executions there is only a panic.
    fn next(
        &mut self,
        limits: Limits,
        logs: bool,
        start: impl FnOnce(&'static mut Actors) -> Finish,
    ) -> (Setup, Finish) {
        self.settle();
        if self.walked.executions >= limits.executions.get() {
            self.walked.incomplete = Some(Incomplete::Executions(self.walked.executions));
        }
        if progress::is_stopped() {
            self.walked.incomplete = Some(Incomplete::Interrupted);
        }
        if progress::is_due(self.walked.executions) {
            let executions = self.walked.executions;
            progress::report(Progress { executions, ..Progress::default() });
        }
        execution::begin(logs);
        let (spawned, finish) = Setup::by(start);
        if spawned.len() == 0 {
            self.walked.incomplete = Some(Incomplete::NoActor);
        }
        if self.is_stopped() {
            panic::resume_unwind(Box::new("stopped between two executions"));
        }
        self.walked.executions += 1;
        self.names = spawned.names();
        (spawned, finish)
    }

    fn settle(&mut self) {
        if self.walked.executions == 0 || self.is_stopped() {
            return;
        }
        let without = || Err(Incomplete::Engine("an execution ended without an outcome".into()));
        let Ended { judgement, spawned, events } = execution::end();
        let outcome = match judgement.unwrap_or_else(without) {
            Ok(outcome) => outcome,
            Err(reason) => {
                self.walked.incomplete = Some(reason);
                return;
            }
        };
        let names = self.names.iter().cloned();
        let executed = Executed {
            number: self.walked.executions,
            outcome,
            actors: names.chain(spawned.iter().map(ToString::to_string)).collect(),
            events,
        };
        self.has_enough = !(self.collect)(&mut self.collected, executed);
    }

    fn is_stopped(&self) -> bool {
        self.has_enough || self.walked.incomplete.is_some()
    }
}

fn lock<T>(collector: &Mutex<T>) -> MutexGuard<'_, T> {
    // Stopping panics with the lock held; what it guards is consistent then.
    collector.lock().unwrap_or_else(PoisonError::into_inner)
}
