//! The family `P` with one of its guards taken away: what a pattern's mutants are made of.
//!
//! If a proof still holds without a guard, the guard was not needed, or the proof does not check it.

mod permits;
mod synchronisers;
mod words;

use std::cell::Cell;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use self::permits::{WeakRwLock, WeakSemaphore};
use self::synchronisers::{WeakEvent, WeakMutex, WeakOnceCell};
use self::words::WeakAtomic;
use super::{Extended, Primitives};

/// What a primitive does for its users, and can stop doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// A mutex has one holder at a time. Without: it has any number.
    Mutex,
    /// A compare-exchange compares. Without: it only exchanges.
    CompareExchange,
    /// A `fetch_add` is one step. Without: it is a load and a store.
    FetchAdd,
    /// Atomics order the memory around them. Without: every ordering is relaxed.
    Ordering,
    /// A fence orders the memory around it. Without: it does nothing.
    Fence,
    /// An event is waited for. Without: nobody waits.
    Event,
    /// A once-cell computes its value once. Without: everyone computes.
    OnceCell,
    /// A semaphore has so many permits. Without: it has one for everyone.
    Semaphore,
    /// A writer is alone. Without: readers and writers exclude nobody.
    RwLock,
}

impl Guard {
    /// What is different without it, in a few words.
    pub const fn without(self) -> &'static str {
        match self {
            Self::Mutex => "mutexes exclude nobody",
            Self::CompareExchange => "exchanges do not compare",
            Self::FetchAdd => "additions are a load and a store",
            Self::Ordering => "every ordering is relaxed",
            Self::Fence => "fences do nothing",
            Self::Event => "nobody waits for events",
            Self::OnceCell => "once-cells compute every time",
            Self::Semaphore => "semaphores have a permit for everyone",
            Self::RwLock => "readers and writers exclude nobody",
        }
    }
}

thread_local! {
    static TAKEN_AWAY: Cell<Option<Guard>> = const { Cell::new(None) };
}

/// Runs `body` while [`Weakened`] families of this thread lack `guard`.
pub(crate) fn without<R>(guard: Guard, body: impl FnOnce() -> R) -> R {
    let before = TAKEN_AWAY.replace(Some(guard));
    let result = body();
    TAKEN_AWAY.set(before);
    result
}

fn has(guard: Guard) -> bool {
    TAKEN_AWAY.get() != Some(guard)
}

/// The family `P`, of which one guard can be taken away.
pub struct Weakened<P>(PhantomData<P>);

impl<P: Primitives> Primitives for Weakened<P> {
    type Cell = P::Cell;
    type Atomic = WeakAtomic<P::Atomic>;
    type Plain = P::Plain;
    type Mutex = WeakMutex<P::Mutex>;
    type BlockingMutex = WeakMutex<P::BlockingMutex>;
    type Event = WeakEvent<P::Event>;
    type OnceCell = WeakOnceCell<P::OnceCell>;
    type Queue = P::Queue;
    type BoundedQueue = P::BoundedQueue;
    type Oneshot = P::Oneshot;
    type Abort = P::Abort;

    fn yield_now() -> impl Future<Output = ()> {
        P::yield_now()
    }

    fn fence(order: Ordering) {
        if has(Guard::Fence) {
            P::fence(order);
        }
    }
}

impl<P: Extended> Extended for Weakened<P> {
    type Semaphore = WeakSemaphore<P::Semaphore>;
    type RwLock = WeakRwLock<P::RwLock>;
    type Notify = P::Notify;
    type Watch = P::Watch;
    type Broadcast = P::Broadcast;
    type Barrier = P::Barrier;

    fn spawn(
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()> {
        P::spawn(name, future)
    }
}
