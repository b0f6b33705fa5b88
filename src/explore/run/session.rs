//! What the runs of one exploration have in common.

use std::cell::RefCell;

use super::choices::Choices;
use super::coroutine::Stacks;
use super::wakers::Spare;
use super::watchdog::Watched;

/// What one run leaves to the next of the same exploration. The walk owns it.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) choices: RefCell<Choices>,
    pub(super) stacks: Stacks,
    pub(super) wakers: Spare,
    pub(super) watched: Watched,
}

impl Session {
    /// The next run makes the decisions of `path`.
    pub(crate) fn follow(&self, path: &[u32]) {
        self.choices.replace(Choices::scripted(path));
    }
}
