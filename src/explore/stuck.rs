//! Who is left behind in a deadlock, over all schedules.
//!
//! `Outcome::Deadlock` says only that somebody is: two deadlocks are one outcome, whoever waits in them.
//! A program of which that is expected, because one actor serves forever, can still demand that the others
//! finish.

use std::fmt::Write as _;

use super::findings::path;
use super::{Findings, REPLAY};

impl Findings<'_> {
    /// The names of the actors that some schedule leaves in a deadlock, each with a schedule that does:
    /// all there are, if the exploration is exhaustive. Of interchangeable actors each is as stuck as any
    /// other, and the schedule may show another one.
    ///
    /// An actor that is cut off because another panics, or because an invariant is broken, is not stuck.
    pub fn stuck(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.exploration.left.stuck.iter().map(|(name, path)| (name.as_str(), path.as_slice()))
    }

    /// Demands that the exploration is exhaustive and in no deadlock `actor` is stuck, by its name.
    ///
    /// # Panics
    ///
    /// If it is, with a schedule that leads there, and if no actor bears the name.
    #[track_caller]
    pub fn assert_never_stuck(&self, actor: &str) {
        let world = self.world();
        if let Some(path_there) = self.exploration.left.stuck.get(actor) {
            let mut message = format!("{actor} can wait forever on {world}");
            if let Some(witness) = self.replay(path_there) {
                let _ = write!(message, "\n\n{witness}");
            }
            panic!("{message}\nrun it again with {REPLAY}={}", path(path_there));
        }
        if let Some(reason) = &self.exploration.incomplete {
            panic!("inconclusive on {world}: {reason}");
        }
        let names = &self.exploration.left.actors;
        assert!(names.contains(actor), "no actor is called {actor}; there are {names:?}");
    }
}
