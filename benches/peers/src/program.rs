//! The programs that are compared.

use std::collections::BTreeSet;

/// `n` equal actors that add one to a counter: a read, and a write of one more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// On an event loop, giving way between the read and the write.
    TasksUnlocked,
    /// The same under one asynchronous mutex.
    TasksLocked,
    /// On threads, each access apart.
    ThreadsUnlocked,
    /// The same under one mutex.
    ThreadsLocked,
}

impl Program {
    /// Every program.
    pub const ALL: [Self; 4] =
        [Self::TasksUnlocked, Self::TasksLocked, Self::ThreadsUnlocked, Self::ThreadsLocked];

    /// The name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TasksUnlocked => "tasks/unlocked",
            Self::TasksLocked => "tasks/locked",
            Self::ThreadsUnlocked => "threads/unlocked",
            Self::ThreadsLocked => "threads/locked",
        }
    }

    /// Every value the counter can end with, for so many actors.
    pub fn outcomes(self, actors: usize) -> BTreeSet<i64> {
        let all = actors as i64;
        match self {
            Self::TasksUnlocked | Self::ThreadsUnlocked => (1..=all).collect(),
            Self::TasksLocked | Self::ThreadsLocked => BTreeSet::from([all]),
        }
    }
}
