//! Words, known by their value.

use std::sync::atomic::Ordering;

use super::{Object, TracedType};
use crate::observe::{self, Access, Call, Digest, Observed};
use crate::primitives::{Atomic, Cell, Plain};

impl<T> TracedType<T> {
    fn word(name: &'static str, inner: T, value: i64) -> Self {
        let this = Self::new(name, inner);
        this.object.known.0.set(of_word(value));
        this
    }
}

impl Object {
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
