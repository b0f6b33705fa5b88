//! The proofs: every pattern, every variant, in every world that this build has.
//!
//! Built with `RUSTFLAGS="--cfg loom"` that includes weak memory; built without, the event loop
//! and threads. A proof fails unless the exploration was exhaustive and reached exactly the
//! outcomes that the pattern's file states.

mod lost_update;
mod support;
