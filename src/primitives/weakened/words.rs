//! Atomics that can lose their comparison, their indivisibility or their ordering.

use std::sync::atomic::Ordering;

use super::{Guard, has};
use crate::primitives::Atomic;

/// An atomic without its guard, if that has been taken away.
pub struct WeakAtomic<T>(T);

fn order(order: Ordering) -> Ordering {
    if has(Guard::Ordering) { order } else { Ordering::Relaxed }
}

impl<T: Atomic> Atomic for WeakAtomic<T> {
    fn new(name: &'static str, value: i64) -> Self {
        Self(T::new(name, value))
    }

    fn load(&self, ordering: Ordering) -> i64 {
        self.0.load(order(ordering))
    }

    fn store(&self, value: i64, ordering: Ordering) {
        self.0.store(value, order(ordering));
    }

    fn fetch_add(&self, value: i64, ordering: Ordering) -> i64 {
        if has(Guard::FetchAdd) {
            return self.0.fetch_add(value, order(ordering));
        }
        let before = self.0.load(Ordering::Relaxed);
        self.0.store(before + value, Ordering::Relaxed);
        before
    }

    fn compare_exchange(&self, current: i64, new: i64, ordering: Ordering) -> Result<i64, i64> {
        if has(Guard::CompareExchange) {
            return self.0.compare_exchange(current, new, order(ordering));
        }
        self.0.store(new, Ordering::Relaxed);
        Ok(current)
    }
}
