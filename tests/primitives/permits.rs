//! The model's semaphore and read-write lock do what tokio's do: the same generated operations, one
//! after the other, are ready or not at the same polls and wake the same waiters.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use proptest::prelude::{Just, Strategy, prop};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest::{prop_assert_eq, prop_oneof};
use selvedge::explore::Model;
use selvedge::primitives::{Extended, Permit, RwLock, Semaphore, Tokio};

#[derive(Clone, Copy, Debug)]
enum Operation {
    Acquire,
    Read,
    Write,
    AddPermits(usize),
    /// Does it to the wait that was begun so many before the last.
    With(usize, Action),
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Poll,
    /// A future that waits gives up, a guard releases.
    Drop,
    /// A permit is not given back. Anything else is left as it is.
    Forget,
}

/// What can be seen from outside after an operation.
#[derive(Debug, PartialEq, Eq)]
struct Sight {
    /// For each wait that was begun: whether it has come to an end, and whether it was woken.
    waits: Vec<(bool, bool)>,
    available: usize,
}

enum Held<'a, P: Extended> {
    Permit(<P::Semaphore as Semaphore>::Permit<'a>),
    Read { _guard: <P::RwLock as RwLock>::ReadGuard<'a> },
    Write { _guard: <P::RwLock as RwLock>::WriteGuard<'a> },
}

enum Progress<'a, P: Extended> {
    Waits(LocalBoxFuture<'a, Held<'a, P>>),
    Holds(Held<'a, P>),
    Ended,
}

struct Wait<'a, P: Extended> {
    progress: Progress<'a, P>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<'a, P: Extended> Wait<'a, P> {
    fn begin(future: LocalBoxFuture<'a, Held<'a, P>>) -> Self {
        let mut this = Self { progress: Progress::Waits(future), woken: Arc::default() };
        this.poll();
        this
    }

    fn poll(&mut self) {
        if let Progress::Waits(future) = &mut self.progress {
            let waker = Waker::from(Arc::clone(&self.woken));
            if let Poll::Ready(held) = future.poll_unpin(&mut Context::from_waker(&waker)) {
                self.progress = Progress::Holds(held);
            }
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Poll => self.poll(),
            Action::Drop => self.progress = Progress::Ended,
            Action::Forget => {
                self.progress = match std::mem::replace(&mut self.progress, Progress::Ended) {
                    Progress::Holds(Held::Permit(permit)) => {
                        permit.forget();
                        Progress::Ended
                    }
                    other => other,
                }
            }
        }
    }

    fn sight(&self) -> (bool, bool) {
        let waits = matches!(self.progress, Progress::Waits(_));
        (!waits, self.woken.0.load(Ordering::Relaxed))
    }
}

/// Makes the operations on one semaphore of two permits and one lock.
fn sights<P: Extended>(operations: &[Operation]) -> Vec<Sight> {
    let semaphore = P::Semaphore::new("semaphore", 2);
    let lock = P::RwLock::new("lock");
    let mut waits: Vec<Wait<'_, P>> = Vec::new();
    let step = |&operation: &Operation| {
        match operation {
            Operation::Acquire => {
                waits.push(Wait::begin(semaphore.acquire().map(Held::Permit).boxed_local()));
            }
            Operation::Read => {
                let read = lock.read().map(|guard| Held::Read { _guard: guard });
                waits.push(Wait::begin(read.boxed_local()));
            }
            Operation::Write => {
                let write = lock.write().map(|guard| Held::Write { _guard: guard });
                waits.push(Wait::begin(write.boxed_local()));
            }
            Operation::AddPermits(permits) => semaphore.add_permits(permits),
            Operation::With(back, action) => {
                if let Some(wait) = waits.iter_mut().rev().nth(back) {
                    wait.act(action);
                }
            }
        }
        let available = semaphore.available_permits();
        Sight { waits: waits.iter().map(Wait::sight).collect(), available }
    };
    operations.iter().map(step).collect()
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let action =
        prop_oneof![2 => Just(Action::Poll), 3 => Just(Action::Drop), 1 => Just(Action::Forget)];
    let operation = prop_oneof![
        2 => Just(Operation::Acquire),
        2 => Just(Operation::Read),
        1 => Just(Operation::Write),
        1 => (0_usize..3).prop_map(Operation::AddPermits),
        6 => (0_usize..8, action).prop_map(|(back, action)| Operation::With(back, action)),
    ];
    prop::collection::vec(operation, 1..40)
}

#[test]
fn the_model_and_tokio_give_out_the_same_permits_and_guards() {
    let rng_seed = RngSeed::Fixed(1);
    let config = Config { cases: 2_000, failure_persistence: None, rng_seed, ..Config::default() };
    let agree = |operations: Vec<Operation>| {
        prop_assert_eq!(sights::<Model>(&operations), sights::<Tokio>(&operations));
        Ok(())
    };
    TestRunner::new(config).run(&operations(), agree).expect("the two agree");
}

#[test]
fn a_writer_that_waits_keeps_later_readers_out_until_it_gives_up() {
    use Operation::{Read, With, Write};
    let operations = [Read, Write, Read, With(1, Action::Drop)];
    let sights = sights::<Model>(&operations);
    assert_eq!(sights[2].waits, [(true, false), (false, false), (false, false)]);
    assert_eq!(sights[3].waits, [(true, false), (true, false), (false, true)]);
}

#[test]
fn a_permit_set_aside_for_a_waiter_that_gives_up_goes_to_the_next() {
    use Operation::{Acquire, With};
    let give_back = With(3, Action::Drop);
    let give_up = With(1, Action::Drop);
    let operations = [Acquire, Acquire, Acquire, Acquire, give_back, give_up];
    let sights = sights::<Model>(&operations);
    assert_eq!(sights[4].waits[2..], [(false, true), (false, false)]);
    assert_eq!(sights[5].waits[2..], [(true, true), (false, true)]);
}
