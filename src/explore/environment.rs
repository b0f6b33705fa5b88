//! What the environment asks of every exploration of a reader's own code: a machine that runs tests at
//! night has more time than a laptop.

use std::env;
use std::num::{NonZeroU64, NonZeroUsize};
use std::str::FromStr;

use super::Limits;

/// The environment variable that sets [`Limits::executions`], whatever the program says.
pub const MAX_EXECUTIONS: &str = "SELVEDGE_MAX_EXECUTIONS";

/// The environment variable that sets [`Limits::states`], whatever the program says.
pub const MAX_STATES: &str = "SELVEDGE_MAX_STATES";

/// The environment variable that sets [`Limits::outcomes`], whatever the program says.
pub const MAX_OUTCOMES: &str = "SELVEDGE_MAX_OUTCOMES";

/// The environment variable that sets [`Limits::bytes`], whatever the program says.
pub const MAX_BYTES: &str = "SELVEDGE_MAX_BYTES";

/// The environment variable that says which schedules are drawn at random where some are: a number, 0
/// unless set. The same number draws the same schedules.
pub const SEED: &str = "SELVEDGE_SEED";

/// The environment variable that says on how many cores an exploration walks that is
/// [parallel](super::Parallel), whatever the program says.
pub const CORES: &str = "SELVEDGE_CORES";

impl Limits {
    /// These limits, but for those that the environment sets.
    ///
    /// # Panics
    ///
    /// If it sets one to something else than a number, or to 0.
    #[track_caller]
    pub(super) fn or_environment(self) -> Self {
        Self {
            executions: limit(MAX_EXECUTIONS).unwrap_or(self.executions),
            states: limit(MAX_STATES).unwrap_or(self.states),
            outcomes: limit(MAX_OUTCOMES).unwrap_or(self.outcomes),
            bytes: limit(MAX_BYTES).unwrap_or(self.bytes),
            ..self
        }
    }
}

/// Which schedules to draw.
///
/// # Panics
///
/// If the environment says something else than a number.
#[track_caller]
pub(super) fn seed() -> u64 {
    read(SEED, 0).unwrap_or(0)
}

/// On how many cores to walk.
///
/// # Panics
///
/// If the environment says something else than a number, or 0.
#[track_caller]
pub(super) fn cores() -> Option<NonZeroUsize> {
    read(CORES, 1)
}

#[track_caller]
fn limit(name: &str) -> Option<NonZeroU64> {
    read(name, 1)
}

#[track_caller]
fn read<N: FromStr>(name: &str, least: u64) -> Option<N> {
    let text = env::var_os(name)?.to_string_lossy().into_owned();
    let Ok(number) = text.parse() else {
        let most = u64::MAX;
        panic!(
            "{name} is {text:?}: set it to a whole number from {least} to {most}, or not at all"
        );
    };
    Some(number)
}
