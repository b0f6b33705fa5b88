//! shuttle with its depth-first scheduler, the only one of its schedulers that finishes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use shuttle::scheduler::DfsScheduler;
use shuttle::{Config, Runner, future, sync, thread};
use tokio::sync::Mutex;

use peers::peer::{Explored, Peer};
use peers::program::Program;
use peers::tally::{Finishing, Tally};

const PEER: Peer = Peer { name: "shuttle, depth-first", supports: |_| Ok(()), explore };

fn main() -> ExitCode {
    peers::child::explore(&[PEER])
}

fn explore(program: Program, actors: usize) -> Explored {
    let tally = Tally::default();
    let sink = tally.clone();
    let runner = Runner::new(DfsScheduler::new(None, false), Config::new());
    runner.run(move || match program {
        Program::TasksUnlocked | Program::TasksLocked => tasks(program, actors, &sink),
        Program::ThreadsUnlocked | Program::ThreadsLocked => threads(program, actors, &sink),
    });
    Explored::from(&tally)
}

fn tasks(program: Program, actors: usize, tally: &Tally) {
    let is_locked = program == Program::TasksLocked;
    let shared = Arc::new((Mutex::new(()), AtomicI64::new(0), Finishing::new(actors)));
    for _ in 0..actors {
        let (shared, tally) = (Arc::clone(&shared), tally.clone());
        let task = future::spawn(async move {
            let (lock, value, finishing) = &*shared;
            let guard = if is_locked { Some(lock.lock().await) } else { None };
            let seen = value.load(Ordering::Relaxed);
            future::yield_now().await;
            value.store(seen + 1, Ordering::Relaxed);
            drop(guard);
            if finishing.is_last() {
                tally.add(value.load(Ordering::Relaxed));
            }
        });
        // An execution does not wait for tasks whose handle was dropped.
        std::mem::forget(task);
    }
}

fn threads(program: Program, actors: usize, tally: &Tally) {
    let is_locked = program == Program::ThreadsLocked;
    let value = sync::atomic::AtomicI64::new(0);
    let shared = Arc::new((sync::Mutex::new(()), value, Finishing::new(actors)));
    let actor = move |tally: Tally| {
        let (lock, value, finishing) = &*shared;
        let guard = is_locked.then(|| lock.lock().expect("nobody panics"));
        let seen = value.load(Ordering::SeqCst);
        value.store(seen + 1, Ordering::SeqCst);
        drop(guard);
        if finishing.is_last() {
            tally.add(value.load(Ordering::SeqCst));
        }
    };
    // The main thread is one of the actors: every further thread costs schedules.
    for _ in 1..actors {
        let (actor, tally) = (actor.clone(), tally.clone());
        std::mem::forget(thread::spawn(move || actor(tally)));
    }
    actor(tally.clone());
}
