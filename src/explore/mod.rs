//! The explorer: every schedule of a set of actors.
//!
//! A program is run again and again, a step at a time, so that every order of steps is taken. Under
//! [`Reduction::Merging`] a state that was reached before is not entered again, which leaves the set
//! of outcomes as it is. A [`Witness`] is the cheapest schedule to an outcome, run once more with a
//! log. The FIFO schedule is one of the schedules, and can be run alone at any size.
//!
//! | file | holds |
//! |---|---|
//! | `explorer`, `findings` | the entry for a reader's own code, and what it gives back |
//! | `parallel` | the same on several cores |
//! | `check` | the entry where nothing may go wrong |
//! | `stuck` | who is left in a deadlock |
//! | `families` | the primitives that it sees |
//! | `counted` | a reference count that it sees |
//! | `config`, `limits`, `environment`, `progress` | how to explore, where to give up, how far it is |
//! | `outcome`, `value` | how a run ended, and what it computed |
//! | `run/` | one run of a program |
//! | `walk/` | every run of it |

mod check;
mod config;
mod counted;
mod environment;
mod explorer;
mod families;
mod findings;
mod limits;
mod outcome;
mod parallel;
pub(crate) mod progress;
pub(crate) mod run;
mod select;
#[cfg(test)]
mod soundness;
mod stuck;
mod value;
mod walk;

pub use crate::select;
pub use check::{Checked, check};
pub use config::Reduction;
pub(crate) use config::{Config, Interleave};
pub use counted::{Arc, Weak};
pub use environment::{CORES, MAX_BYTES, MAX_EXECUTIONS, MAX_OUTCOMES, MAX_STATES, SEED};
pub use explorer::{Explorer, REPLAY};
pub use families::{Model, Traced};
pub use findings::Findings;
pub use limits::{Incomplete, Limits, POLL_SECONDS};
pub use outcome::{Outcome, Outcomes, outcomes};
pub use parallel::Parallel;
pub use progress::{Progress, progress, stop};
pub use run::actors::Actors;
pub use run::choices::choose;
pub use run::engine::{Explored, ExploredMonitor, Word};
pub use run::joins::JoinError;
pub use run::note::note;
pub use run::returned::Returned;
pub use run::sleep::sleep;
pub use run::spawn::{JoinHandle, spawn, spawn_fallible};
pub use run::timers::{Elapsed, timeout};
pub use value::Value;
pub use walk::exhaustive::Exploration;
pub use walk::witness::Witness;

// A proof of the catalogue drives its program by these; a reader's own code, by the `Explorer`.
#[cfg(any(test, feature = "catalogue"))]
pub(crate) use run::execution::Finish;
#[cfg(feature = "catalogue")]
pub(crate) use run::setup::Setup;
#[cfg(feature = "catalogue")]
pub use walk::fifo::Fifo;
#[cfg(any(test, feature = "catalogue"))]
pub(crate) use walk::fifo::run_fifo;
#[cfg(all(loom, feature = "catalogue"))]
pub(crate) use walk::left::Left;
#[cfg(feature = "catalogue")]
pub(crate) use walk::{
    exhaustive::explore,
    witness::{replay, shortest},
};
