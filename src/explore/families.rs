//! The families of primitives that the explorer sees.

use super::Explored;
use crate::primitives::{self, Modelled};

/// The model primitives: the explorer sees every operation and the state of every object, and merges
/// on them. For an event loop and for threads.
pub type Model = Modelled<Explored>;

/// The real family `P` with every operation reported to the explorer, which is also its runtime. For
/// an event loop.
pub type Traced<P> = primitives::Traced<P, Model>;
