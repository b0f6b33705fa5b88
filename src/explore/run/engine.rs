//! The engine of the model family under the explorer: monitors that report what was observed.

use std::cell::{RefCell, RefMut};
use std::panic::Location;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::{blocking, spawned};
use crate::observe::{self, Access, Call, Digest, Fingerprint, ObjectId, Observed, Waiting};
use crate::primitives::{Atomic, Cell, Engine, Monitor, Plain, Task, Wake};

/// The engine of the event-loop and threads worlds.
pub struct Explored;

impl Engine for Explored {
    type Monitor<S: Fingerprint> = ExploredMonitor<S>;
    type Cell = Word;
    type Atomic = Word;
    type Plain = Word;

    /// Memory is sequentially consistent here without it.
    fn fence(_order: Ordering) {}

    fn block_on<F: Future>(location: &'static Location<'static>, future: F) -> Option<F::Output> {
        blocking::block_on(location, future)
    }

    fn spawn(name: &'static str, location: &'static Location<'static>, task: Task) {
        spawned::spawn(name, location, task);
    }
}

/// State that only one actor at a time can reach, because only one actor at a time runs.
pub struct ExploredMonitor<S> {
    id: ObjectId,
    state: Rc<RefCell<S>>,
}

impl<S: Fingerprint> Monitor<S> for ExploredMonitor<S> {
    fn new(name: &'static str, state: S) -> Self {
        let state = Rc::new(RefCell::new(state));
        Self { id: observe::create_object(name, Some(state.clone())), state }
    }

    fn with<R: Observed>(&self, call: Call, visit: impl FnOnce(&mut S) -> R) -> R {
        observe::before_access(self.id);
        let result = visit(&mut self.state());
        observe::observe(self.id, call, result.seen());
        observe::after_access(self.id);
        result
    }

    fn with_wakes<R, W>(&self, call: Call, visit: impl FnOnce(&mut S) -> (R, W)) -> R
    where
        R: Observed,
        W: IntoIterator<Item = Wake>,
    {
        observe::before_access(self.id);
        let (result, wakes) = visit(&mut self.state());
        observe::observe(self.id, call, result.seen());
        let wakes = wakes.into_iter();
        let woken = if observe::is_preemptive() {
            wake_in_turn(wakes)
        } else {
            wakes.map(Wake::wake).count()
        };
        if woken > 0 {
            observe::before_wakes_are_checked();
        } else {
            observe::after_access(self.id);
        }
        result
    }
}

/// Wakes as a thread does: whom an operation wakes it wakes one after the other, and others may come in
/// before each. Where a whole actor is woken that makes no difference, as it need not run at once; where
/// a part is, its combinator may check the list too early, and where a waiter is told by it, it may ask
/// too early.
fn wake_in_turn(wakes: impl Iterator<Item = Wake>) -> usize {
    let (mut owed, at_once): (Vec<_>, Vec<_>) = wakes.partition(Wake::takes_a_step);
    let woken = owed.len() + at_once.len();
    at_once.into_iter().for_each(Wake::wake);
    while !owed.is_empty() {
        observe::before_wake_of_a_part(&mut owed.iter().map(Wake::registration));
        let places = if owed[0].has_any_place() { owed.len() } else { 1 };
        owed.remove(observe::woken_next(places)).wake();
    }
    woken
}

impl<S> ExploredMonitor<S> {
    /// The state, which nobody has at this moment: an actor that visits it from within a visit is
    /// unwound.
    #[inline]
    fn state(&self) -> RefMut<'_, S> {
        self.state.try_borrow_mut().unwrap_or_else(|_| observe::refuse_nested())
    }
}

impl<S> Drop for ExploredMonitor<S> {
    fn drop(&mut self) {
        observe::drop_object(self.id);
    }
}

impl<S: Fingerprint> Fingerprint for RefCell<S> {
    fn fingerprint(&self, digest: &mut Digest) {
        self.borrow().fingerprint(digest);
    }

    fn waiters(&self, visit: &mut dyn FnMut(Waiting)) {
        self.borrow().waiters(visit);
    }
}

/// A shared word. In a sequentially consistent world an ordering changes nothing, so cell, atomic
/// and plain memory are one type here.
pub struct Word(ExploredMonitor<i64>);

impl Fingerprint for i64 {
    fn fingerprint(&self, digest: &mut Digest) {
        digest.mix(*self as u64);
    }
}

impl Cell for Word {
    fn new(name: &'static str, value: i64) -> Self {
        Self(ExploredMonitor::new(name, value))
    }

    fn get(&self) -> i64 {
        self.0.with(Call::new("get", Access::Read), |word| *word)
    }

    fn set(&self, value: i64) {
        self.0.with(Call::new("set", Access::Write).with(value), |word| *word = value);
    }
}

impl Atomic for Word {
    fn new(name: &'static str, value: i64) -> Self {
        <Self as Cell>::new(name, value)
    }

    fn load(&self, _order: Ordering) -> i64 {
        self.0.with(Call::new("load", Access::Read), |word| *word)
    }

    fn store(&self, value: i64, _order: Ordering) {
        self.0.with(Call::new("store", Access::Write).with(value), |word| *word = value);
    }

    fn fetch_add(&self, value: i64, _order: Ordering) -> i64 {
        self.0.with(Call::new("fetch_add", Access::Update).with(value), |word| {
            let before = *word;
            *word += value;
            before
        })
    }

    fn compare_exchange(&self, current: i64, new: i64, _order: Ordering) -> Result<i64, i64> {
        self.0.with(Call::new("compare_exchange", Access::Update).with(new), |word| {
            let found = *word;
            if found != current {
                return Err(found);
            }
            *word = new;
            Ok(found)
        })
    }
}

impl Plain for Word {
    fn new(name: &'static str, value: i64) -> Self {
        <Self as Cell>::new(name, value)
    }

    fn read(&self) -> i64 {
        self.0.with(Call::new("read", Access::Read), |word| *word)
    }

    fn write(&self, value: i64) {
        self.0.with(Call::new("write", Access::Write).with(value), |word| *word = value);
    }
}
