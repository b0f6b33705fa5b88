// The README's links lead to its pages where it is read beside them, and to modules here: of two
// definitions of a link, the first one counts.
//! [matrix]: patterns#the-matrix
//! [review]: patterns#in-review-look-for
//! [claims]: claims#what-the-sources-say
//! [glossary]: #glossary
//! [measurements]: #measurements
#![doc = include_str!("../README.md")]
//!
//! # The modules
//!
//! | to | use |
//! |---|---|
//! | prove your own code | [`explore`]: an [`Explorer`](explore::Explorer), its [`Actors`](explore::Actors), its [`Findings`](explore::Findings) |
//! | share something that the explorer sees | [`primitives`]: the [`Model`](explore::Model) family, or tokio's types [`Traced`](explore::Traced) |
//! | read a witness | [`timeline`] |
//! | browse the catalogue | [`patterns`]: one module per race, each with its diagram |
//! | write a pattern | [`catalogue`]: [`Pattern`](catalogue::Pattern), [`Variant`](catalogue::Variant), [`Program`](catalogue::Program) |
//! | prove a variant, or its mutants | [`prove`]: a [`Case`](prove::Case) and its [`Verdict`](prove::Verdict) |
//! | know who claims what | [`claims`] |
//! | explore memory orderings | [`weak_memory`], in a build with `--cfg loom` |
//! | make a primitive of your own | [`observe`]: how an operation is reported |
//!
#![doc = include_str!("../docs/glossary.md")]
//!
#![doc = include_str!("../docs/measurements.md")]

#[cfg(feature = "catalogue")]
pub mod catalogue;
#[cfg(feature = "catalogue")]
pub mod claims;
pub mod explore;
pub mod observe;
#[cfg(feature = "catalogue")]
pub mod patterns;
pub mod primitives;
#[cfg(feature = "catalogue")]
pub mod prove;
pub mod timeline;
#[cfg(feature = "catalogue")]
pub mod weak_memory;
mod world;

pub use world::{Family, World};

/// The pattern in the contribution guide compiles, and its proof holds.
#[cfg(doctest)]
#[doc = include_str!("../CONTRIBUTING.md")]
mod contributing {}
