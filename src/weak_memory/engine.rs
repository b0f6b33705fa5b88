//! The engine of the model family under loom.

use std::cell::Cell as StdCell;
use std::panic::{self, Location};
use std::sync::atomic::Ordering;

use loom::cell::UnsafeCell;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicI64, fence};

use super::execution;
use crate::explore::run::panics::catching;
use crate::observe::{self, Access, Call, Fingerprint, ObjectId, Observed};
use crate::primitives::{Atomic, Cell, Engine, Modelled, Monitor, Plain, Task, Wake};

/// The family of model primitives that loom explores.
pub type Loom = Modelled<LoomEngine>;

/// The engine of the weak-memory world.
pub struct LoomEngine;

impl Engine for LoomEngine {
    type Monitor<S: Fingerprint> = LoomMonitor<S>;
    type Cell = LoomCell;
    type Atomic = LoomAtomic;
    type Plain = LoomPlain;

    fn fence(order: Ordering) {
        execution::before_operation();
        fence(order);
    }

    fn block_on<F: Future>(_location: &'static Location<'static>, future: F) -> Option<F::Output> {
        Some(execution::block_on(future))
    }

    fn spawn(name: &'static str, location: &'static Location<'static>, task: Task) {
        execution::spawn(name, location, task);
    }
}

/// State behind a loom mutex, which loom explores completely.
pub struct LoomMonitor<S> {
    id: ObjectId,
    state: Mutex<S>,
}

impl<S: Fingerprint> Monitor<S> for LoomMonitor<S> {
    fn new(name: &'static str, state: S) -> Self {
        Self { id: observe::create_object(name, None), state: Mutex::new(state) }
    }

    fn with<R: Observed>(&self, call: Call, visit: impl FnOnce(&mut S) -> R) -> R {
        execution::before_operation();
        let mut state = self.state.lock().expect("a visit does not panic");
        let result = visit(&mut state);
        execution::record(self.id, call, result.seen());
        result
    }

    fn with_wakes<R, W>(&self, call: Call, visit: impl FnOnce(&mut S) -> (R, W)) -> R
    where
        R: Observed,
        W: IntoIterator<Item = Wake>,
    {
        let mut wakes = None;
        let result = self.with(call, |state| {
            let (result, woken) = visit(state);
            wakes = Some(woken);
            result
        });
        wakes.into_iter().flatten().for_each(Wake::wake);
        result
    }
}

/// A word of unguarded memory. Loom misses interleavings of plain loads and stores, and none of
/// read-modify-writes, so a read adds nothing and a write swaps; both are relaxed, so that they
/// order nothing else.
pub struct LoomCell {
    id: ObjectId,
    word: AtomicI64,
}

impl Cell for LoomCell {
    fn new(name: &'static str, value: i64) -> Self {
        Self { id: observe::create_object(name, None), word: AtomicI64::new(value) }
    }

    fn get(&self) -> i64 {
        execution::before_operation();
        let value = self.word.fetch_add(0, Ordering::Relaxed);
        record(self.id, Call::new("get", Access::Read), value)
    }

    fn set(&self, value: i64) {
        execution::before_operation();
        self.word.swap(value, Ordering::Relaxed);
        record(self.id, Call::new("set", Access::Write).with(value), ());
    }
}

/// A word with real loads and stores: what it reads depends on the ordering.
pub struct LoomAtomic {
    id: ObjectId,
    word: AtomicI64,
}

impl Atomic for LoomAtomic {
    fn new(name: &'static str, value: i64) -> Self {
        Self { id: observe::create_object(name, None), word: AtomicI64::new(value) }
    }

    fn load(&self, order: Ordering) -> i64 {
        execution::before_operation();
        let value = self.word.load(order);
        record(self.id, Call::new("load", Access::Read), value)
    }

    fn store(&self, value: i64, order: Ordering) {
        execution::before_operation();
        self.word.store(value, order);
        record(self.id, Call::new("store", Access::Write).with(value), ());
    }

    fn fetch_add(&self, value: i64, order: Ordering) -> i64 {
        execution::before_operation();
        let before = self.word.fetch_add(value, order);
        record(self.id, Call::new("fetch_add", Access::Update).with(value), before)
    }

    fn compare_exchange(&self, current: i64, new: i64, order: Ordering) -> Result<i64, i64> {
        execution::before_operation();
        let found = self.word.compare_exchange(current, new, order, Ordering::Relaxed);
        record(self.id, Call::new("compare_exchange", Access::Update).with(new), found)
    }
}

/// A word whose unordered accesses are data races. Loom's cell watches for them; the word itself
/// lies beside it, in an ordinary cell that needs no unsafe code.
pub struct LoomPlain {
    id: ObjectId,
    name: &'static str,
    watch: UnsafeCell<()>,
    word: StdCell<i64>,
}

impl LoomPlain {
    /// Runs one access under loom's watch; a data race ends the execution.
    fn watched(&self, call: Call, access: impl FnOnce()) {
        if catching(access).is_err() {
            record(self.id, call, ());
            execution::judge_data_race(self.name);
            panic::resume_unwind(Box::new(execution::Judged));
        }
    }
}

impl Plain for LoomPlain {
    fn new(name: &'static str, value: i64) -> Self {
        let id = observe::create_object(name, None);
        Self { id, name, watch: UnsafeCell::new(()), word: StdCell::new(value) }
    }

    fn read(&self) -> i64 {
        let call = Call::new("read", Access::Read);
        self.watched(call, || self.watch.with(|_| ()));
        record(self.id, call, self.word.get())
    }

    fn write(&self, value: i64) {
        let call = Call::new("write", Access::Write).with(value);
        self.watched(call, || self.watch.with_mut(|_| ()));
        self.word.set(value);
        record(self.id, call, ());
    }
}

fn record<R: Observed>(id: ObjectId, call: Call, result: R) -> R {
    execution::record(id, call, result.seen());
    result
}
