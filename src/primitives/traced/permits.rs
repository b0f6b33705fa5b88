//! Permits and read-write locks, known by their history.

use super::TracedType;
use super::guard::TracedGuard;
use crate::observe::{Access, Call};
use crate::primitives::{Permit, RwLock, Semaphore};

impl<T: Semaphore> Semaphore for TracedType<T> {
    type Permit<'a> = TracedGuard<'a, T::Permit<'a>>;

    fn new(name: &'static str, permits: usize) -> Self {
        Self::new(name, T::new(name, permits))
    }

    fn acquire(&self) -> impl Future<Output = TracedGuard<'_, T::Permit<'_>>> {
        let call = Call::synchronise("acquire");
        TracedGuard::of(&self.object, call, self.inner.acquire())
    }

    fn add_permits(&self, permits: usize) {
        let call = Call::synchronise("add_permits").with(permits as i64);
        self.object.with(call, || self.inner.add_permits(permits));
    }

    fn available_permits(&self) -> usize {
        let call = Call::new("available_permits", Access::Read);
        self.object.with(call, || self.inner.available_permits() as i64) as usize
    }
}

impl<P: Permit> Permit for TracedGuard<'_, P> {
    fn forget(self) {
        self.into_inner().forget();
    }
}

impl<T: RwLock> RwLock for TracedType<T> {
    type ReadGuard<'a> = TracedGuard<'a, T::ReadGuard<'a>>;
    type WriteGuard<'a> = TracedGuard<'a, T::WriteGuard<'a>>;

    fn new(name: &'static str) -> Self {
        Self::new(name, T::new(name))
    }

    fn read(&self) -> impl Future<Output = TracedGuard<'_, T::ReadGuard<'_>>> {
        let call = Call::synchronise("read");
        TracedGuard::of(&self.object, call, self.inner.read())
    }

    fn write(&self) -> impl Future<Output = TracedGuard<'_, T::WriteGuard<'_>>> {
        let call = Call::synchronise("write");
        TracedGuard::of(&self.object, call, self.inner.write())
    }
}
