//! How far the exploration of this process has come, and how to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
static STATES: AtomicU64 = AtomicU64::new(0);
static DEPTH: AtomicU64 = AtomicU64::new(0);
static STOP: AtomicBool = AtomicBool::new(false);

/// Where the running exploration is. With several at once, it is one of them.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Executions begun.
    pub executions: u64,
    /// Distinct states found; 0 where they are not told apart.
    pub states: u64,
    /// Steps of the latest execution.
    pub depth: u64,
}

/// Where the running exploration is.
pub fn progress() -> Progress {
    Progress {
        executions: EXECUTIONS.load(Ordering::Relaxed),
        states: STATES.load(Ordering::Relaxed),
        depth: DEPTH.load(Ordering::Relaxed),
    }
}

/// Ends every exploration of this process, now and later: they are
/// [interrupted](super::Incomplete::Interrupted), and so inconclusive unless they already found a
/// forbidden outcome. May be called from a signal handler's thread.
pub fn stop() {
    STOP.store(true, Ordering::Relaxed);
}

pub(crate) fn is_stopped() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// Told of once in so many executions: a shared counter at each would cost as much as a poll.
const INTERVAL: u64 = 64;

pub(crate) fn report(executions: u64, states: u64, depth: u64) {
    if executions.is_multiple_of(INTERVAL) || executions == 1 {
        EXECUTIONS.store(executions, Ordering::Relaxed);
        STATES.store(states, Ordering::Relaxed);
        DEPTH.store(depth, Ordering::Relaxed);
    }
}
