//! What an actor says of itself, for a witness.

use std::fmt;
use std::panic::Location;

use crate::observe::{self, Aside};

/// Adds a row with this text to a witness, for the actor that runs. While schedules are explored it does
/// nothing at all, and `text` is not even formatted: what an actor notes cannot change what is found.
///
/// ```
/// use selvedge::explore::{Actors, Explorer, note};
///
/// let findings = Explorer::opaque().explore(|actors: &mut Actors| {
///     actors.spawn("task", async { note(format_args!("the cache has {} entries", 3)) });
///     || 0
/// });
/// let witness = findings.witness(|_| true).expect("it ends");
/// assert!(witness.to_string().contains("notes: the cache has 3 entries"));
/// ```
#[track_caller]
pub fn note(text: impl fmt::Display) {
    observe::note_aside(|| Aside::Notes(text.to_string().into()), Location::caller());
}
