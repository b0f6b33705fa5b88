//! Programs as futures on the primitives of any family.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::atomic::Ordering::SeqCst;
use std::task::Poll;

use futures::future::{Either, LocalBoxFuture, join, select};
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use super::chance::{Chance, draw};
use super::program::{Call, Op, Program, Wait};
use super::world::{Held, World};
use crate::explore::soundness::program::{child, contribution, panic_message, remember};
use crate::explore::{Actors, Finish, JoinHandle, choose, spawn as add, timeout};
use crate::primitives::{
    Abort, Atomic, Broadcast, BroadcastReceiver, Cell, Extended, Watch, WatchReceiver,
};

/// What an actor knows.
#[derive(Clone, Copy, Default)]
struct Memory {
    role: usize,
    last: i64,
    trace: i64,
}

impl Memory {
    fn learn(&mut self, value: i64) {
        self.last = value;
        self.trace = remember(self.trace, value);
    }

    fn learn_part(&mut self, part: Memory) {
        self.learn(part.trace);
        self.last = part.last;
    }
}

/// Spawns the actors of `program`.
pub(super) fn spawn<P: Extended>(program: &Program, chance: Chance, actors: &mut Actors) -> Finish {
    let world = Rc::new(World::<P>::new(chance));
    let mut kept = program.set_up.iter().filter_map(|ops| {
        let mut part = part(&world, Memory::default(), ops);
        (&mut part).now_or_never().is_none().then_some(part)
    });
    let mut kept = kept.next();
    for (index, role) in program.roles.iter().enumerate() {
        let (shared, ops) = (Rc::clone(&world), role.ops.clone());
        let memory = Memory { role: index, ..Memory::default() };
        let body = move |kept| {
            let (shared, part) =
                (Rc::clone(&shared), scope(Rc::clone(&shared), memory, ops.clone(), kept));
            async move { end(&shared, part.await) }
        };
        match (role.cancellable, role.count) {
            (true, _) => drop(actors.spawn_cancellable("cancellable", body(kept.take()))),
            (false, 1) => drop(actors.spawn("single", body(kept.take()))),
            (false, count) => actors.replicas("replica", count, move || body(None)),
        }
    }
    Box::new(move || {
        // Whatever nobody has taken is dropped while the others are there.
        drop(kept);
        world.outcome()
    })
}

fn end<P: Extended>(world: &World<P>, memory: Memory) {
    world.sink.fetch_add(contribution(memory.role, memory.trace), SeqCst);
}

type Part = LocalBoxFuture<'static, Memory>;

fn part<P: Extended>(world: &Rc<World<P>>, memory: Memory, ops: &[Op]) -> Part {
    scope(Rc::clone(world), memory, ops.to_vec(), None).boxed_local()
}

async fn scope<P: Extended>(
    owner: Rc<World<P>>,
    mut memory: Memory,
    ops: Vec<Op>,
    kept: Option<Part>,
) -> Memory {
    let world = &*owner;
    let mut kept: VecDeque<Part> = kept.into_iter().collect();
    let mut held: VecDeque<Box<dyn Held + '_>> = VecDeque::new();
    let (mut watched, mut heard) = (None, None);
    for op in &ops {
        match op {
            Op::Read => memory.learn(world.cell.get()),
            Op::Write(more) => world.cell.set(memory.last + more),
            Op::Add(value) => memory.learn(world.atomic.fetch_add(*value, SeqCst)),
            Op::Yield => P::yield_now().await,
            Op::Call(Call::Subscribe) => {
                watched = Some(world.watch.subscribe());
                heard = Some(world.broadcast.subscribe());
            }
            Op::Call(call) => world.call(*call, memory.last),
            Op::Wait(Wait::Changed) => {
                watched.get_or_insert_with(|| world.watch.subscribe()).changed().await;
            }
            Op::Wait(Wait::Broadcast) => {
                let heard = heard.get_or_insert_with(|| world.broadcast.subscribe());
                memory.learn(heard.receive().await);
            }
            Op::Wait(wait) => {
                let (value, guard) = world.wait(*wait, memory.last).await;
                memory.learn(value);
                held.extend(guard);
            }
            Op::Release => drop(held.pop_front()),
            Op::Choose => memory.learn(choose(2) as i64),
            Op::Draw(source) => {
                let before = world.draws.replace(world.draws.get() + 1);
                memory.learn(draw(world.chance, *source, before).await);
            }
            Op::PanicIf(value) => {
                assert!(memory.last != *value, "{}", panic_message(memory.role, memory.trace));
            }
            Op::Keep(ops, polls) => {
                let mut part = part(&owner, memory, ops);
                match if *polls { futures::poll!(&mut part) } else { Poll::Pending } {
                    Poll::Ready(part) => memory.learn_part(part),
                    Poll::Pending => kept.push_back(part),
                }
            }
            Op::Finish => {
                if let Some(part) = kept.pop_front() {
                    memory.learn_part(part.await);
                }
            }
            Op::GiveUp => drop(kept.pop_front()),
            Op::HandOver => {
                if let Some(part) = kept.pop_front() {
                    drop(hand_over(&owner, part));
                }
            }
            combined => combine(&owner, &mut memory, combined).await,
        }
    }
    memory
}

/// Does what is made of parts.
async fn combine<P: Extended>(world: &Rc<World<P>>, memory: &mut Memory, op: &Op) {
    match op {
        Op::Join(left, right) => {
            let both = join(part(world, *memory, left), part(world, *memory, right)).await;
            memory.learn_part(both.0);
            memory.learn_part(both.1);
        }
        Op::Select(left, right) => {
            let both = select(part(world, *memory, left), part(world, *memory, right));
            let (winner, part) = match both.await {
                Either::Left((part, _)) => (0, part),
                Either::Right((part, _)) => (1, part),
            };
            memory.learn_part(part);
            memory.learn(winner);
        }
        Op::Unordered(parts) => {
            let parts = parts.iter().map(|ops| part(world, *memory, ops));
            let mut all: FuturesUnordered<_> = parts.collect();
            while let Some(part) = all.next().await {
                memory.learn_part(part);
            }
        }
        Op::Timeout(ops) => match timeout(part(world, *memory, ops)).await {
            Ok(part) => memory.learn_part(part),
            Err(_) => memory.learn(-1),
        },
        Op::Catch(ops) => match AssertUnwindSafe(part(world, *memory, ops)).catch_unwind().await {
            Ok(part) => memory.learn_part(part),
            Err(_) => memory.learn(-2),
        },
        Op::Abortable(ops) => {
            // One run for each handle.
            if world.ran.fetch_add(1, SeqCst) == 0 {
                match world.abort.run(part(world, *memory, ops)).await {
                    Ok(part) => memory.learn_part(part),
                    Err(_) => memory.learn(-3),
                }
            }
        }
        Op::Spawn(ops, joins) => {
            let own = Memory { role: child(memory.role), ..*memory };
            let handle = hand_over(world, part(world, own, ops));
            if *joins {
                memory.learn(handle.await.expect("nobody panics"));
            }
        }
        _ => unreachable!("it has no parts"),
    }
}

/// Adds an actor that does `part`; gives back what it learned last.
fn hand_over<P: Extended>(world: &Rc<World<P>>, part: Part) -> JoinHandle<i64> {
    let world = Rc::clone(world);
    add("child", async move {
        let memory = part.await;
        end(&world, memory);
        memory.last
    })
}
