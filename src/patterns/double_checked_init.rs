//! # double-checked-init
//!
//! A flag says that a value has been written, but only the flag is visible, not the value.
//!
//! ```text
//!   actor 1                     memory                  actor 2
//!   write payload               payload may lag
//!   store flag 1, relaxed       flag 1
//!                                                       load flag -> 1, relaxed
//!                               payload ?               read payload      a data race
//! ```
//!
//! The lock is right and the second check under it is right: the value is written once, in every
//! variant and every world. What is wrong is the fast path, which takes no lock: nothing but the
//! flag orders it.
//!
//! **In review, look for** a `Relaxed` flag that guards other memory, on either side: both the
//! store and the load have to order it.
//!
//! **The fix** is to store the flag with `Release` and load it with `Acquire`, or to leave both to
//! a once-cell. On an event loop the relaxed flag is enough. In the `threads` world it is too, but
//! that world is sequentially consistent, and a real machine is not: compilers reorder even what
//! the processor would not, and in Rust the race is undefined behaviour on any machine.
//!
//! The source below warns of the missing barrier, and the `weak-memory` world shows it. Loom
//! reports that nothing orders the read after the write, and stops there: a racing read has no
//! value.

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use crate::catalogue::{
    AcquireRelease, Cast, Orderings, Pattern, Program, Relaxed, Shared, Variant,
};
use crate::explore::{Outcome, Outcomes, Value, outcomes};
use crate::primitives::{Atomic, Guard, Lock, OnceCell, Plain, Primitives};

/// What the payload holds once it is there.
const PAYLOAD: i64 = 42;

/// The flag once the payload is there.
const DONE: i64 = 1;

/// A value that the first actor to need it writes.
pub struct Lazy<P: Primitives, O> {
    flag: P::Atomic,
    lock: P::Mutex,
    once: P::OnceCell,
    payload: P::Plain,
    initialisations: P::Atomic,
    misreads: P::Atomic,
    orderings: PhantomData<O>,
}

impl<P: Primitives, O: Orderings> Lazy<P, O> {
    /// The value, written by the first actor that gets the lock while the flag is not set.
    pub async fn get(&self) -> i64 {
        if self.flag.load(O::LOAD) != DONE {
            let _guard = self.lock.acquire().await;
            // The actor that set the flag held the lock, which orders this check.
            if self.flag.load(Ordering::Relaxed) != DONE {
                let done = self.initialise().await;
                self.flag.store(done, O::STORE);
            }
        }
        self.payload.read() // <- the bug, with a relaxed flag: nothing orders it after the write
    }

    /// The value, written by the first actor to ask the once-cell. The flag has no part in it.
    pub async fn get_once(&self) -> i64 {
        self.once.get_or_init(self.initialise()).await;
        self.payload.read()
    }

    async fn initialise(&self) -> i64 {
        P::yield_now().await;
        self.payload.write(PAYLOAD);
        self.initialisations.fetch_add(1, Ordering::Relaxed);
        DONE
    }
}

impl<P: Primitives, O: Orderings> Shared for Lazy<P, O> {
    fn new(_actors: usize) -> Self {
        Self {
            flag: P::Atomic::new("flag", 0),
            lock: P::Mutex::new("lock"),
            once: P::OnceCell::new("once"),
            payload: P::Plain::new("payload", 0),
            initialisations: P::Atomic::new("initialisations", 0),
            misreads: P::Atomic::new("misreads", 0),
            orderings: PhantomData,
        }
    }

    /// How often the payload was written, and how many actors read something else.
    fn outcome(&self) -> Value {
        let initialisations = self.initialisations.load(Ordering::Relaxed);
        let misreads = self.misreads.load(Ordering::Relaxed);
        [("initialisations", initialisations), ("misreads", misreads)].into()
    }
}

enum With {
    RelaxedFlag,
    AcquireReleaseFlag,
    OnceCell,
}

impl Program for With {
    fn cast<P: Primitives>(&self, n: usize) -> Cast {
        match self {
            Self::RelaxedFlag => readers(n, Lazy::<P, Relaxed>::get),
            Self::AcquireReleaseFlag => readers(n, Lazy::<P, AcquireRelease>::get),
            Self::OnceCell => readers(n, Lazy::<P, Relaxed>::get_once),
        }
    }
}

/// Actors that each get the value, and count it if it is not the payload.
fn readers<P: Primitives, O: Orderings>(
    actors: usize,
    get: impl AsyncFn(&Lazy<P, O>) -> i64 + Copy + 'static,
) -> Cast {
    Cast::replicas("reader", actors, async move |lazy: &Lazy<P, O>| {
        if get(lazy).await != PAYLOAD {
            lazy.misreads.fetch_add(1, Ordering::Relaxed);
        }
    })
}

fn initialised_once(_actors: usize) -> Outcomes {
    outcomes([[("initialisations", 1), ("misreads", 0)]])
}

/// The actor that writes the payload reads its own write. It takes another, on the fast path, for a
/// race.
fn initialised_once_but_unpublished(actors: usize) -> Outcomes {
    let mut reached = initialised_once(actors);
    if actors > 1 {
        reached.insert(Outcome::DataRace("payload".to_owned()));
    }
    reached
}

/// The catalogue's entry.
pub const PATTERN: Pattern = Pattern {
    name: "double-checked-init",
    summary: "a flag says that a value is there, and the value is not visible yet",
    review: "a `Relaxed` flag that guards other memory",
    sources: &["Python asyncio race condition fix, Namit Jain, 2025"],
    allowed: initialised_once,
    variants: &[
        Variant::safe(
            "relaxed",
            "a relaxed flag on the fast path, a mutex on the slow one",
            &With::RelaxedFlag,
        )
        .on_weak_memory(initialised_once_but_unpublished)
        .with_weak_memory_actors(2),
        Variant::safe(
            "acquire-release",
            "the flag stored with release and loaded with acquire",
            &With::AcquireReleaseFlag,
        )
        .guarded_by(&[Guard::Ordering, Guard::Mutex]),
        Variant::safe("once-cell", "a once-cell instead of flag and mutex", &With::OnceCell)
            .guarded_by(&[Guard::OnceCell])
            .with_weak_memory_actors(2),
    ],
};
