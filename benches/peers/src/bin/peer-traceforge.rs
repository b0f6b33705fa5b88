//! traceforge: executions that differ in nothing but the order of independent steps count as one.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use traceforge::sync::Mutex;
use traceforge::sync::atomic::AtomicI64;
use traceforge::{Config, thread};

use peers::peer::{Explored, Peer};
use peers::program::Program;
use peers::tally::Tally;

const PEER: Peer = Peer {
    name: "traceforge",
    supports: |program| match program {
        Program::TasksUnlocked | Program::TasksLocked => {
            Err("tasks interleave at messages, not at polls")
        }
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
    let stats = traceforge::verify(Config::builder().build(), move || {
        let lock = is_locked.then(|| Mutex::new(()));
        let shared = Arc::new((lock, AtomicI64::new(0)));
        let actor = |shared: Arc<(Option<Mutex<()>>, AtomicI64)>| {
            let (lock, value) = &*shared;
            let _guard = lock.as_ref().map(Mutex::blocking_lock);
            let seen = value.load(Ordering::SeqCst);
            value.store(seen + 1, Ordering::SeqCst);
        };
        let spawn = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || actor(shared))
        };
        let threads: Vec<_> = (0..actors).map(spawn).collect();
        for thread in threads {
            thread.join().expect("nobody panics");
        }
        sink.add(shared.1.load(Ordering::SeqCst));
    });
    let executions = (stats.execs + stats.block) as u64;
    Explored { executions, ..Explored::from(&tally) }
}
