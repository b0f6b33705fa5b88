//! Only the FIFO schedule: actors run in the order in which they were woken, as on asyncio's
//! event loop and tokio's `current_thread` runtime.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::explore::run::current::Mode;
use crate::explore::run::execution::{Execution, Program};
use crate::explore::run::moves::Move;
use crate::explore::run::session::Session;
use crate::explore::run::wakers::Queue;
use crate::explore::{Interleave, Limits, Outcome};

/// How the FIFO schedule ended.
#[derive(Debug)]
pub struct Fifo {
    /// What the program ended in.
    pub outcome: Outcome,
    /// How many polls it took.
    pub steps: usize,
    /// How long it took.
    pub duration: Duration,
}

/// Polls of one actor on average, beyond which the program is taken for a livelock.
const MOST_POLLS_EACH: usize = 10_000;

/// Runs `program` under the FIFO schedule.
pub(crate) fn run_fifo(program: Program<'_>) -> Fifo {
    let start = Instant::now();
    let queue: Queue = Arc::new(Mutex::new(VecDeque::new()));
    let mode = Mode { interleave: Interleave::AtAwaits, is_logged: false, assumes_private: false };
    let session = Rc::new(Session::new(Limits::default()));
    let mut execution = Execution::start(program, &session, mode, Some(&queue));
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let mut cut_off = None;
    loop {
        let ready = || if execution.run().sleeps.is_ringing() { None } else { lock().pop_front() };
        let next = ready()
            .map(Move::Step)
            .or_else(|| first_sleep(&execution).map(Move::Ring))
            .or_else(|| first_timer(&execution).map(Move::Expire));
        let Some(next) = next.filter(|_| !execution.is_cut_short()) else { break };
        let limit = execution.slots().len().saturating_mul(MOST_POLLS_EACH);
        if execution.steps() >= limit {
            cut_off = Some(Outcome::StepLimit(limit));
            break;
        }
        execution.make(next);
    }
    let steps = execution.steps();
    let outcome = cut_off.unwrap_or_else(|| execution.outcome());
    Fifo { outcome, steps, duration: start.elapsed() }
}

/// Of the sleeps that are the next to be over the one that was begun first.
fn first_sleep(execution: &Execution) -> Option<usize> {
    let mut first = None;
    execution.run().sleeps.next(|sleep, _| first = first.or(Some(sleep)));
    first
}

/// The timeout that was begun first: it ends only when no actor can run.
fn first_timer(execution: &Execution) -> Option<usize> {
    let mut first = None;
    execution.run().timers.running(|timer, _| first = first.or(Some(timer)));
    first
}
