//! One execution under loom: a thread for each actor, the main thread being one of them.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, Location};
use std::rc::Rc;

use loom::thread::{self, ThreadId};

use super::MOST_ACTORS;
use super::parking::{Judgement, Running};
use crate::explore::run::actors::Name;
use crate::explore::run::panics::catching;
use crate::explore::{Finish, Incomplete, Outcome, Setup};
use crate::observe::{self, Call, Event, ObjectId, Record, Seen};
use crate::primitives::Task;

/// Unwinds an actor of an execution that has been judged.
pub(super) struct Judged;

#[derive(Default)]
struct Current {
    running: Option<Rc<Running>>,
    threads: Vec<ThreadId>,
    /// The names of the actors that others have spawned.
    spawned: Vec<Name>,
    recording: Option<Recording>,
}

/// The record of the execution, for as long as its actors report to it.
struct Recording {
    record: Rc<Record>,
    _entered: observe::Entered,
}

thread_local! {
    static CURRENT: RefCell<Current> = RefCell::default();
    /// How many operations the execution has made.
    static OPERATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Ends the execution before, and begins the record of a new one, with a log if `is_logged`.
pub(super) fn begin(is_logged: bool) {
    leave();
    let record = Rc::new(Record::new(is_logged, false, &Rc::default()));
    let entered = observe::enter(Rc::clone(&record), None, None);
    let recording = Some(Recording { record, _entered: entered });
    CURRENT.set(Current { recording, ..Current::default() });
}

/// No execution is under way any more.
pub(super) fn leave() {
    drop(CURRENT.take());
}

/// Starts the actors; they have all ended when loom begins the next execution.
pub(super) fn run(setup: Setup, finish: Finish) {
    let tasks = setup.into_tasks();
    let running = Rc::new(Running::new(tasks.len(), finish));
    OPERATIONS.set(0);
    CURRENT.with_borrow_mut(|current| current.running = Some(Rc::clone(&running)));
    let mut tasks = tasks.into_iter().enumerate();
    let first = tasks.next();
    // The main thread is actor 0; the others get their numbers in the order of spawning.
    let mut threads = vec![thread::current().id()];
    for (actor, task) in tasks {
        let running = Rc::clone(&running);
        let handle = thread::spawn(move || run_actor(&running, actor, task));
        threads.push(handle.thread().id());
    }
    CURRENT.with_borrow_mut(|current| current.threads = threads);
    if let Some((actor, task)) = first {
        run_actor(&running, actor, task);
    }
}

/// Adds an actor that does `task`. Loom lets it run from the current actor's next operation on.
pub(super) fn spawn(name: &'static str, location: &'static Location<'static>, task: Task) {
    let running = CURRENT.with_borrow(|current| current.running.clone());
    // What is spawned on the way out never runs.
    let Some(running) = running.filter(|running| !running.is_judged()) else { return };
    let Some(actor) = running.admit() else {
        let reason = format!("the actors spawn others, and loom has {MOST_ACTORS} threads for all");
        running.judge(Err(Incomplete::Engine(reason)));
        panic::resume_unwind(Box::new(Judged));
    };
    if let Some(parent) = current_actor() {
        observe::record_spawn(parent, name, location);
    }
    let handle = thread::spawn(move || run_actor(&running, actor, task));
    CURRENT.with_borrow_mut(|current| {
        current.threads.push(handle.thread().id());
        let name = Name::after(current.spawned.iter_mut(), name);
        current.spawned.push(name);
    });
}

/// Waits for `future` on the current thread.
pub(super) fn block_on<F: Future>(future: F) -> F::Output {
    let running = CURRENT.with_borrow(|current| current.running.clone());
    let output = running.expect("an actor is running").block_on(future);
    output.unwrap_or_else(|| panic::resume_unwind(Box::new(Judged)))
}

fn run_actor(running: &Running, actor: usize, task: Task) {
    let result = catching(|| {
        panic::catch_unwind(AssertUnwindSafe(|| running.run(actor, task)))
            .or_else(|payload| if payload.is::<Judged>() { Ok(()) } else { Err(payload) })
            .unwrap_or_else(|payload| panic::resume_unwind(payload));
    });
    if let Err(panic) = result {
        running.judge(Ok(Outcome::Panic(panic.message)));
    }
}

/// An execution that is over.
pub(super) struct Ended {
    /// `None` if it has no end.
    pub(super) judgement: Option<Judgement>,
    /// The names of the actors that were spawned in it, in order.
    pub(super) spawned: Vec<Name>,
    /// What was done in it, if that was logged.
    pub(super) events: Vec<Event>,
}

/// Ends the execution that is under way.
pub(super) fn end() -> Ended {
    let Current { running, spawned, recording, .. } = CURRENT.take();
    let judgement = running.and_then(|running| running.judgement());
    let events = recording.map_or_else(Vec::new, |recording| recording.record.log.take());
    Ended { judgement, spawned, events }
}

/// Two accesses to the object of this name are not ordered.
pub(super) fn judge_data_race(name: &'static str) {
    let running = CURRENT.with_borrow(|current| current.running.clone());
    if let Some(running) = running {
        running.judge(Ok(Outcome::DataRace(name.to_owned())));
    }
}

/// Operations of one execution; a program that makes more is taken for a livelock.
pub(super) const MOST_OPERATIONS: usize = 2_000;

/// Called before each operation: cuts the execution off if it has made too many.
pub(super) fn before_operation() {
    OPERATIONS.set(OPERATIONS.get() + 1);
    if OPERATIONS.get() < MOST_OPERATIONS || std::thread::panicking() {
        return;
    }
    let running = CURRENT.with_borrow(|current| current.running.clone());
    if let Some(running) = running.filter(|running| !running.is_judged()) {
        running.judge(Err(Incomplete::Steps { limit: MOST_OPERATIONS, actors: Vec::new() }));
        panic::resume_unwind(Box::new(Judged));
    }
}

/// What follows reads the outcome, and is no operation of an actor.
pub(super) fn stop_recording() {
    CURRENT.with_borrow_mut(|current| current.threads.clear());
}

/// Logs an operation of the current thread's actor.
pub(super) fn record(object: ObjectId, call: Call, seen: Seen) {
    if !observe::is_logging() {
        return;
    }
    if let Some(actor) = current_actor() {
        observe::record(actor, object, call, seen);
    }
}

/// Whose operation it is, if that is to be recorded.
fn current_actor() -> Option<usize> {
    CURRENT.with_borrow(|current| {
        let is_judged = current.running.as_ref().is_none_or(|running| running.is_judged());
        if is_judged || current.threads.is_empty() {
            return None;
        }
        let thread = thread::current().id();
        current.threads.iter().position(|&id| id == thread)
    })
}
