//! The vocabulary that patterns are written in, and the families of types that speak it.
//!
//! | family | is | used for |
//! |---|---|---|
//! | [`Modelled`] | state machines over a [`Monitor`] | proofs: as `Model`, and as `Loom` in weak memory |
//! | [`Tokio`] | `tokio::sync` and relaxed atomics | production, benchmarks, proofs on the real types |
//! | [`Futures`] | `futures::lock`, `futures::channel` | the same, without what [`Extended`] adds |
//!
//! [`Primitives`] lists what every family has, [`Extended`] what all but `Futures` have. Each
//! primitive is a trait with a file of its own in `vocabulary/`; `modelled/`, `real/`, `traced/` and
//! `weakened/` implement it. [`StdMutex`] is a lock of no family.
//!
//! [`Traced`] wraps a real family so that its operations show in a witness; [`Weakened`] wraps a
//! family so that a guard can be taken away from it.
//!
//! [`Tokio`] is there with the feature `tokio`, [`Futures`] with `futures`, and [`Weakened`] with
//! `catalogue`, all of them unless default features are switched off.

pub(crate) mod modelled;
mod real;
mod traced;
mod vocabulary;
#[cfg(feature = "catalogue")]
pub(crate) mod weakened;
mod work_queue;
mod yield_now;

pub use modelled::{Engine, Modelled, Monitor, Task, Wake};
pub use real::*;
pub use traced::Traced;
pub use vocabulary::*;
#[cfg(feature = "catalogue")]
pub use weakened::{Guard, Weakened};
pub use work_queue::WorkQueue;
pub(crate) use yield_now::YieldNow;
