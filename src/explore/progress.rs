//! How far the exploration of this process has come, and how to stop it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

static EXECUTIONS: AtomicU64 = AtomicU64::new(0);
static STATES: AtomicU64 = AtomicU64::new(0);
static DEPTH: AtomicU64 = AtomicU64::new(0);
static OPEN: AtomicU64 = AtomicU64::new(0);
/// The bits of a number from 0 to 1.
static BEHIND: AtomicU64 = AtomicU64::new(0);
static STOP: AtomicBool = AtomicBool::new(false);

/// Where the running exploration is. With several at once, it is one of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Progress {
    /// Executions begun.
    pub executions: u64,
    /// Distinct states found; 0 where they are not told apart.
    pub states: u64,
    /// Steps of the latest execution.
    pub depth: u64,
    /// Options of its decisions that have yet to be taken: the frontier of a walk depth first.
    pub open: u64,
    /// How much of the walk lies behind, from 0 to 1, if every option of a decision leads to as much as
    /// its others: an estimate, and a poor one where states are merged. 0 where none can be made.
    pub behind: f64,
}

/// Where the running exploration is.
pub fn progress() -> Progress {
    Progress {
        executions: EXECUTIONS.load(Ordering::Relaxed),
        states: STATES.load(Ordering::Relaxed),
        depth: DEPTH.load(Ordering::Relaxed),
        open: OPEN.load(Ordering::Relaxed),
        behind: f64::from_bits(BEHIND.load(Ordering::Relaxed)),
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

/// Whether to tell now.
#[inline]
pub(crate) fn is_due(executions: u64) -> bool {
    executions.is_multiple_of(INTERVAL) || executions == 1
}

pub(crate) fn report(Progress { executions, states, depth, open, behind }: Progress) {
    EXECUTIONS.store(executions, Ordering::Relaxed);
    STATES.store(states, Ordering::Relaxed);
    DEPTH.store(depth, Ordering::Relaxed);
    OPEN.store(open, Ordering::Relaxed);
    BEHIND.store(behind.to_bits(), Ordering::Relaxed);
}
