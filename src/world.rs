//! Where actors run.

use std::fmt;

/// A world, from the strictest to the most permissive: each allows every schedule that the one
/// before allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum World {
    /// One thread; actors interleave only where a poll returns. Asyncio, tokio's `current_thread`.
    EventLoop,
    /// A thread for each actor, interleaving at every shared access, sequentially consistent.
    Threads,
    /// Threads, with memory as loom models C11.
    WeakMemory,
}

impl World {
    /// Every world.
    pub const ALL: [Self; 3] = [Self::EventLoop, Self::Threads, Self::WeakMemory];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EventLoop => "event-loop",
            Self::Threads => "threads",
            Self::WeakMemory => "weak-memory",
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A family of primitives, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// The model primitives under the explorer.
    Model,
    /// `tokio::sync`.
    Tokio,
    /// `futures::lock` and `futures::channel`.
    Futures,
    /// The model primitives under loom.
    Loom,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Model, Self::Tokio, Self::Futures, Self::Loom];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Tokio => "tokio",
            Self::Futures => "futures",
            Self::Loom => "loom",
        }
    }

    /// Whether it is one of models, and not of real types.
    pub const fn is_modelled(self) -> bool {
        matches!(self, Self::Model | Self::Loom)
    }

    /// Whether proofs on this family exist in `world`.
    pub const fn runs_in(self, world: World) -> bool {
        match world {
            World::EventLoop => !matches!(self, Self::Loom),
            World::Threads => matches!(self, Self::Model),
            World::WeakMemory => matches!(self, Self::Loom),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
