//! selvedge: merging on the model primitives, merging on traced real types, and opaque.

use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicI64, Ordering};

use selvedge::catalogue::{Locked, Policy, Unlocked};
use selvedge::explore::{Actors, Explorer, Model, Outcome, Traced, Value};
use selvedge::primitives::{Cell, Lock, Primitives, Tokio};
use tokio::sync::Mutex;

use peers::peer::{Explored, Peer};
use peers::program::Program;

const EVENT_LOOP_ONLY: &str = "real types run on an event loop";

fn main() -> ExitCode {
    peers::child::explore(&[MERGING, TRACED, OPAQUE])
}

/// On the model primitives.
const MERGING: Peer = Peer {
    name: "selvedge, model",
    supports: |_| Ok(()),
    explore: |program, actors| match program {
        Program::TasksUnlocked => counter::<Model, Unlocked>(Explorer::merging(), actors),
        Program::TasksLocked => counter::<Model, Locked>(Explorer::merging(), actors),
        Program::ThreadsUnlocked => counter::<Model, Unlocked>(Explorer::threads(), actors),
        Program::ThreadsLocked => counter::<Model, Locked>(Explorer::threads(), actors),
    },
};

/// On tokio's types, with an adapter that reports what is done to them.
const TRACED: Peer = Peer {
    name: "selvedge, tokio traced",
    supports: is_on_event_loop,
    explore: |program, actors| match program {
        Program::TasksUnlocked => counter::<Traced<Tokio>, Unlocked>(Explorer::merging(), actors),
        _ => counter::<Traced<Tokio>, Locked>(Explorer::merging(), actors),
    },
};

/// On tokio's types, of which the explorer knows nothing.
const OPAQUE: Peer = Peer {
    name: "selvedge, opaque",
    supports: is_on_event_loop,
    explore: |program, actors| {
        explore(Explorer::opaque(), |spawned| {
            let shared = Rc::new((Mutex::new(()), AtomicI64::new(0)));
            let is_locked = program == Program::TasksLocked;
            for _ in 0..actors {
                let shared = Rc::clone(&shared);
                spawned.spawn("task", async move {
                    let (lock, value) = &*shared;
                    let _guard = if is_locked { Some(lock.lock().await) } else { None };
                    let seen = value.load(Ordering::Relaxed);
                    peers::peer::yield_now().await;
                    value.store(seen + 1, Ordering::Relaxed);
                });
            }
            Box::new(move || shared.1.load(Ordering::Relaxed).into())
        })
    },
};

fn is_on_event_loop(program: Program) -> Result<(), &'static str> {
    match program {
        Program::TasksUnlocked | Program::TasksLocked => Ok(()),
        Program::ThreadsUnlocked | Program::ThreadsLocked => Err(EVENT_LOOP_ONLY),
    }
}

type Finish = Box<dyn FnOnce() -> Value>;

/// The counter on the family `P`, guarded by `G`. On threads giving way is nothing: every access
/// is a point where others come in.
fn counter<P: Primitives, G: Policy>(explorer: Explorer, actors: usize) -> Explored {
    explore(explorer, |spawned| {
        let shared = Rc::new((G::Lock::<P>::new("lock"), P::Cell::new("value", 0)));
        let own = Rc::clone(&shared);
        spawned.replicas("task", actors, move || {
            let shared = Rc::clone(&own);
            async move {
                let (lock, value) = &*shared;
                let _guard = lock.acquire().await;
                let seen = value.get();
                P::yield_now().await;
                value.set(seen + 1);
            }
        });
        Box::new(move || shared.1.get().into())
    })
}

fn explore(explorer: Explorer, program: impl Fn(&mut Actors) -> Finish) -> Explored {
    let findings = explorer.explore(program);
    let exploration = findings.exploration();
    assert_eq!(exploration.incomplete, None);
    let number = |outcome: &Outcome| match outcome {
        Outcome::Value(Value::Number(number)) => *number,
        other => panic!("{other}"),
    };
    Explored {
        outcomes: exploration.outcomes().iter().map(number).collect(),
        executions: exploration.executions,
        states: exploration.states,
    }
}
