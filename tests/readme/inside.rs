//! What a program may do inside an exploration: each row is explored in each way.

use std::cell::Cell;
use std::collections::HashSet;
use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::Duration;

use selvedge::explore::{Actors, Explorer, Limits, Model, Traced, choose, sleep, spawn, timeout};
use selvedge::primitives::{
    self, BlockingLock as _, Event as _, Extended, Lock as _, Primitives, Tokio, Watch as _,
    WatchReceiver as _,
};

type Word = <Model as Primitives>::Cell;
type Finish = Box<dyn FnOnce() -> i64>;

struct Row {
    what: &'static str,
    program: fn(&mut Actors) -> Finish,
}

const ROWS: [Row; 24] = [
    Row { what: "primitives of `Model`", program: |actors| two(actors, adds_to_a_word) },
    Row {
        what: "primitives of `Traced<Tokio>`",
        program: |actors| {
            let mutex = Rc::new(<Traced<Tokio> as Primitives>::Mutex::new("mutex"));
            two(actors, move |_| {
                let mutex = Rc::clone(&mutex);
                async move { drop(mutex.acquire().await) }
            })
        },
    },
    Row {
        what: "`tokio::sync`, such as a contended `Mutex`",
        program: |actors| {
            let mutex = Rc::new(tokio::sync::Mutex::new(0));
            two(actors, move |_| {
                let mutex = Rc::clone(&mutex);
                async move {
                    let mut value = mutex.lock().await;
                    Model::yield_now().await;
                    *value += 1;
                }
            })
        },
    },
    Row {
        what: "`Rc<Cell>` and the like, shared alone",
        program: |actors| {
            let cell = Rc::new(Cell::new(0));
            actors.spawn("left", adds_to(Rc::clone(&cell)));
            actors.spawn("right", adds_to(Rc::clone(&cell)));
            Box::new(move || cell.get())
        },
    },
    Row {
        what: "`Rc<Cell>` and the like, beside a primitive",
        program: |actors| {
            let cell = Rc::new(Cell::new(0));
            let read = Rc::clone(&cell);
            let _ = two(actors, move |word| {
                word_get(&word);
                adds_to(Rc::clone(&cell))
            });
            Box::new(move || read.get())
        },
    },
    Row {
        what: "`explore::spawn`, `sleep`, `timeout`, `choose`, `select!`",
        program: |actors| {
            two(actors, |_| async {
                let child = spawn("child", async { choose(2) });
                sleep(Duration::from_millis(1)).await;
                selvedge::explore::select! {
                    _ = timeout(std::future::pending::<()>()) => {}
                    _ = child => {}
                }
            })
        },
    },
    Row {
        what: "`abort` on a handle of `explore::spawn`",
        program: |actors| {
            two(actors, |_| async {
                let child = spawn("child", std::future::pending::<()>());
                child.abort();
                drop(child.await);
            })
        },
    },
    Row {
        what: "a wait that one actor begins and another ends",
        program: |actors| {
            two(actors, |_| async {
                let event = Rc::new(<Model as Primitives>::Event::new("event"));
                let waited = Rc::clone(&event);
                let mut wait = Box::pin(async move { waited.wait().await });
                let _ = futures::poll!(&mut wait);
                drop(spawn("child", wait));
                event.set();
            })
        },
    },
    Row { what: "a panic", program: |actors| two(actors, |_| async { panic!("an outcome") }) },
    Row {
        what: "a panic that is caught, on whose way two accesses are made",
        program: |actors| {
            two(actors, |word| async move {
                let accesses = Accesses(word);
                let caught = catch_unwind(AssertUnwindSafe(|| {
                    let _accesses = accesses;
                    panic!("caught");
                }));
                assert!(caught.is_err());
            })
        },
    },
    Row {
        what: "a lock that blocks the thread, held across an await",
        program: |actors| {
            let mutex = Rc::new(<Model as Primitives>::BlockingMutex::new("mutex"));
            two(actors, move |_| {
                let mutex = Rc::clone(&mutex);
                async move {
                    let _guard = mutex.acquire();
                    Model::yield_now().await;
                }
            })
        },
    },
    Row {
        what: "the condition of `wait_for` accesses a primitive",
        program: |actors| {
            let watch = Rc::new(<Model as Extended>::Watch::new("watch", 0));
            two(actors, move |word| {
                let watch = Rc::clone(&watch);
                async move {
                    let reached = |value: i64| value >= primitives::Cell::get(&*word);
                    watch.subscribe().wait_for(reached).await;
                }
            })
        },
    },
    Row {
        what: "the closure that reads the outcome calls `choose`",
        program: |actors| {
            let _ = two(actors, adds_to_a_word);
            Box::new(|| choose(2) as i64)
        },
    },
    Row {
        what: "a loop that never ends, with an await",
        program: |actors| {
            two(actors, |_| async {
                loop {
                    Model::yield_now().await;
                }
            })
        },
    },
    Row {
        what: "a loop around `choose`",
        program: |actors| two(actors, |_| async { while choose(2) == 0 {} }),
    },
    Row { what: "no actor", program: |_| Box::new(|| 0) },
    Row {
        what: "`tokio::select!` that is not `biased`",
        program: |actors| {
            random(actors, |_| async {
                tokio::select! {
                    () = async {} => 1,
                    () = async {} => 2,
                }
            })
        },
    },
    Row {
        what: "the order of a `HashSet`",
        program: |actors| {
            random(actors, |_| async {
                HashSet::from([1, 2, 3, 4]).into_iter().next().expect("there are four")
            })
        },
    },
    Row {
        what: "state kept between runs",
        program: |actors| {
            thread_local!(static RUNS: Cell<i64> = const { Cell::new(0) });
            random(actors, |_| async { RUNS.replace(RUNS.get() + 1) })
        },
    },
    Row {
        what: "`tokio::spawn`",
        program: |actors| calls(actors, || drop(tokio::spawn(async {}))),
    },
    Row {
        what: "`tokio::task::JoinSet`",
        program: |actors| {
            calls(actors, || {
                tokio::task::JoinSet::new().spawn(async {});
            })
        },
    },
    Row {
        what: "`tokio::task::spawn_blocking`",
        program: |actors| calls(actors, || drop(tokio::task::spawn_blocking(|| ()))),
    },
    Row {
        what: "`tokio::time::sleep`, `timeout`, `interval`",
        program: |actors| calls(actors, || drop(tokio::time::sleep(Duration::from_secs(1)))),
    },
    Row {
        what: "`tokio::runtime::Handle::current`",
        program: |actors| calls(actors, || drop(tokio::runtime::Handle::current())),
    },
];

fn word(name: &'static str) -> Rc<Word> {
    Rc::new(primitives::Cell::new(name, 0))
}

fn word_get(word: &Word) -> i64 {
    primitives::Cell::get(word)
}

/// Two actors that do this with a word.
fn two<F: Future<Output = ()> + 'static>(
    actors: &mut Actors,
    body: impl Fn(Rc<Word>) -> F,
) -> Finish {
    let word = word("word");
    actors.spawn("left", body(Rc::clone(&word)));
    actors.spawn("right", body(Rc::clone(&word)));
    Box::new(move || word_get(&word))
}

/// Two actors add what this gives back to a word.
fn random<F: Future<Output = i64> + 'static>(
    actors: &mut Actors,
    body: fn(Rc<Word>) -> F,
) -> Finish {
    two(actors, move |word| async move {
        let value = body(Rc::clone(&word)).await;
        primitives::Cell::set(&*word, value);
    })
}

fn calls(actors: &mut Actors, call: fn()) -> Finish {
    two(actors, move |_| async move { call() })
}

async fn adds_to_a_word(word: Rc<Word>) {
    primitives::Cell::set(&*word, word_get(&word) + 1);
}

async fn adds_to(cell: Rc<Cell<i64>>) {
    let value = cell.get();
    Model::yield_now().await;
    cell.set(value + 1);
}

/// Accesses a word twice when it is dropped.
struct Accesses(Rc<Word>);

impl Drop for Accesses {
    fn drop(&mut self) {
        primitives::Cell::set(&*self.0, 1);
        primitives::Cell::set(&*self.0, 2);
    }
}

/// What an exploration says, if it is not complete.
fn refusal(explorer: Explorer, program: fn(&mut Actors) -> Finish) -> Option<String> {
    let limits = Limits { steps: 500, ..Limits::default() };
    let result = catch_unwind(|| {
        let findings = explorer.limits(limits).explore(program);
        findings.exploration().incomplete.as_ref().map(ToString::to_string)
    });
    let panicked = |payload: Box<dyn std::any::Any + Send>| {
        Some(*payload.downcast::<String>().expect("a panic says why"))
    };
    let sentence = result.unwrap_or_else(panicked)?;
    // What differs from run to run, or with every line of this file.
    let sentence = match sentence.split_once(": one schedule ended in") {
        Some((beginning, _)) => beginning.to_owned(),
        None => sentence,
    };
    let here = format!(" at {}:", file!());
    let mut parts = sentence.split(&here);
    let first = parts.next().unwrap_or_default().to_owned();
    Some(
        parts
            .fold(first, |text, part| text + part.trim_start_matches(|c: char| c.is_ascii_digit())),
    )
}

pub fn table() -> String {
    let mut table =
        "| in a program | `opaque` | `merging` | `threads` | what is said |\n".to_owned();
    table += "|---|---|---|---|---|\n";
    for Row { what, program } in ROWS {
        let explorers = [Explorer::opaque(), Explorer::merging(), Explorer::threads()];
        let refusals = explorers.map(|explorer| refusal(explorer, program));
        let cells = refusals.each_ref().map(|it| if it.is_none() { "explored" } else { "refused" });
        let mut said: Vec<_> = refusals.into_iter().flatten().collect();
        said.dedup();
        let _ = writeln!(table, "| {what} | {} | {} |", cells.join(" | "), said.join("; "));
    }
    table
}
