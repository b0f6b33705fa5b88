//! The real types: `tokio::sync`, the futures crate, and the standard library.

pub(super) mod futures;
pub(super) mod standard;
pub(super) mod tokio;
