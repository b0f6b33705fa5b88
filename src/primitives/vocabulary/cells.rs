//! Shared words: without a guard, with read-modify-write operations, and with an owner elsewhere.

use std::sync::atomic::Ordering;

/// One shared word that nothing guards: a field, a global, a slot of a list.
///
/// A read or a write alone is indivisible; a read followed by a write is not. In a real build it
/// is a relaxed atomic load or store, so that the race in a pattern is a logic error and never
/// undefined behaviour.
pub trait Cell: 'static {
    /// A cell that holds `value` and is called `name` in a witness.
    fn new(name: &'static str, value: i64) -> Self;
    /// The value now.
    #[track_caller]
    fn get(&self) -> i64;
    /// Replaces the value.
    #[track_caller]
    fn set(&self, value: i64);
}

/// One shared word with the operations of [`std::sync::atomic::AtomicI64`].
pub trait Atomic: 'static {
    /// An atomic that holds `value` and is called `name` in a witness.
    fn new(name: &'static str, value: i64) -> Self;
    /// Loads the value. Panics if `order` is `Release` or `AcqRel`, as the standard library does.
    #[track_caller]
    fn load(&self, order: Ordering) -> i64;
    /// Stores `value`. Panics if `order` is `Acquire` or `AcqRel`, as the standard library does.
    #[track_caller]
    fn store(&self, value: i64, order: Ordering);
    /// Adds `value` and gives back what was there before.
    #[track_caller]
    fn fetch_add(&self, value: i64, order: Ordering) -> i64;
    /// Stores `new` if the value is `current`. Gives back the value found: `Ok` if it was stored.
    ///
    /// # Errors
    ///
    /// The value found, if it was not `current`. A failed exchange loads with `Relaxed`.
    #[track_caller]
    fn compare_exchange(&self, current: i64, new: i64, order: Ordering) -> Result<i64, i64>;
}

/// One word whose every write must happen before every other access, by means of something else:
/// what `UnsafeCell` is in hand-written code.
///
/// The weak-memory world reports two unordered accesses, one of them a write, as a data race. In
/// a real build it is a relaxed atomic, as [`Cell`] is.
pub trait Plain: 'static {
    /// Memory that holds `value` and is called `name` in a witness.
    fn new(name: &'static str, value: i64) -> Self;
    /// Reads the value.
    #[track_caller]
    fn read(&self) -> i64;
    /// Writes the value.
    #[track_caller]
    fn write(&self, value: i64);
}
