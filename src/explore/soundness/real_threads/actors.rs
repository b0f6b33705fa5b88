//! Programs on tokio's types and real memory, each actor on a thread of its own.

use std::cell::Cell as Local;
use std::future::poll_fn;
use std::hint::spin_loop;
use std::pin::{Pin, pin};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Barrier};
use std::task::Poll;
use std::thread;

use futures::future::join;
use futures::task::AtomicWaker;
use tokio::sync::oneshot;

use super::crew::{Crew, Cut};
use crate::explore::soundness::combinators;
use crate::explore::soundness::program::{self, EACH, NAMES, Op, Program};
use crate::explore::{Outcome, Value};
use crate::primitives::{Event, Lock, Primitives, Queue, Tokio, YieldNow};

type Mutex = <Tokio as Primitives>::Mutex;

struct World {
    cells: [AtomicI64; EACH],
    atomic: AtomicI64,
    mutexes: [Mutex; EACH],
    event: <Tokio as Primitives>::Event,
    queue: <Tokio as Primitives>::Queue,
    sink: AtomicI64,
    crew: Arc<Crew>,
}

/// What an actor knows, and the randomness of its pace.
#[derive(Clone)]
struct Memory {
    role: usize,
    last: Local<i64>,
    trace: Local<i64>,
    luck: Local<u64>,
}

impl Memory {
    fn new(role: usize, luck: u64) -> Self {
        Self { role, last: Local::new(0), trace: Local::new(0), luck: Local::new(luck) }
    }

    fn learn(&self, value: i64) {
        self.last.set(value);
        self.trace.set(program::remember(self.trace.get(), value));
    }

    /// A number below `most`: `xorshift`.
    fn draw(&self, most: u64) -> u64 {
        let mut luck = self.luck.get();
        luck ^= luck << 13;
        luck ^= luck >> 7;
        luck ^= luck << 17;
        self.luck.set(luck);
        (luck >> 11) % most
    }

    /// Lets others come in here, sometimes.
    fn dawdle(&self) {
        match self.draw(8) {
            0 => thread::yield_now(),
            1 => (0..self.draw(1_000)).for_each(|_| spin_loop()),
            2..4 => (0..self.draw(100)).for_each(|_| spin_loop()),
            _ => {}
        }
    }
}

/// Runs `program` once, at a pace that depends on `luck`.
pub(super) fn run_once(program: &Program, luck: u64) -> Outcome {
    let crew = Arc::<Crew>::default();
    let world = Arc::new(World {
        cells: Default::default(),
        atomic: AtomicI64::new(0),
        mutexes: ["first lock", "second lock"].map(Lock::new),
        event: Event::new("event"),
        queue: Queue::new("queue"),
        sink: AtomicI64::new(0),
        crew: Arc::clone(&crew),
    });
    let roles: Vec<_> = program
        .roles
        .iter()
        .enumerate()
        .flat_map(|(index, role)| vec![(index, &role.ops); role.count])
        .collect();
    let start = Arc::new(Barrier::new(roles.len()));
    for (place, (role, ops)) in roles.into_iter().enumerate() {
        let memory =
            Memory::new(role, (luck + place as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (world, ops, start) = (Arc::clone(&world), ops.clone(), Arc::clone(&start));
        crew.add(move |number| {
            start.wait();
            world.crew.block_on(number, run(&world, &memory, &ops));
        });
    }
    match crew.join() {
        Some(Cut::Deadlock) => Outcome::Deadlock,
        Some(Cut::Panicked(message)) => Outcome::Panic(message),
        None => {
            let [first, second] = &world.cells;
            let numbers = [first, second, &world.atomic, &world.sink].map(|it| it.load(SeqCst));
            Value::Fields(NAMES.into_iter().zip(numbers).collect()).into()
        }
    }
}

async fn run(world: &Arc<World>, memory: &Memory, ops: &[Op]) {
    scope(world, memory, ops).await;
    world.sink.fetch_add(program::contribution(memory.role, memory.trace.get()), SeqCst);
}

/// Writes when it is dropped.
struct Deferred<'a> {
    world: &'a World,
    memory: &'a Memory,
    cells: Vec<usize>,
}

impl Drop for Deferred<'_> {
    fn drop(&mut self) {
        for &cell in &self.cells {
            self.world.cells[cell].store(self.memory.last.get(), SeqCst);
        }
    }
}

type Scope<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

fn scope<'a>(world: &'a Arc<World>, memory: &'a Memory, ops: &'a [Op]) -> Scope<'a> {
    Box::pin(async move {
        let mut guards = [None, None];
        let mut deferred = Deferred { world, memory, cells: Vec::new() };
        for op in ops {
            memory.dawdle();
            match op {
                Op::Read(cell) => memory.learn(world.cells[*cell].load(SeqCst)),
                Op::Write(cell, more) => world.cells[*cell].store(memory.last.get() + more, SeqCst),
                Op::Add(value) => memory.learn(world.atomic.fetch_add(*value, SeqCst)),
                Op::Yield => YieldNow::default().await,
                Op::Lock(mutex) => guards[*mutex] = Some(world.mutexes[*mutex].acquire().await),
                Op::Unlock(mutex) => guards[*mutex] = None,
                Op::Set => world.event.set(),
                Op::Wait => world.event.wait().await,
                Op::Send(more) => world.queue.send(memory.last.get() + more),
                Op::Receive => memory.learn(world.queue.receive().await),
                Op::Choose(count) => memory.learn(memory.draw(*count as u64) as i64),
                Op::PanicIf(value) if memory.last.get() == *value => {
                    let message = program::panic_message(memory.role, memory.trace.get());
                    world.crew.panic(message).await;
                }
                Op::PanicIf(_) => {}
                Op::Defer(cell) => deferred.cells.push(*cell),
                Op::Own => own(memory).await,
                Op::Join(left, right) => {
                    join(scope(world, memory, left), scope(world, memory, right)).await;
                }
                Op::Select(left, right) => {
                    let both = [left, right].map(|part| scope(world, memory, part));
                    memory.learn(combinators::winner(both).await);
                }
                Op::Unordered(left, right) => {
                    let both = [left, right].map(|part| scope(world, memory, part));
                    combinators::as_they_end(both, |index| memory.learn(index)).await;
                }
                Op::Spawn(part, joins) => {
                    let last = spawn(world, memory, part);
                    if *joins {
                        memory.learn(last.await.unwrap_or_default());
                    }
                }
                Op::Sleep(..) => unreachable!("on real threads running takes time"),
                Op::Timeout(part) => {
                    let is_over = timeout(world, memory, scope(world, memory, part)).await;
                    memory.learn(i64::from(is_over));
                }
            }
        }
    })
}

async fn own(memory: &Memory) {
    let (mutex, word) = (<Mutex as Lock>::new("own lock"), AtomicI64::new(1));
    let _guard = mutex.acquire().await;
    word.fetch_add(memory.last.get(), SeqCst);
    YieldNow::default().await;
    memory.learn(word.load(SeqCst));
}

/// Adds an actor that knows what `memory` holds; gives back what it learned last.
fn spawn(world: &Arc<World>, memory: &Memory, ops: &[Op]) -> oneshot::Receiver<i64> {
    let (tell, last) = oneshot::channel();
    let child = Memory::new(program::child(memory.role), memory.draw(u64::MAX) | 1);
    child.last.set(memory.last.get());
    child.trace.set(memory.trace.get());
    let (shared, ops) = (Arc::clone(world), ops.to_vec());
    world.crew.add(move |number| {
        let work = async {
            run(&shared, &child, &ops).await;
            let _ = tell.send(child.last.get());
        };
        shared.crew.block_on(number, work);
    });
    last
}

/// Whether the time, which is random and begins when `part` has to wait, was over first.
async fn timeout(world: &Arc<World>, memory: &Memory, part: impl Future<Output = ()>) -> bool {
    let mut part = pin!(part);
    let mut timer: Option<Arc<(AtomicBool, AtomicWaker)>> = None;
    poll_fn(|context| {
        if part.as_mut().poll(context).is_ready() {
            return Poll::Ready(false);
        }
        let timer = timer.get_or_insert_with(|| {
            let timer = Arc::<(AtomicBool, AtomicWaker)>::default();
            let (set, spins) = (Arc::clone(&timer), memory.draw(2_000));
            timer.1.register(context.waker());
            world.crew.add(move |_| {
                (0..spins).for_each(|_| spin_loop());
                set.0.store(true, SeqCst);
                set.1.wake();
            });
            timer
        });
        timer.1.register(context.waker());
        if timer.0.load(SeqCst) { Poll::Ready(true) } else { Poll::Pending }
    })
    .await
}
