//! loom, the model written so that loom has as little to explore as we know how: the standard
//! library's `Arc`, nobody joined, the main thread one of the actors.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use loom::model::Builder;
use loom::sync::Mutex;
use loom::sync::atomic::AtomicI64;
use loom::thread;

use peers::peer::{Explored, Peer};
use peers::program::Program;
use peers::tally::{Finishing, Tally};

const PEER: Peer = Peer {
    name: "loom",
    supports: |program| match program {
        Program::TasksUnlocked | Program::TasksLocked => Err("runs threads, has no event loop"),
        Program::ThreadsUnlocked | Program::ThreadsLocked => Ok(()),
    },
    explore,
};

fn main() -> ExitCode {
    peers::child::explore(&[PEER])
}

fn explore(program: Program, actors: usize) -> Explored {
    let tally = Tally::default();
    let sink = tally.clone();
    let is_locked = program == Program::ThreadsLocked;
    let mut builder = Builder::new();
    // A bound from the environment would pass for a proof.
    (builder.max_permutations, builder.max_duration, builder.preemption_bound) = (None, None, None);
    builder.check(move || {
        let shared = Arc::new((Mutex::new(()), AtomicI64::new(0), Finishing::new(actors)));
        let tally = sink.clone();
        let actor = move |tally: Tally| {
            let (lock, value, finishing) = &*shared;
            let guard = is_locked.then(|| lock.lock().expect("nobody panics"));
            // Loom misses interleavings of plain loads and stores, and none of read-modify-writes.
            let seen = value.fetch_add(0, Ordering::Relaxed);
            value.swap(seen + 1, Ordering::Relaxed);
            drop(guard);
            loom::stop_exploring();
            if finishing.is_last() {
                tally.add(value.fetch_add(0, Ordering::Relaxed));
            }
            loom::explore();
        };
        for _ in 1..actors {
            let (actor, tally) = (actor.clone(), tally.clone());
            thread::spawn(move || actor(tally));
        }
        actor(tally);
    });
    Explored::from(&tally)
}
