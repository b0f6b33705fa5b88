//! Shared words in real memory.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::primitives::{Atomic, Cell, Plain};

/// One word of real memory, shared by the families of real types.
pub struct Word(AtomicI64);

impl Cell for Word {
    fn new(_name: &'static str, value: i64) -> Self {
        Self(AtomicI64::new(value))
    }

    fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }
}

impl Atomic for Word {
    fn new(_name: &'static str, value: i64) -> Self {
        Self(AtomicI64::new(value))
    }

    fn load(&self, order: Ordering) -> i64 {
        self.0.load(order)
    }

    fn store(&self, value: i64, order: Ordering) {
        self.0.store(value, order);
    }

    fn fetch_add(&self, value: i64, order: Ordering) -> i64 {
        self.0.fetch_add(value, order)
    }

    fn compare_exchange(&self, current: i64, new: i64, order: Ordering) -> Result<i64, i64> {
        self.0.compare_exchange(current, new, order, Ordering::Relaxed)
    }
}

impl Plain for Word {
    fn new(_name: &'static str, value: i64) -> Self {
        Self(AtomicI64::new(value))
    }

    fn read(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn write(&self, value: i64) {
        self.0.store(value, Ordering::Relaxed);
    }
}
