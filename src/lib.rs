#![doc = include_str!("../README.md")]

pub mod catalogue;
pub mod claims;
pub mod explore;
pub mod observe;
pub mod patterns;
pub mod primitives;
pub mod prove;
pub mod timeline;
pub mod weak_memory;
mod world;

pub use world::{Family, World};

/// The pattern in the contribution guide compiles, and its proof holds.
#[cfg(doctest)]
#[doc = include_str!("../CONTRIBUTING.md")]
mod contributing {}
