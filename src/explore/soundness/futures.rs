//! Programs as futures on the model primitives.

use std::cell::Cell as Local;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures::future::join;

use super::combinators;
use super::program::{self, EACH, INVARIANT, NAMES, Op, Program};
use crate::explore::run::panics::raise;
use crate::explore::{
    Actors, Finish, JoinHandle, Model, Value, choose, sleep, spawn as add, timeout,
};
use crate::primitives::{Atomic, Cell, Event, Lock, Primitives, Queue};

type Word = <Model as Primitives>::Cell;
type Counter = <Model as Primitives>::Atomic;
type Mutex = <Model as Primitives>::Mutex;

/// Whether the explorer sees the words that a program shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Words {
    Seen,
    Hidden,
}

enum Shared {
    Seen(Word),
    Hidden(Local<i64>),
}

impl Shared {
    fn new(words: Words, name: &'static str) -> Self {
        match words {
            Words::Seen => Self::Seen(Cell::new(name, 0)),
            Words::Hidden => Self::Hidden(Local::new(0)),
        }
    }

    fn get(&self) -> i64 {
        match self {
            Self::Seen(word) => word.get(),
            Self::Hidden(word) => word.get(),
        }
    }

    fn set(&self, value: i64) {
        match self {
            Self::Seen(word) => word.set(value),
            Self::Hidden(word) => word.set(value),
        }
    }
}

struct World {
    cells: [Shared; EACH],
    atomic: Counter,
    mutexes: [Mutex; EACH],
    event: <Model as Primitives>::Event,
    queue: <Model as Primitives>::Queue,
    sink: Counter,
}

impl World {
    fn new(words: Words) -> Self {
        let names: &[_; EACH] = NAMES.first_chunk().expect("a name each");
        Self {
            cells: names.map(|name| Shared::new(words, name)),
            atomic: Atomic::new("atomic", 0),
            mutexes: ["first lock", "second lock"].map(Lock::new),
            event: Event::new("event"),
            queue: Queue::new("queue"),
            sink: Atomic::new("sink", 0),
        }
    }

    fn outcome(&self) -> Value {
        let [first, second] = &self.cells;
        let numbers = [first.get(), second.get(), self.atomic.load(SeqCst), self.sink.load(SeqCst)];
        Value::Fields(NAMES.into_iter().zip(numbers).collect())
    }
}

/// What an actor knows.
#[derive(Clone, Default)]
struct Memory {
    role: usize,
    last: Local<i64>,
    trace: Local<i64>,
}

impl Memory {
    fn learn(&self, value: i64) {
        self.last.set(value);
        self.trace.set(program::remember(self.trace.get(), value));
    }
}

/// Spawns the actors of `program`.
pub(super) fn spawn(program: &Program, words: Words, actors: &mut Actors) -> Finish {
    let world = Rc::new(World::new(words));
    for (index, role) in program.roles.iter().enumerate() {
        let ops: Rc<[Op]> = role.ops.clone().into();
        let shared = Rc::clone(&world);
        let body = move || actor(Rc::clone(&shared), index, Rc::clone(&ops));
        match (role.cancellable, role.count) {
            (true, _) => drop(actors.spawn_cancellable("cancellable", body())),
            (false, 1) => drop(actors.spawn("single", body())),
            (false, count) => actors.replicas("replica", count, body),
        }
    }
    if let Some(most) = program.most_ahead {
        let world = Rc::clone(&world);
        actors.invariant(INVARIANT, move || {
            let [first, second] = &world.cells;
            first.get() - second.get() <= most
        });
    }
    Box::new(move || world.outcome())
}

async fn actor(world: Rc<World>, role: usize, ops: Rc<[Op]>) {
    run(&world, &Memory { role, ..Memory::default() }, &ops).await;
}

async fn run(world: &Rc<World>, memory: &Memory, ops: &[Op]) {
    scope(world, memory, ops).await;
    world.sink.fetch_add(program::contribution(memory.role, memory.trace.get()), SeqCst);
}

/// Adds an actor that knows what `memory` holds; gives back what it learned last.
fn spawn_child(world: &Rc<World>, memory: &Memory, ops: &[Op]) -> JoinHandle<i64> {
    let (world, ops, role) = (Rc::clone(world), ops.to_vec(), program::child(memory.role));
    let memory = Memory { role, ..memory.clone() };
    add("child", async move {
        run(&world, &memory, &ops).await;
        memory.last.get()
    })
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
            self.world.cells[cell].set(self.memory.last.get());
        }
    }
}

type Scope<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

fn scope<'a>(world: &'a Rc<World>, memory: &'a Memory, ops: &'a [Op]) -> Scope<'a> {
    Box::pin(async move {
        let mut guards = [None, None];
        let mut deferred = Deferred { world, memory, cells: Vec::new() };
        for op in ops {
            match op {
                Op::Read(cell) => memory.learn(world.cells[*cell].get()),
                Op::Write(cell, more) => world.cells[*cell].set(memory.last.get() + more),
                Op::Add(value) => memory.learn(world.atomic.fetch_add(*value, SeqCst)),
                Op::Yield => Model::yield_now().await,
                Op::Lock(mutex) => guards[*mutex] = Some(world.mutexes[*mutex].acquire().await),
                Op::Unlock(mutex) => guards[*mutex] = None,
                Op::Set => world.event.set(),
                Op::Wait => world.event.wait().await,
                Op::Send(more) => world.queue.send(memory.last.get() + more),
                Op::Receive => memory.learn(world.queue.receive().await),
                Op::Choose(count) => memory.learn(choose(*count) as i64),
                Op::PanicIf(value) => {
                    let message = || program::panic_message(memory.role, memory.trace.get());
                    // What a child panics with, its parent could ask for.
                    if memory.last.get() == *value && memory.role >= program::child(0) {
                        raise(message());
                    }
                    assert!(memory.last.get() != *value, "{}", message());
                }
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
                    let handle = spawn_child(world, memory, part);
                    if *joins {
                        memory.learn(handle.await.expect("nobody catches a panic"));
                    }
                }
                Op::Sleep(time, part) => {
                    let slept = sleep(Duration::from_millis(*time));
                    scope(world, memory, part).await;
                    slept.await;
                }
                Op::Timeout(part) => {
                    let is_over = timeout(scope(world, memory, part)).await.is_err();
                    memory.learn(i64::from(is_over));
                }
            }
        }
    })
}

async fn own(memory: &Memory) {
    let (mutex, word) = (Mutex::new("own lock"), <Word as Cell>::new("own cell", 1));
    let _guard = mutex.acquire().await;
    word.set(word.get() + memory.last.get());
    Model::yield_now().await;
    memory.learn(word.get());
}
