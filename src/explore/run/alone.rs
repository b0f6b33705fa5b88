//! One execution at a time.

use std::cell::Cell;

use crate::explore::Interleave;

thread_local! {
    static RUNNING: Cell<Option<Interleave>> = const { Cell::new(None) };
}

/// The one execution of this thread: the record of what was observed is kept per thread.
pub(crate) struct Alone;

impl Alone {
    /// Claims the thread's record.
    ///
    /// # Panics
    ///
    /// If another execution of this thread is under way.
    pub(crate) fn claim(interleave: Interleave) -> Self {
        let other = RUNNING.get();
        assert!(other.is_none(), "an exploration cannot run inside of another");
        RUNNING.set(Some(interleave));
        Self
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        RUNNING.set(None);
    }
}

/// Refuses an object of a real type where the explorer cannot stop before each access to it.
///
/// # Panics
///
/// If the execution that is under way is one of threads.
pub(crate) fn refuse_threads(name: &str) {
    assert!(
        RUNNING.get() != Some(Interleave::AtAccesses),
        "{name} is of a real type, and those are explored on the event loop only: no other thread \
         could come in before it is used"
    );
}
