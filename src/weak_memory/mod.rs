//! The weak-memory world: every interleaving of a set of threads, with memory as loom models C11.
//!
//! This world exists in builds with `--cfg loom` only, and this module is where that is decided.
//! Loom explores its own types; the model primitives run on them through the engine here, and the
//! harness drives loom so that its answer is a set of outcomes:
//!
//! - every bound that loom would take from the environment is cleared, because a bounded search
//!   returns as if it had finished;
//! - actors share `Rc`, not `loom::sync::Arc`, the main thread is one of the actors, and nobody
//!   joins: scaffolding multiplies the state space;
//! - an actor waits on a loom mutex and condition variable of its own, and the last one to wait
//!   reports the deadlock, so that loom's own report, a panic that ends the search, never comes.

#[cfg(not(loom))]
mod absent;
#[cfg(loom)]
mod engine;
#[cfg(loom)]
mod execution;
#[cfg(loom)]
mod harness;
#[cfg(loom)]
mod parking;
#[cfg(loom)]
mod walk;

use crate::explore::{Actors, Finish};

#[cfg(not(loom))]
pub(crate) use absent::{Harness, Loom, harness};
#[cfg(loom)]
pub use engine::Loom;
#[cfg(loom)]
pub(crate) use harness::{Harness, harness};

/// Whether this build has the weak-memory world.
pub const IS_AVAILABLE: bool = cfg!(loom);

/// The most actors that loom has threads for: the main thread and four more.
pub const MOST_ACTORS: usize = 5;

/// A program that loom may run on its own threads.
pub(crate) trait Program: Fn(&mut Actors) -> Finish + Clone + Send + Sync + 'static {}

impl<F: Fn(&mut Actors) -> Finish + Clone + Send + Sync + 'static> Program for F {}
