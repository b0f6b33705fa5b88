//! One execution at a time.

use std::cell::Cell;

thread_local! {
    static RUNNING: Cell<bool> = const { Cell::new(false) };
}

/// The one execution of this thread: the record of what was observed is kept per thread.
pub(super) struct Alone;

impl Alone {
    /// Claims the thread's record.
    ///
    /// # Panics
    ///
    /// If another execution of this thread is under way.
    pub(super) fn claim() -> Self {
        assert!(!RUNNING.replace(true), "an exploration cannot run inside of another");
        Self
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        RUNNING.set(false);
    }
}
