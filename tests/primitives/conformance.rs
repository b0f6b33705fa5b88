//! The model does what tokio does: the same generated operations on a primitive, one after the other,
//! are ready or not at the same polls, come to the same, and wake the same waiters. Futures are kept
//! and not polled, polled although nobody woke them, moved to another waker, and dropped.

mod subjects;

use std::cell::Cell;
use std::env;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures::FutureExt;
use futures::future::LocalBoxFuture;
use proptest::prelude::{Just, Strategy, any, prop};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use proptest::{prop_assert_eq, prop_oneof};

/// A primitive of one family, and what can be done with it.
trait Subject {
    /// How many kinds of waiting there are.
    const WAITS: usize;
    /// How many operations there are that do not wait.
    const CALLS: usize;
    /// Whether the primitive wakes in the order in which the waiters came, or in any.
    const WAKES_IN_ORDER: bool;

    fn new() -> Self;
    /// A wait of this kind, which may use a number that nothing else uses.
    fn wait(&self, kind: usize, number: i64) -> Wait<'_>;
    /// An operation of this kind, with a number that nothing else uses.
    fn call(&self, _kind: usize, _number: i64) {}
    /// What can be seen of the primitive at any time.
    fn look(&self) -> usize {
        0
    }
}

/// Comes to a word, and to something that is held from then on.
type Wait<'a> = LocalBoxFuture<'a, (i64, Held<'a>)>;

/// Can be dropped, or used up, by which another wait may begin.
struct Held<'a>(Box<dyn FnOnce() -> Option<Wait<'a>> + 'a>);

impl<'a> Held<'a> {
    fn new(use_up: impl FnOnce() -> Option<Wait<'a>> + 'a) -> Self {
        Self(Box::new(use_up))
    }
}

#[derive(Clone, Copy, Debug)]
enum Operation {
    /// Begins a wait of one kind, and polls it or not.
    Begin(usize, bool),
    Call(usize),
    /// Does it to the wait that was begun so many before the last.
    With(usize, Action),
}

#[derive(Clone, Copy, Debug)]
enum Action {
    Poll,
    /// Polls with another waker than before.
    Move,
    /// A future that waits gives up, what is held is given back.
    Drop,
    /// What is held is used up. A future that waits is left as it is.
    Use,
}

/// What can be seen from outside after an operation.
#[derive(Debug, PartialEq, Eq)]
struct Sight {
    waits: Vec<Seen>,
    /// Who was woken by the operation: which wait, and by its how manieth waker.
    woken: Vec<(usize, usize)>,
    look: usize,
}

/// What can be seen of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Waits,
    Holds(i64),
    Panicked,
    Gone,
}

enum Progress<'a> {
    Waits(Wait<'a>),
    Holds(i64, Held<'a>),
    Panicked,
    Gone,
}

#[derive(Default)]
struct Woken(Mutex<Vec<(usize, usize)>>);

impl Woken {
    fn take(&self) -> Vec<(usize, usize)> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells who was woken.
struct Bell {
    of: (usize, usize),
    woken: Arc<Woken>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.woken.0.lock().unwrap_or_else(PoisonError::into_inner).push(self.of);
    }
}

struct Begun<'a> {
    progress: Progress<'a>,
    place: usize,
    wakers: usize,
    woken: Arc<Woken>,
}

impl Begun<'_> {
    fn poll(&mut self) {
        let Progress::Waits(wait) = &mut self.progress else { return };
        let bell = Bell { of: (self.place, self.wakers), woken: Arc::clone(&self.woken) };
        let waker = Waker::from(Arc::new(bell));
        let poll = || wait.poll_unpin(&mut Context::from_waker(&waker));
        match catch_unwind(AssertUnwindSafe(poll)) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready((value, held))) => self.progress = Progress::Holds(value, held),
            Err(_) => self.progress = Progress::Panicked,
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Poll => self.poll(),
            Action::Move => {
                self.wakers += 1;
                self.poll();
            }
            Action::Drop => self.progress = Progress::Gone,
            Action::Use => {
                self.progress = match std::mem::replace(&mut self.progress, Progress::Gone) {
                    Progress::Holds(_, held) => held.0().map_or(Progress::Gone, Progress::Waits),
                    other => other,
                };
            }
        }
    }

    fn seen(&self) -> Seen {
        match self.progress {
            Progress::Waits(_) => Seen::Waits,
            Progress::Holds(value, _) => Seen::Holds(value),
            Progress::Panicked => Seen::Panicked,
            Progress::Gone => Seen::Gone,
        }
    }
}

/// Makes the operations on one primitive.
fn sights<S: Subject>(operations: &[Operation]) -> Vec<Sight> {
    let subject = S::new();
    let all_woken = Arc::<Woken>::default();
    let mut waits: Vec<Begun<'_>> = Vec::new();
    let step = |(number, &operation): (usize, &Operation)| {
        match operation {
            Operation::Begin(kind, is_polled) => {
                let wait = subject.wait(kind, number as i64);
                let (place, woken) = (waits.len(), Arc::clone(&all_woken));
                let progress = Progress::Waits(wait);
                let mut begun = Begun { progress, place, wakers: 0, woken };
                if is_polled {
                    begun.poll();
                }
                waits.push(begun);
            }
            Operation::Call(kind) => subject.call(kind, number as i64),
            Operation::With(back, action) => {
                if let Some(wait) = waits.iter_mut().rev().nth(back) {
                    wait.act(action);
                }
            }
        }
        let mut woken = all_woken.take();
        if !S::WAKES_IN_ORDER {
            woken.sort_unstable();
        }
        Sight { waits: waits.iter().map(Begun::seen).collect(), woken, look: subject.look() }
    };
    operations.iter().enumerate().map(step).collect()
}

fn operations<S: Subject>() -> impl Strategy<Value = Vec<Operation>> {
    let action = prop_oneof![
        4 => Just(Action::Poll),
        1 => Just(Action::Move),
        3 => Just(Action::Drop),
        2 => Just(Action::Use),
    ];
    let begin = (0..S::WAITS, any::<bool>());
    let operation = prop_oneof![
        4 => begin.prop_map(|(kind, is_polled)| Operation::Begin(kind, is_polled)),
        // Where there is nothing to call, nothing is done.
        3 => (0..S::CALLS.max(1)).prop_map(Operation::Call),
        8 => (0_usize..8, action).prop_map(|(back, action)| Operation::With(back, action)),
    ];
    prop::collection::vec(operation, 1..40)
}

/// Panics of this thread are part of what `body` compares, and are not printed.
fn quietly<R>(body: impl FnOnce() -> R) -> R {
    thread_local! {
        static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                print(info);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = body();
    IS_QUIET.set(false);
    result
}

/// Makes generated operations on two families' primitives, which must not differ. `PROPTEST_RNG_SEED`
/// generates others, `PROPTEST_CASES` another number.
#[track_caller]
fn assert_alike<A: Subject, B: Subject>() {
    let told = Config { failure_persistence: None, ..Config::default() };
    let rng_seed = match told.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => 1,
    };
    let is_told = env::var_os("PROPTEST_CASES").is_some();
    let cases = if is_told { told.cases } else { 2_000 };
    let config = Config { cases, rng_seed: RngSeed::Fixed(rng_seed), ..told };
    let agree = |operations: Vec<Operation>| {
        let [a, b] = quietly(|| [sights::<A>(&operations), sights::<B>(&operations)]);
        prop_assert_eq!(a, b);
        Ok(())
    };
    TestRunner::new(config).run(&operations::<A>(), agree).unwrap_or_else(|error| {
        panic!("PROPTEST_RNG_SEED={rng_seed}: {error}");
    });
}
