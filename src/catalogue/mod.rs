//! What a pattern's file is written with.
//!
//! | type | is |
//! |---|---|
//! | [`Pattern`] | what goes wrong, and the variants that guard against it or do not |
//! | [`Variant`] | one guard, and the exact outcomes that it leaves |
//! | [`Program`] | what the variants run, on any family of primitives |
//! | [`Cast`] | the shared state of one run and who runs on it: a list of [`Role`]s |
//! | [`Policy`] | a guard as a type argument |
//! | [`Entry`] | one variant of one pattern |

mod cast;
mod entry;
mod pattern;
mod policy;
mod program;
mod variant;

pub use cast::{Cast, Role, Shared};
pub use entry::Entry;
pub use pattern::Pattern;
pub use policy::{AcquireRelease, Locked, NoGuard, NoLock, Orderings, Policy, Relaxed, Unlocked};
pub use program::{ExtendedProgram, OnFamilies, Program, WithoutFutures};
pub use variant::{DoesNotApply, OutcomesOf, Variant};
