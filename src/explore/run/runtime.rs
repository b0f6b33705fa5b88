//! What needs a runtime of tokio. During an exploration the explorer is the runtime.

use super::actors::Name;
use super::panics::Panic;
use crate::explore::Incomplete;

/// How tokio begins to say that there is no runtime.
const COMPLAINTS: [&str; 2] = ["there is no reactor running", "`spawn_local` called from outside"];

/// Whether an actor panicked because it called for tokio's runtime.
pub(super) fn missing(panic: &Panic, actor: Name) -> Option<Incomplete> {
    (is_complaint(&panic.message) && !panic.is_error).then(|| Incomplete::Runtime {
        actor: actor.to_string(),
        location: panic.location.as_ref().map(ToString::to_string),
    })
}

/// Whether tokio panics so because there is no runtime.
pub(super) fn is_complaint(message: &str) -> bool {
    COMPLAINTS.iter().any(|complaint| message.starts_with(complaint))
}

/// Refuses to explore inside a runtime of tokio. Its types defer wakes to the runtime and make their
/// tasks wait once they have spent their budget, both of which no actor gets to see.
///
/// # Panics
///
/// If it is called there.
#[cfg(feature = "tokio")]
#[track_caller]
pub(crate) fn refuse_inside() {
    assert!(
        tokio::runtime::Handle::try_current().is_err(),
        "an exploration cannot run inside a tokio runtime, which would take its actors' wakes: call \
         it from a plain #[test] instead of #[tokio::test]"
    );
}

/// Without tokio there is no runtime of it.
#[cfg(not(feature = "tokio"))]
pub(crate) fn refuse_inside() {}
