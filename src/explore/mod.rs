//! The explorer: every schedule of a set of actors.
//!
//! An [`Execution`](execution) runs a program once, a step at a time. A [`Search`](search) runs it
//! again and again, so that every order of steps is taken; under [`Reduction::Merging`] a state
//! that was reached before is not entered again, which leaves the set of outcomes as it is. A
//! [`Witness`] is the cheapest schedule to an outcome, run once more with a log. The
//! [FIFO schedule](fifo) is one of the schedules, alone, at any size.

mod actors;
mod choices;
mod engine;
mod execution;
mod exhaustive;
mod explorer;
mod fifo;
mod key;
mod limits;
mod moves;
mod outcome;
pub(crate) mod progress;
mod search;
pub(crate) mod step;
mod thread;
mod timers;
mod witness;
mod woken;

pub use actors::{Actors, Task};
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
pub use timers::{Elapsed, timeout};
pub use witness::Witness;
pub(crate) use witness::{replay, shortest};
