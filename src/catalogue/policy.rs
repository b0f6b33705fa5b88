//! Guards as type arguments: a race and its fix differ by one of these.

use std::sync::atomic::Ordering;

use crate::primitives::{Lock, Primitives};

/// How a pattern guards its critical section.
pub trait Policy: 'static {
    /// The lock, in the family `P`.
    type Lock<P: Primitives>: Lock;
}

/// No guard: [`NoLock`].
pub struct Unlocked;

/// The family's own asynchronous mutex.
pub struct Locked;

impl Policy for Unlocked {
    type Lock<P: Primitives> = NoLock;
}

impl Policy for Locked {
    type Lock<P: Primitives> = P::Mutex;
}

/// A lock that everyone holds at once. `acquire` is ready at its first poll.
pub struct NoLock;

/// The guard of [`NoLock`].
pub struct NoGuard;

impl Lock for NoLock {
    type Guard<'a> = NoGuard;

    fn new(_name: &'static str) -> Self {
        Self
    }

    fn acquire(&self) -> impl Future<Output = NoGuard> {
        std::future::ready(NoGuard)
    }
}

/// Which orderings publish and read a flag.
pub trait Orderings: 'static {
    /// Of the store that publishes.
    const STORE: Ordering;
    /// Of the load that reads.
    const LOAD: Ordering;
}

/// Nothing but the word itself is ordered.
pub struct Relaxed;

/// What happened before the store happens before whatever follows a load that reads it.
pub struct AcquireRelease;

impl Orderings for Relaxed {
    const STORE: Ordering = Ordering::Relaxed;
    const LOAD: Ordering = Ordering::Relaxed;
}

impl Orderings for AcquireRelease {
    const STORE: Ordering = Ordering::Release;
    const LOAD: Ordering = Ordering::Acquire;
}
