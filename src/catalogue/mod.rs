//! What a pattern's file is written with.

pub(crate) mod policy;
pub(crate) mod scenario;
mod variant;

pub use policy::{AcquireRelease, Locked, NoGuard, NoLock, Orderings, Policy, Relaxed, Unlocked};
pub use scenario::{Role, Scenario, Shared};
pub(crate) use variant::Start;
pub use variant::{DoesNotApply, OnModel, OutcomesOf, Pattern, Reaches, Variant};
