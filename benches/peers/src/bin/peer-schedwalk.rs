//! schedwalk: every order of polling, depth first.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::Mutex;

use peers::peer::{Explored, Peer};
use peers::program::Program;
use peers::tally::{Finishing, Tally};

const PEER: Peer = Peer {
    name: "schedwalk",
    supports: |program| match program {
        Program::TasksUnlocked | Program::TasksLocked => Ok(()),
        Program::ThreadsUnlocked | Program::ThreadsLocked => Err("polls futures, has no threads"),
    },
    explore,
};

fn main() -> ExitCode {
    peers::child::explore(&[PEER])
}

fn explore(program: Program, actors: usize) -> Explored {
    let tally = Tally::default();
    let is_locked = program == Program::TasksLocked;
    schedwalk::for_all_schedules(|| {
        let shared = Arc::new((Mutex::new(()), AtomicI64::new(0), Finishing::new(actors)));
        let tally = tally.clone();
        async move {
            for _ in 0..actors {
                let (shared, tally) = (Arc::clone(&shared), tally.clone());
                drop(schedwalk::spawn(async move {
                    let (lock, value, finishing) = &*shared;
                    let guard = if is_locked { Some(lock.lock().await) } else { None };
                    let seen = value.load(Ordering::Relaxed);
                    peers::peer::yield_now().await;
                    value.store(seen + 1, Ordering::Relaxed);
                    drop(guard);
                    if finishing.is_last() {
                        tally.add(value.load(Ordering::Relaxed));
                    }
                }));
            }
        }
    });
    Explored::from(&tally)
}
