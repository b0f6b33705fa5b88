//! A waker that tells when a future keeps it, for runs that are logged.
#![expect(unsafe_code, reason = "`std::task::Wake` does not tell when a waker is cloned")]

use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Wake, Waker};

use super::wakers::Flag;
use crate::observe;

/// A waker that sets `flag`, and reports each clone that is made of it.
///
/// It points to what the waker of an unlogged run points to, by which the explorer knows it. A clone is
/// another waker to whoever asks with [`Waker::will_wake`], so that a future keeps it anew whenever it
/// is polled, and reports itself again.
pub(super) fn traced(flag: &Arc<Flag>) -> Waker {
    let data = Arc::into_raw(Arc::clone(flag)).cast();
    // SAFETY: `data` is made of an `Arc<Flag>`, one reference of which belongs to the waker, and the
    // functions of both tables keep it so. A flag is `Send` and `Sync`, as a waker has to be.
    unsafe { Waker::from_raw(RawWaker::new(data, &LENT)) }
}

/// Of the waker that is lent to a poll.
static LENT: RawWakerVTable = RawWakerVTable::new(keep, wake, wake_by_ref, release);

/// Of those that are kept.
static KEPT: RawWakerVTable = RawWakerVTable::new(copy, wake, wake_by_ref, release);

// Each of these is called with the `data` of a waker that is alive; `wake` and `release` end it.

unsafe fn keep(data: *const ()) -> RawWaker {
    // SAFETY: as above.
    if let Some(actor) = unsafe { borrowed(data) }.actor() {
        observe::keeps(actor);
    }
    // SAFETY: as above.
    unsafe { copy(data) }
}

unsafe fn copy(data: *const ()) -> RawWaker {
    // SAFETY: as above.
    let flag = unsafe { borrowed(data) };
    RawWaker::new(Arc::into_raw(Arc::clone(&flag)).cast(), &KEPT)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: as above, and the waker's reference goes to `wake`, which drops it.
    ManuallyDrop::into_inner(unsafe { borrowed(data) }).wake();
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: as above.
    unsafe { borrowed(data) }.wake_by_ref();
}

unsafe fn release(data: *const ()) {
    // SAFETY: as above, and the waker's reference is dropped with it.
    drop(ManuallyDrop::into_inner(unsafe { borrowed(data) }));
}

/// The flag of a waker.
///
/// # Safety
///
/// `data` is that of a waker that is alive, and the flag is used no longer than that waker.
unsafe fn borrowed(data: *const ()) -> ManuallyDrop<Arc<Flag>> {
    // SAFETY: `data` was made by `Arc::into_raw` of an `Arc<Flag>`, whose count includes the waker.
    ManuallyDrop::new(unsafe { Arc::from_raw(data.cast()) })
}
