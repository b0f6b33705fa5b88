//! The model primitives: small state machines over one seam, written once for every world.
//!
//! A primitive is a state and a queue of waiters inside a [`Monitor`]. Each of its operations is
//! one visit to the monitor, so each is indivisible, and what may happen between two operations
//! is the engine's business.

mod abort;
mod barrier;
mod blocking_mutex;
mod bounded_queue;
mod broadcast;
mod event;
mod flag;
mod mutex;
mod notify;
mod once_cell;
mod oneshot;
mod permits;
mod queue;
mod read_write_lock;
mod receiving;
mod semaphore;
mod spawn;
mod wait;
mod waiters;
mod wakes;
mod watch;

use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::sync::atomic::Ordering;

pub use abort::ModelAbort;
pub use barrier::ModelBarrier;
pub use blocking_mutex::ModelBlockingMutex;
pub use bounded_queue::ModelBoundedQueue;
pub use broadcast::ModelBroadcast;
pub use event::ModelEvent;
pub use mutex::ModelMutex;
pub use notify::ModelNotify;
pub use once_cell::ModelOnceCell;
pub use oneshot::ModelOneshot;
pub use queue::ModelQueue;
pub use read_write_lock::ModelRwLock;
pub use semaphore::ModelSemaphore;
pub use wakes::Wake;
pub(super) use wakes::Wakes;
pub use watch::ModelWatch;

use crate::observe::{Call, Fingerprint, Observed};
use crate::primitives::{Atomic, Cell, Extended, Plain, Primitives, YieldNow};

/// Shared state that is visited by one actor at a time.
pub trait Monitor<S: Fingerprint>: 'static {
    /// A monitor over `state`, called `name` in a witness.
    fn new(name: &'static str, state: S) -> Self;
    /// Runs `visit` on the state, as one indivisible operation, and reports it as `call`.
    ///
    /// `visit` may depend on the state and on what its actor has observed before, and on nothing
    /// else; what it gives back is all that the actor learns.
    fn with<R: Observed>(&self, call: Call, visit: impl FnOnce(&mut S) -> R) -> R;
    /// The same for a visit that ends waits: their actors are woken once the monitor has been left.
    fn with_wakes<R, W>(&self, call: Call, visit: impl FnOnce(&mut S) -> (R, W)) -> R
    where
        R: Observed,
        W: IntoIterator<Item = Wake>;
    /// The same for a visit that ends waits and gives nothing back.
    fn wake<W>(&self, call: Call, visit: impl FnOnce(&mut S) -> W)
    where
        W: IntoIterator<Item = Wake>,
    {
        self.with_wakes(call, |state| ((), visit(state)));
    }
}

/// What a world supplies; [`Modelled`] makes a family of primitives of it.
pub trait Engine: Sized + 'static {
    /// Guarded state.
    type Monitor<S: Fingerprint>: Monitor<S>;
    /// Shared memory without a guard.
    type Cell: Cell;
    /// Shared memory with orderings.
    type Atomic: Atomic;
    /// Shared memory that must be ordered by something else.
    type Plain: Plain;

    /// Orders memory as [`std::sync::atomic::fence`] does.
    fn fence(order: Ordering);

    /// Waits for `future` and blocks the thread meanwhile, at `location`. What wakes the future that
    /// the actor runs in is kept until that is polled again. `None` if the execution ends here although
    /// the actor cannot be stopped: a destructor waits while its actor unwinds.
    fn block_on<F: Future>(location: &'static Location<'static>, future: F) -> Option<F::Output>;

    /// Adds an actor that does `task` to the running execution, and says that it was done at
    /// `location`.
    fn spawn(name: &'static str, location: &'static Location<'static>, task: Task);
}

/// What an actor does.
pub type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The family of model primitives that runs on the engine `E`.
pub struct Modelled<E>(PhantomData<E>);

impl<E: Engine> Primitives for Modelled<E> {
    type Cell = E::Cell;
    type Atomic = E::Atomic;
    type Plain = E::Plain;
    type Mutex = ModelMutex<E>;
    type BlockingMutex = ModelBlockingMutex<E>;
    type Event = ModelEvent<E>;
    type OnceCell = ModelOnceCell<E>;
    type Oneshot = ModelOneshot<E>;
    type Queue = ModelQueue<E>;
    type BoundedQueue = ModelBoundedQueue<E>;
    type Abort = ModelAbort<E>;

    fn yield_now() -> impl Future<Output = ()> {
        YieldNow::default()
    }

    fn fence(order: Ordering) {
        E::fence(order);
    }
}

impl<E: Engine> Extended for Modelled<E> {
    type Semaphore = ModelSemaphore<E>;
    type RwLock = ModelRwLock<E>;
    type Notify = ModelNotify<E>;
    type Watch = ModelWatch<E>;
    type Broadcast = ModelBroadcast<E>;
    type Barrier = ModelBarrier<E>;
    fn spawn(
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()> {
        spawn::spawn::<E>(name, future)
    }
}
