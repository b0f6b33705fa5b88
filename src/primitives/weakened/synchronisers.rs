//! Locks that exclude nobody, events and once-cells that nobody waits for.

use super::permits::of;
use super::{Guard, has};
use crate::primitives::{BlockingLock, Event, Lock, OnceCell};

/// A mutex without its guard, if that has been taken away.
pub struct WeakMutex<T>(T);

impl<T: Lock> Lock for WeakMutex<T> {
    type Guard<'a> = Option<T::Guard<'a>>;

    fn new(name: &'static str) -> Self {
        Self(T::new(name))
    }

    fn acquire(&self) -> impl Future<Output = Option<T::Guard<'_>>> {
        of(has(Guard::Mutex).then(|| self.0.acquire()))
    }
}

impl<T: BlockingLock> BlockingLock for WeakMutex<T> {
    type Guard<'a> = Option<T::Guard<'a>>;

    fn new(name: &'static str) -> Self {
        Self(T::new(name))
    }

    fn acquire(&self) -> Option<T::Guard<'_>> {
        has(Guard::Mutex).then(|| self.0.acquire())
    }
}

/// An event without its guard, if that has been taken away.
pub struct WeakEvent<T>(T);

impl<T: Event> Event for WeakEvent<T> {
    fn new(name: &'static str) -> Self {
        Self(T::new(name))
    }

    fn set(&self) {
        self.0.set();
    }

    fn wait(&self) -> impl Future<Output = ()> {
        let set = of(has(Guard::Event).then(|| self.0.wait()));
        async {
            set.await;
        }
    }
}

/// A once-cell without its guard, if that has been taken away.
pub struct WeakOnceCell<T>(T);

impl<T: OnceCell> OnceCell for WeakOnceCell<T> {
    fn new(name: &'static str) -> Self {
        Self(T::new(name))
    }

    async fn get_or_init(&self, init: impl Future<Output = i64>) -> i64 {
        if has(Guard::OnceCell) {
            return self.0.get_or_init(init).await;
        }
        let value = init.await;
        self.0.get_or_init(std::future::ready(value)).await
    }
}
