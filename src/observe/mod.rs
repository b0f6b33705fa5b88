//! What an exploration sees of the primitives.
//!
//! Every primitive reports each operation here: who did it, on which object, what came back. The
//! log keeps the report for a witness; the digest folds it into what the actor has learned, which
//! is what decides whether two prefixes of a schedule lead to the same future.
//!
//! The report goes through a thread-local, because a pattern's text must not carry a handle to the
//! explorer, and because every world here drives its actors from one operating-system thread.

mod digest;
mod event;
mod observer;
pub(crate) mod sabotage;
mod seen;
mod view;

pub use digest::Digest;
pub use event::{Access, Call, Event};
pub(crate) use observer::{
    at_step, begin, cancelled, chose, create_object, current, drop_object, enter, identify,
    is_private, learn, leave, note, note_unseen, observe, polled_spuriously, populate, register,
    spawn, symmetric, take_log, view, woken,
};
pub use observer::{is_logging, record, record_spawn};
pub use seen::{Observed, Seen};
pub use view::{ActorId, Fingerprint, ObjectId, Registration, Waiting};
pub(crate) use view::{ActorView, View};
