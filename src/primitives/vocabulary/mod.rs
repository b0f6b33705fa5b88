//! The vocabulary that patterns are written in: a trait for each primitive, in a file of its own, and
//! what a family of types must have to speak it.

mod abort;
mod barrier;
mod bounded_queue;
mod broadcast;
mod cells;
mod event;
mod locks;
mod notify;
mod once_cell;
mod oneshot;
mod queue;
mod read_write_lock;
mod semaphore;
mod watch;

use std::sync::atomic::Ordering;

pub use abort::{Abort, Aborted};
pub use barrier::Barrier;
pub use bounded_queue::{BoundedQueue, Slot};
pub use broadcast::{Broadcast, BroadcastReceiver};
pub use cells::{Atomic, Cell, Plain};
pub use event::Event;
pub use locks::{BlockingLock, Lock};
pub use notify::Notify;
pub use once_cell::OnceCell;
pub use oneshot::Oneshot;
pub use queue::Queue;
pub use read_write_lock::RwLock;
pub use semaphore::{Permit, Semaphore};
pub use watch::{Watch, WatchReceiver};

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

    /// Yields once: every other actor may run before this one goes on.
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
