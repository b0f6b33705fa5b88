//! Operations of real types that wake in an order of their own, as `tokio::sync::watch` does by chance.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::primitives::Wake;
use crate::primitives::modelled::Wakes;

thread_local! {
    /// Whom the operation that is under way wakes.
    static KEPT: RefCell<Option<Vec<Wake>>> = const { RefCell::new(None) };
}

/// Wakes now, or at the end of the operation that is under way.
pub(super) fn wake(wake: Wake) {
    let now = KEPT.with_borrow_mut(|kept| match kept {
        Some(kept) => {
            kept.push(wake);
            None
        }
        None => Some(wake),
    });
    now.into_iter().for_each(Wake::wake);
}

/// Makes an operation; whom it wakes is woken at its end, in an order that the explorer decides.
pub(super) fn waking_in_any_order<R>(operation: impl FnOnce() -> R) -> R {
    KEPT.set(Some(Vec::new()));
    let result = catch_unwind(AssertUnwindSafe(operation));
    let mut kept = KEPT.take().unwrap_or_default();
    // The order in which they came here may be another next time.
    kept.sort_unstable_by_key(|wake| (wake.registration().actor, wake.registration().number));
    kept.into_iter().collect::<Wakes>().in_any_order().into_iter().for_each(Wake::wake);
    result.unwrap_or_else(|panic| resume_unwind(panic))
}
