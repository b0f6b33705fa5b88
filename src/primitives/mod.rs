//! The vocabulary that patterns are written in, and the families of types that speak it.
//!
//! | family | is | used for |
//! |---|---|---|
//! | [`Model`] | state machines over an explored [`Monitor`] | proofs on an event loop and on threads |
//! | [`Tokio`] | `tokio::sync` and relaxed atomics | production, benchmarks, proofs on the real types |
//! | [`Futures`] | `futures::lock`, `futures::channel` | the same, without what [`Extended`] adds |
//! | `Loom` | the same state machines over `loom::sync::Mutex` | proofs in weak memory |
//!
//! [`Primitives`] lists what every family has, [`Extended`] what all but `Futures` have. Each
//! primitive is a trait with a file of its own here; `modelled`, `tokio`, `futures`, `traced` and
//! `weakened` implement it. [`StdMutex`] and [`NoLock`] are locks of no family.
//!
//! [`Traced`] wraps a real family so that its operations show in a witness; [`Weakened`] wraps a
//! family so that a guard can be taken away from it.

mod abort;
mod barrier;
mod bounded_queue;
mod broadcast;
mod cells;
mod locks;
pub(crate) mod modelled;
mod notify;
mod read_write_lock;
mod real;
mod semaphore;
mod synchronisers;
mod traced;
mod watch;
pub(crate) mod weakened;
mod work_queue;
mod yield_now;

use std::sync::atomic::Ordering;

pub use abort::{Abort, Aborted};
pub use barrier::Barrier;
pub use bounded_queue::{BoundedQueue, Slot};
pub use broadcast::{Broadcast, BroadcastReceiver};
pub use cells::{Atomic, Cell, Plain};
pub use locks::{BlockingLock, Lock};
pub use modelled::{Engine, Modelled, Monitor, Wake};
pub use notify::Notify;
pub use read_write_lock::RwLock;
pub use real::futures::Futures;
pub use real::standard::StdMutex;
pub use real::tokio::Tokio;
pub use semaphore::{Permit, Semaphore};
pub use synchronisers::{Event, OnceCell, Oneshot, Queue};
pub use traced::Traced;
pub use watch::{Watch, WatchReceiver};
pub use weakened::{Guard, Weakened};
pub use work_queue::WorkQueue;
pub(crate) use yield_now::YieldNow;

/// The family whose every operation the explorer sees and can merge on.
pub type Model = Modelled<crate::explore::Explored>;

/// A family of types that patterns are built on.
///
/// A type is here because a pattern uses it.
pub trait Primitives: Sized + 'static {
    /// Shared memory without a guard.
    type Cell: Cell;
    /// Shared memory with read-modify-write operations and a stated ordering.
    type Atomic: Atomic;
    /// Shared memory whose accesses something else must order.
    type Plain: Plain;
    /// Mutual exclusion that suspends the actor, not the thread.
    type Mutex: Lock;
    /// Mutual exclusion that blocks the thread.
    type BlockingMutex: BlockingLock;
    /// A flag that actors wait for.
    type Event: Event;
    /// A value computed at most once.
    type OnceCell: OnceCell;
    /// A channel for one word.
    type Oneshot: Oneshot;
    /// An unbounded queue of words.
    type Queue: Queue;
    /// A queue of words that makes its senders wait.
    type BoundedQueue: BoundedQueue;
    /// A way to cancel a future.
    type Abort: Abort;

    /// Gives way once: every other actor may run before this one goes on.
    fn yield_now() -> impl Future<Output = ()>;

    /// Orders memory around it as [`std::sync::atomic::fence`] does, and panics as that does.
    fn fence(order: Ordering);
}

/// What tokio has beyond the futures crate.
pub trait Extended: Primitives {
    /// A number of permits.
    type Semaphore: Semaphore;
    /// A lock that readers share.
    type RwLock: RwLock;
    /// A way to wake whoever waits.
    type Notify: Notify;
    /// A value that can be waited on.
    type Watch: Watch;
    /// A channel whose every receiver gets every item.
    type Broadcast: Broadcast;
    /// Where a number of actors wait for each other.
    type Barrier: Barrier;
    /// Starts an actor of its own, called `name` in a witness, that does `future`. It runs whether
    /// or not anybody waits for it: the result is ready once it has ended, and dropping that, which
    /// is cancel safe, lets it go on.
    ///
    /// # Panics
    ///
    /// Where there is nothing to run it: outside of an exploration, or of a
    /// [`LocalSet`](::tokio::task::LocalSet). If the actor panics, whoever waits for it does.
    #[track_caller]
    fn spawn(
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()>;
}
