//! Real types, seen: every operation on them is reported, so that a witness can show it.
//!
//! The wrapped type does all the work. A word is known by its value. What the explorer learns of any
//! other object is its history, the sequence of operations made on it and by whom; an object whose
//! operations are deterministic is in the same state after the same history. Two schedules that
//! order every object's operations alike are therefore merged, although the explorer cannot look
//! into the object.

use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Wake, Waker};

use super::{Atomic, Cell, Event, Lock, OnceCell, Plain, Primitives, Queue};
use crate::observe::{
    self, Access, Call, Digest, Fingerprint, ObjectId, Observed, Registration, Seen,
};

/// The family `P`, with every operation reported to the explorer.
pub struct Traced<P>(PhantomData<P>);

impl<P: Primitives> Primitives for Traced<P> {
    type Cell = TracedType<P::Cell>;
    type Atomic = TracedType<P::Atomic>;
    type Plain = TracedType<P::Plain>;
    type Mutex = TracedType<P::Mutex>;
    type Event = TracedType<P::Event>;
    type OnceCell = TracedType<P::OnceCell>;
    type Queue = TracedType<P::Queue>;

    fn yield_now() -> impl Future<Output = ()> {
        P::yield_now()
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

    fn word(name: &'static str, inner: T, value: i64) -> Self {
        let this = Self::new(name, inner);
        this.object.known.0.set(of_word(value));
        this
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
        let known = Rc::new(Known(std::cell::Cell::new(Digest::EMPTY)));
        Self { id: observe::create_object(name, Some(known.clone())), known }
    }

    /// An operation of an object that is known by its history.
    fn report(&self, call: Call, seen: Seen) {
        observe::observe(self.id, call, seen);
        if let Some((actor, observed)) = observe::identify() {
            let mut history = self.known.0.get();
            history.mix(actor as u64);
            history.mix_digest(observed);
            self.known.0.set(history);
        }
    }

    fn with<R: Observed>(&self, call: Call, operation: impl FnOnce() -> R) -> R {
        let result = operation();
        self.report(call, result.seen());
        result
    }

    /// An operation of a word that holds `value` after it.
    fn report_word<R: Observed>(&self, call: Call, result: R, value: i64) -> R {
        observe::observe(self.id, call, result.seen());
        self.known.0.set(of_word(value));
        result
    }
}

fn of_word(value: i64) -> Digest {
    let mut digest = Digest::EMPTY;
    digest.mix(value as u64);
    digest
}

impl Drop for Object {
    fn drop(&mut self) {
        observe::drop_object(self.id);
    }
}

impl<T: Cell> Cell for TracedType<T> {
    fn new(name: &'static str, value: i64) -> Self {
        Self::word(name, T::new(name, value), value)
    }

    fn get(&self) -> i64 {
        let value = self.inner.get();
        self.object.report_word(Call::new("get", Access::Read), value, value)
    }

    fn set(&self, value: i64) {
        self.inner.set(value);
        self.object.report_word(Call::new("set", Access::Write).with(value), (), value);
    }
}

impl<T: Atomic> TracedType<T> {
    /// What the word holds now, whoever asks.
    fn now(&self) -> i64 {
        self.inner.load(Ordering::Relaxed)
    }
}

impl<T: Atomic> Atomic for TracedType<T> {
    fn new(name: &'static str, value: i64) -> Self {
        Self::word(name, T::new(name, value), value)
    }

    fn load(&self, order: Ordering) -> i64 {
        let value = self.inner.load(order);
        self.object.report_word(Call::new("load", Access::Read), value, value)
    }

    fn store(&self, value: i64, order: Ordering) {
        self.inner.store(value, order);
        self.object.report_word(Call::new("store", Access::Write).with(value), (), value);
    }

    fn fetch_add(&self, value: i64, order: Ordering) -> i64 {
        let before = self.inner.fetch_add(value, order);
        let call = Call::new("fetch_add", Access::Update).with(value);
        self.object.report_word(call, before, self.now())
    }

    fn compare_exchange(&self, current: i64, new: i64, order: Ordering) -> Result<i64, i64> {
        let found = self.inner.compare_exchange(current, new, order);
        let call = Call::new("compare_exchange", Access::Update).with(new);
        self.object.report_word(call, found, self.now())
    }
}

impl<T: Plain> Plain for TracedType<T> {
    fn new(name: &'static str, value: i64) -> Self {
        Self::word(name, T::new(name, value), value)
    }

    fn read(&self) -> i64 {
        let value = self.inner.read();
        self.object.report_word(Call::new("read", Access::Read), value, value)
    }

    fn write(&self, value: i64) {
        self.inner.write(value);
        self.object.report_word(Call::new("write", Access::Write).with(value), (), value);
    }
}

impl<T: Lock> Lock for TracedType<T> {
    type Guard<'a> = TracedGuard<'a, T>;

    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn acquire(&self) -> impl Future<Output = TracedGuard<'_, T>> {
        let call = Call::new("acquire", Access::Synchronise);
        let acquired =
            TracedFuture::new(&self.object, call, self.inner.acquire(), |_| Seen::Nothing);
        async move {
            let guard = acquired.await;
            TracedGuard { _guard: guard, object: &self.object, location: call.location }
        }
    }
}

/// The guard of the wrapped lock.
pub struct TracedGuard<'a, T: Lock + 'a> {
    _guard: T::Guard<'a>,
    object: &'a Object,
    location: &'static Location<'static>,
}

impl<T: Lock> Drop for TracedGuard<'_, T> {
    fn drop(&mut self) {
        let location = self.location;
        let operation = "release";
        let access = Access::Synchronise;
        self.object.report(Call { operation, access, argument: None, location }, Seen::Nothing);
    }
}

impl<T: Event> Event for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn set(&self) {
        self.object.with(Call::new("set", Access::Synchronise), || self.inner.set());
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let call = Call::new("wait", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.wait(), |()| Seen::Nothing)
    }
}

impl<T: OnceCell> OnceCell for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn get_or_init(&self, init: impl Future<Output = i64>) -> impl Future<Output = i64> {
        let call = Call::new("get_or_init", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.get_or_init(init), i64::seen)
    }
}

impl<T: Queue> Queue for TracedType<T> {
    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn send(&self, item: i64) {
        let call = Call::new("send", Access::Synchronise).with(item);
        self.object.with(call, || self.inner.send(item));
    }

    fn receive(&self) -> impl Future<Output = i64> {
        let call = Call::new("receive", Access::Synchronise);
        TracedFuture::new(&self.object, call, self.inner.receive(), i64::seen)
    }
}

/// A future of a real type: each poll of it, and dropping it half-way, is an operation.
struct TracedFuture<'a, F: Future> {
    inner: Pin<Box<F>>,
    object: &'a Object,
    call: Call,
    seen: fn(&F::Output) -> Seen,
    waiting: bool,
}

impl<'a, F: Future> TracedFuture<'a, F> {
    fn new(object: &'a Object, call: Call, inner: F, seen: fn(&F::Output) -> Seen) -> Self {
        Self { inner: Box::pin(inner), object, call, seen, waiting: false }
    }
}

impl<F: Future> Future for TracedFuture<'_, F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let waker = Waker::from(Arc::new(TracedWaker {
            registration: observe::register(),
            inner: context.waker().clone(),
        }));
        let poll = self.inner.as_mut().poll(&mut Context::from_waker(&waker));
        self.waiting = poll.is_pending();
        let seen = match &poll {
            Poll::Ready(output) => (self.seen)(output),
            Poll::Pending => Seen::Pending,
        };
        self.object.report(self.call, seen);
        poll
    }
}

impl<F: Future> Drop for TracedFuture<'_, F> {
    fn drop(&mut self) {
        if self.waiting {
            self.object.report(Call { operation: "give up", ..self.call }, Seen::Nothing);
        }
    }
}

/// Reports the wake to the actor that waits, then passes it on.
struct TracedWaker {
    registration: Registration,
    inner: Waker,
}

impl Wake for TracedWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        observe::woken(self.registration);
        self.inner.wake_by_ref();
    }
}
