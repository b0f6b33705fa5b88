//! The real types: `tokio::sync`, the futures crate, and the standard library.

#[cfg(feature = "futures")]
mod futures;
mod standard;
#[cfg(feature = "tokio")]
mod tokio;
#[cfg(any(feature = "tokio", feature = "futures"))]
mod word;

#[cfg(feature = "futures")]
pub use futures::Futures;
pub use standard::StdMutex;
#[cfg(feature = "tokio")]
pub use tokio::Tokio;
