//! What an exploration sees of the primitives.
//!
//! Every primitive reports each operation here: who did it, on which object, what came back. The
//! log keeps the report for a witness; the digest folds it into what the actor has learned, which
//! is what decides whether two prefixes of a schedule lead to the same future.
//!
//! | file | holds |
//! |---|---|
//! | `current` | what runs on this thread, for primitives to report to |
//! | `record`, `view` | what the actors of one execution have observed |
//! | `log`, `event`, `seen` | what they did |
//! | `hooks` | where an actor may be stopped in the middle of a poll, and in which order it wakes |
//! | `traces` | where an actor kept or called a waker |
//! | `place` | where the last access was made |
//! | `digest` | the hash of what was observed |
//! | `sabotage` | mistakes, for tests |

mod current;
mod digest;
mod event;
mod hooks;
mod log;
mod place;
mod record;
pub(crate) mod sabotage;
mod seen;
mod traces;
mod view;

pub(crate) use current::{
    Entered, called, create_object, drop_object, end_wait, enter, identify, is_of_a_part,
    keep_unseen, keeps, learn, note_aside, note_returned, observe, only_waits, refuse_nested,
    register, resume, wake,
};
pub use current::{is_logging, record, record_spawn};
pub use digest::Digest;
pub use event::{Access, Aside, Call, Event, Place};
pub(crate) use hooks::{
    Preemption, WakeOrder, after_access, before_access, before_own_wake, before_wake_of_a_part,
    before_wakes_are_checked, is_preemptive, registers, woken_next,
};
pub(crate) use place::{LastPlace, Places};
pub(crate) use record::{MOST_ACCESSES, Record, Unwound};
pub use seen::{Internal, Observed, Seen};
pub(crate) use traces::poll_with_traces;
pub(crate) use view::ActorView;
pub use view::{ActorId, Fingerprint, ObjectId, Registration, Waiting};
