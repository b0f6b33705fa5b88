//! One execution under loom: a thread for each actor, the main thread being one of them.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;

use loom::thread::{self, ThreadId};

use super::parking::Running;
use crate::explore::step::catching;
use crate::explore::{Actors, Finish, Outcome, Task};
use crate::observe::{self, Call, ObjectId, Seen};

/// Unwinds an actor of an execution that has been judged.
pub(super) struct Judged;

#[derive(Default)]
struct Current {
    running: Option<Rc<Running>>,
    threads: Vec<ThreadId>,
}

thread_local! {
    static CURRENT: RefCell<Current> = RefCell::default();
    /// How many operations the execution has made.
    static OPERATIONS: Cell<usize> = const { Cell::new(0) };
}

/// Starts the actors; they have all ended when loom begins the next execution.
pub(super) fn run(actors: Actors, finish: Finish) {
    let tasks = actors.into_tasks();
    let running = Rc::new(Running::new(tasks.len(), finish));
    OPERATIONS.set(0);
    CURRENT.set(Current { running: Some(Rc::clone(&running)), threads: Vec::new() });
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

fn run_actor(running: &Running, actor: usize, task: Task) {
    let result = catching(|| {
        panic::catch_unwind(AssertUnwindSafe(|| running.run(actor, task)))
            .or_else(|payload| if payload.is::<Judged>() { Ok(()) } else { Err(payload) })
            .unwrap_or_else(|payload| panic::resume_unwind(payload));
    });
    if let Err(message) = result {
        running.judge(Outcome::Panic(message));
    }
}

/// How the execution that just ended was judged, and forgets it.
pub(super) fn take_outcome() -> Option<Outcome> {
    let running = CURRENT.take().running?;
    running.outcome()
}

/// Two accesses to the object of this name are not ordered.
pub(super) fn judge_data_race(name: &'static str) {
    let running = CURRENT.with_borrow(|current| current.running.clone());
    if let Some(running) = running {
        running.judge(Outcome::DataRace(name.to_owned()));
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
        running.judge(Outcome::StepLimit(MOST_OPERATIONS));
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
    let actor = CURRENT.with_borrow(|current| {
        let is_judged = current.running.as_ref().is_none_or(|running| running.is_judged());
        if is_judged || current.threads.is_empty() {
            return None;
        }
        let thread = thread::current().id();
        current.threads.iter().position(|&id| id == thread)
    });
    if let Some(actor) = actor {
        observe::record(actor, object, call, seen);
    }
}
