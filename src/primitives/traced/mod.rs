//! Real types with every operation on them reported, so that a witness can show it.
//!
//! The wrapped type does all the work. A word is known by its value. What the explorer learns of any
//! other object is its history, the sequence of operations made on it and by whom; an object whose
//! operations are deterministic is in the same state after the same history. Two schedules that
//! order every object's operations alike are therefore merged, although the explorer cannot see
//! inside the object.

mod abort;
mod any_order;
mod bounded_queue;
mod channels;
mod future;
mod guard;
mod permits;
mod synchronisers;
mod words;

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::{Extended, Primitives};
use crate::observe::{self, Call, Digest, Fingerprint, ObjectId, Observed, Seen};

/// The family `P`, with every operation reported to the explorer. It spawns actors as the family `M`
/// does: the explorer is the runtime here.
pub struct Traced<P, M>(PhantomData<(P, M)>);

impl<P: Primitives, M: 'static> Primitives for Traced<P, M> {
    type Cell = TracedType<P::Cell>;
    type Atomic = TracedType<P::Atomic>;
    type Plain = TracedType<P::Plain>;
    type Mutex = TracedType<P::Mutex>;
    type BlockingMutex = TracedType<P::BlockingMutex>;
    type Event = TracedType<P::Event>;
    type OnceCell = TracedType<P::OnceCell>;
    type Oneshot = TracedType<P::Oneshot>;
    type Queue = TracedType<P::Queue>;
    type BoundedQueue = TracedType<P::BoundedQueue>;
    type Abort = TracedType<P::Abort>;

    fn yield_now() -> impl Future<Output = ()> {
        P::yield_now()
    }

    fn fence(order: Ordering) {
        P::fence(order);
    }
}

impl<P: Extended, M: Extended> Extended for Traced<P, M> {
    type Semaphore = TracedType<P::Semaphore>;
    type RwLock = TracedType<P::RwLock>;
    type Notify = TracedType<P::Notify>;
    type Watch = TracedType<P::Watch>;
    type Broadcast = TracedType<P::Broadcast>;
    type Barrier = TracedType<P::Barrier>;
    fn spawn(
        name: &'static str,
        future: impl Future<Output = ()> + 'static,
    ) -> impl Future<Output = ()> {
        M::spawn(name, future)
    }
}

/// One shared object of a real family.
pub struct TracedType<T> {
    inner: T,
    object: Object,
}

impl<T> TracedType<T> {
    fn new(name: &'static str, inner: T) -> Self {
        Self { inner, object: Object::new(name) }
    }
}

struct Object {
    id: ObjectId,
    known: Rc<Known>,
}

/// What is known of an object: a word's value, or who did what to it, in order.
struct Known(std::cell::Cell<Digest>);

impl Fingerprint for Known {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix_digest(self.0.get());
    }
}

impl Object {
    fn new(name: &'static str) -> Self {
        assert!(
            !observe::is_preemptive(),
            "{name} is of a real type, and those are explored on the event loop only: no other \
             thread could come in before it is used"
        );
        let known = Rc::new(Known(std::cell::Cell::new(Digest::EMPTY)));
        Self { id: observe::create_object(name, Some(known.clone())), known }
    }

    /// An operation of an object that is known by its history.
    fn report(&self, call: Call, seen: Seen) {
        observe::observe(self.id, call, seen);
        if let Some(actor) = observe::identify() {
            let mut history = self.known.0.get();
            history.mix_digest(actor);
            self.known.0.set(history);
        }
    }

    fn with<R: Observed>(&self, call: Call, operation: impl FnOnce() -> R) -> R {
        let result = operation();
        self.report(call, result.seen());
        result
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        observe::drop_object(self.id);
    }
}
