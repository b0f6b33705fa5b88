//! The explorer: every schedule of a set of actors.
//!
//! A program is run again and again, a step at a time, so that every order of steps is taken. Under
//! [`Reduction::Merging`] a state that was reached before is not entered again, which leaves the set
//! of outcomes as it is. A [`Witness`] is the cheapest schedule to an outcome, run once more with a
//! log. The FIFO schedule is one of the schedules, and can be run alone at any size.
//!
//! | file | holds |
//! |---|---|
//! | `explorer`, `spawn` | the entry for a reader's own code |
//! | `actors`, `nursery`, `thread`, `woken`, `timers` | what one execution is made of |
//! | `execution` | one execution, a step at a time |
//! | `step`, `alone`, `watchdog` | what surrounds a step: panics, one execution at a time, a blocked thread |
//! | `moves`, `choices`, `search` | the walk through all of them |
//! | `key`, `exhaustive`, `outcome` | equal states, and the set of outcomes |
//! | `limits`, `progress` | where an exploration gives up, and how far it is |
//! | `witness`, `fifo` | single schedules |
//! | `engine` | the model primitives under the explorer |

pub(crate) mod actors;
mod alone;
mod choices;
mod engine;
mod execution;
mod exhaustive;
mod explorer;
mod fifo;
mod key;
mod limits;
mod moves;
mod nursery;
mod outcome;
pub(crate) mod progress;
mod search;
#[cfg(test)]
mod soundness;
mod spawn;
pub(crate) mod step;
mod thread;
mod timers;
mod watchdog;
mod witness;
mod woken;

pub use actors::{Actors, Task};
pub(crate) use alone::refuse_threads;
pub use choices::choose;
pub use engine::{Explored, ExploredMonitor, Word};
pub(crate) use execution::Finish;
pub use exhaustive::Exploration;
pub(crate) use exhaustive::explore;
pub use explorer::{Explorer, Findings, REPLAY};
pub use fifo::Fifo;
pub(crate) use fifo::run_fifo;
pub use limits::{Incomplete, Limits};
pub use outcome::{Outcome, Outcomes, Value, outcomes};
pub use progress::{Progress, progress, stop};
pub use search::{Config, Interleave, Reduction};
pub use spawn::{JoinHandle, spawn};
pub(crate) use thread::{before_lists, before_own_wake, waits_by};
pub use timers::{Elapsed, timeout};
pub use witness::Witness;
pub(crate) use witness::{replay, shortest};
