//! What the explorer costs, on the programs whose cost is promised: one line for each aim.
//!
//! ```text
//! cargo bench --bench explorer [-- FILTER]
//! ```
//!
//! Every exploration that is timed is also checked: it is exhaustive, it finds exactly the
//! outcomes of the program, and it visits as many states as there are. A missed aim is printed and
//! not an error, because another machine has other times.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use criterion::Criterion;
use selvedge::catalogue::Shared;
use selvedge::catalogue::{Locked, Policy, Unlocked};
use selvedge::explore::{Actors, Explorer, Model, Traced, Value, check, spawn};
use selvedge::patterns::lost_update::Counter;
use selvedge::primitives::{Atomic, Lock, Primitives, Task, Tokio};
use tokio::sync::Mutex;

const SECOND: Duration = Duration::from_secs(1);

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sample_size(10)
        .configure_from_args();
    explorations(&mut criterion);
    real_mutex(&mut criterion);
    polls(&mut criterion);
    cores(&mut criterion);
    criterion.final_summary();
    largest();
}

/// How many times as fast two cores are as one, where the walks take turns.
fn cores(criterion: &mut Criterion) {
    let mut measure =
        |name: &str, what: &str, explorer: Explorer, n: usize, states: Option<u64>| {
            let walk = |cores: usize| {
                let explorer = explorer.in_parallel().cores(cores.try_into().expect("not zero"));
                let findings = explorer.explore(counter::<Model, Unlocked>(n));
                findings.assert_outcomes(1..=n as i64);
                assert_eq!(findings.exploration().states, states);
                findings.exploration().duration
            };
            let ratios = RefCell::new(Vec::new());
            let both = || {
                let (one, two) = (walk(1), walk(2));
                ratios.borrow_mut().push(one.as_secs_f64() / two.as_secs_f64());
                two
            };
            if time(criterion, name, &both).is_some() {
                let mut ratios = ratios.into_inner();
                ratios.sort_unstable_by(f64::total_cmp);
                let ratio = ratios[ratios.len() / 2];
                verdict(what, format!("{ratio:.2}"), ">=", 1.8, ratio >= 1.8);
            }
        };
    let merged = Some(unlocked_states(12));
    let what = "two cores, merged, n=12: times as fast as one";
    measure("two-cores/merged/12", what, Explorer::merging(), 12, merged);
    let what = "two cores, opaque, n=5: times as fast as one";
    measure("two-cores/opaque/5", what, Explorer::opaque(), 5, None);
}

/// The programs of a stated size.
fn explorations(criterion: &mut Criterion) {
    let unlocked = |explorer: Explorer, n| {
        explore(explorer, counter::<Model, Unlocked>(n), 1..=n as i64, Some(unlocked_states(n)))
    };
    let locked = |n| {
        let states = Some(locked_states(n));
        explore(Explorer::merging(), counter::<Model, Locked>(n), n as i64..=n as i64, states)
    };
    let guarded_add = |n| explore(Explorer::threads(), guarded_add(n), n as i64..=n as i64, None);
    let millis = Duration::from_millis;

    let mut measure = |name: &str, n: usize, aim: Duration, explore: &dyn Fn() -> Explored| {
        if let Some(time) = time(criterion, &format!("{name}/{n}"), &|| explore().duration) {
            report(&format!("{name}, n={n}"), &time, &aim);
        }
    };
    measure("event-loop/unlocked", 10, millis(15), &|| unlocked(Explorer::merging(), 10));
    measure("event-loop/locked", 64, millis(300), &|| locked(64));
    measure("threads/unlocked", 10, millis(60), &|| unlocked(Explorer::threads(), 10));
    measure("threads/guarded-add", 3, Duration::from_micros(100), &|| guarded_add(3));
    measure("threads/guarded-add", 40, millis(150), &|| guarded_add(40));
}

/// What the explorer adds to each poll: opaque futures that only yield, under every
/// schedule, and as many of them polled in a loop.
fn polls(criterion: &mut Criterion) {
    const YIELDS: u64 = 7;
    const POLLS: u64 = 2 * (YIELDS + 1);
    // Two sequences of polls, interleaved in every order: 16 over 8.
    const SCHEDULES: u64 = 12_870;

    async fn yields() {
        for _ in 0..YIELDS {
            Model::yield_now().await;
        }
    }

    let by_explorer = || {
        let findings = Explorer::opaque().explore(|actors| {
            actors.spawn("a", yields());
            actors.spawn("b", yields());
            || 0
        });
        findings.assert_outcomes([0]);
        assert_eq!(findings.exploration().executions, SCHEDULES);
        findings.exploration().duration
    };
    let by_hand = || {
        let mut context = Context::from_waker(Waker::noop());
        let mut polls = 0;
        let start = Instant::now();
        for _ in 0..SCHEDULES {
            let mut tasks: Vec<Task> = vec![Box::pin(yields()), Box::pin(yields())];
            while !tasks.is_empty() {
                polls += tasks.len() as u64;
                tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            }
        }
        let taken = start.elapsed();
        assert_eq!(polls, SCHEDULES * POLLS);
        taken
    };
    let explorer = time(criterion, "polls/explorer", &by_explorer);
    let hand = time(criterion, "polls/by-hand", &by_hand);
    if let (Some(explorer), Some(hand)) = (explorer, hand) {
        let each = |time: Duration| time.as_nanos() / u128::from(SCHEDULES * POLLS);
        let added = Duration::from_nanos((each(explorer) - each(hand)) as u64);
        report("cost of a poll beside polling by hand", &added, &Duration::from_nanos(60));
    }
}

/// What is run once: how far a second reaches, how much memory that takes, and what takes seconds.
fn largest() {
    let mut most_bytes = 0.0_f64;
    let within_a_second = |&n: &usize| {
        LARGEST_BLOCK.store(0, Ordering::Relaxed);
        let states = unlocked_states(n);
        let program = counter::<Model, Unlocked>(n);
        let explored = explore(Explorer::merging(), program, 1..=n as i64, Some(states));
        if n >= 10 {
            // The table of visited states is one block, by far the largest.
            let bytes = LARGEST_BLOCK.load(Ordering::Relaxed) as f64 / states as f64;
            most_bytes = most_bytes.max(bytes);
        }
        explored.duration <= SECOND
    };
    let largest = (2..64).take_while(within_a_second).last().unwrap_or(1);
    verdict("event-loop/unlocked, largest n in 1 s", largest, ">=", 14, largest >= 14);
    let bytes = format!("{most_bytes:.1}");
    verdict("bytes per state in the visited set", bytes, "<=", 48, most_bytes <= 48.0);

    let program = counter::<Model, Locked>(200);
    let locked = explore(Explorer::merging(), program, 200..=200, Some(locked_states(200)));
    report("event-loop/locked, n=200", &locked.duration, &(2 * SECOND));

    let two = Explorer::merging().in_parallel().cores(2.try_into().expect("not zero"));
    let findings = two.explore(counter::<Model, Unlocked>(15));
    assert_eq!(findings.exploration().states, Some(unlocked_states(15)));
    report("event-loop/unlocked, n=15, two cores", &findings.exploration().duration, &SECOND);

    let traced = |&n: &usize| {
        let program = counter::<Traced<Tokio>, Locked>(n);
        explore(Explorer::merging(), program, n as i64..=n as i64, None).duration <= SECOND
    };
    let largest = (2..64).take_while(traced).last().unwrap_or(1);
    verdict("tokio's mutex, traced, largest n in 1 s", largest, ">=", 40, largest >= 40);

    let drawn = executions_until_stampede();
    verdict("a stampede of 11, executions until found", drawn, "<=", 1_000, drawn <= 1_000);
}

/// How many executions it takes to see that of eleven requests for one value two compute it.
fn executions_until_stampede() -> usize {
    let (executions, first) = (Cell::new(0), Rc::new(Cell::new(None)));
    let program = || {
        executions.set(executions.get() + 1);
        let (now, first) = (executions.get(), Rc::clone(&first));
        async move {
            let (value, computed) =
                (Rc::<Mutex<Option<i64>>>::default(), Rc::<Cell<u32>>::default());
            let ask = |()| {
                let (value, computed) = (Rc::clone(&value), Rc::clone(&computed));
                spawn("request", async move {
                    if value.lock().await.is_none() {
                        Model::yield_now().await;
                        computed.set(computed.get() + 1);
                        *value.lock().await = Some(7);
                    }
                })
            };
            for asked in [(); 11].map(ask) {
                asked.await.expect("no request panics");
            }
            if computed.get() > 1 {
                first.set(first.get().or(Some(now)));
                panic!("a stampede");
            }
        }
    };
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let failed = catch_unwind(AssertUnwindSafe(|| check(program)));
    set_hook(hook);
    assert!(failed.is_err());
    first.get().expect("it is found")
}

/// The real mutex of tokio, every schedule and with an adapter that tells schedules apart.
fn real_mutex(criterion: &mut Criterion) {
    let opaque = || explore(Explorer::opaque(), counter::<Tokio, Locked>(4), 4..=4, None);
    let traced = || explore(Explorer::merging(), counter::<Traced<Tokio>, Locked>(4), 4..=4, None);
    let (all, few) = (opaque().executions, traced().executions);
    if let Some(time) = time(criterion, "tokio/opaque/4", &|| opaque().duration) {
        println!("{all} schedules, {:?} for each: see ci/peers.sh", time / all as u32);
    }
    if time(criterion, "tokio/traced/4", &|| traced().duration).is_some() {
        verdict("tokio's mutex, n=4: schedules if traced", few, "<", all, few < all);
    }
}

type Finish = Box<dyn FnOnce() -> Value>;

/// `n` actors that increment one counter: the body of `lost-update`.
fn counter<P: Primitives, G: Policy>(n: usize) -> impl Fn(&mut Actors) -> Finish + Sync {
    move |actors| {
        let counter = Rc::new(Counter::<P, G>::new(n));
        let shared = Rc::clone(&counter);
        actors.replicas("task", n, move || {
            let counter = Rc::clone(&shared);
            async move { counter.increment().await }
        });
        Box::new(move || counter.outcome())
    }
}

/// `n` actors that hold an asynchronous lock over one read-modify-write.
fn guarded_add(n: usize) -> impl Fn(&mut Actors) -> Finish {
    move |actors| {
        let lock = <Model as Primitives>::Mutex::new("lock");
        let sum = <Model as Primitives>::Atomic::new("sum", 0);
        let shared = Rc::new((lock, sum));
        let own = Rc::clone(&shared);
        actors.replicas("task", n, move || {
            let shared = Rc::clone(&own);
            async move {
                let _guard = shared.0.acquire().await;
                shared.1.fetch_add(1, Ordering::Relaxed);
            }
        });
        Box::new(move || shared.1.load(Ordering::Relaxed).into())
    }
}

/// What an exploration took.
struct Explored {
    duration: Duration,
    executions: u64,
}

/// Explores and checks.
fn explore(
    explorer: Explorer,
    program: impl Fn(&mut Actors) -> Finish,
    expected: RangeInclusive<i64>,
    states: Option<u64>,
) -> Explored {
    let findings = explorer.explore(program);
    findings.assert_outcomes(expected);
    let exploration = findings.exploration();
    if states.is_some() {
        assert_eq!(exploration.states, states);
    }
    Explored { duration: exploration.duration, executions: exploration.executions }
}

/// How many states `n` equal actors have that read, yield and write.
fn unlocked_states(n: usize) -> u64 {
    (n as u64 + 2) << (n - 1)
}

/// The same under one lock.
fn locked_states(n: usize) -> u64 {
    let n = n as u64;
    (3 * n * n + n + 2) / 2
}

/// Measures, and gives back the median; `None` if the filter left it out.
fn time(criterion: &mut Criterion, name: &str, run: &dyn Fn() -> Duration) -> Option<Duration> {
    let mut times = Vec::new();
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|rounds| {
            (0..rounds).map(|_| run()).inspect(|&time| times.push(time)).sum()
        });
    });
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn report(what: &str, measured: &Duration, aim: &Duration) {
    verdict(what, format!("{measured:.1?}"), "<=", format!("{aim:?}"), measured <= aim);
}

fn verdict(what: &str, measured: impl Display, relation: &str, aim: impl Display, is_met: bool) {
    let (measured, aim) = (measured.to_string(), aim.to_string());
    let judged = if is_met { "met" } else { "MISSED" };
    println!("aim {judged:6}  {what:48} {measured:>10} {relation:2} {aim}");
}

/// The largest block that was asked for since this was last reset.
static LARGEST_BLOCK: AtomicUsize = AtomicUsize::new(0);

struct Watched;

#[global_allocator]
static ALLOCATOR: Watched = Watched;

#[expect(unsafe_code, reason = "nothing else tells how large a table grows")]
// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > LARGEST_BLOCK.load(Ordering::Relaxed) {
            LARGEST_BLOCK.store(layout.size(), Ordering::Relaxed);
        }
        // SAFETY: as for this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as for this function.
        unsafe { System.dealloc(block, layout) }
    }
}
