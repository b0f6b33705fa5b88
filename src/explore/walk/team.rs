//! Several threads that walk one tree of schedules.
//!
//! Each walks depth first, as one alone does. When one has nothing left to do, another gives away the
//! options that it would have come to last: the frontier is split where it is widest, and only when
//! somebody waits for it, so that a lock around it is enough.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::all::All;
use super::search::{Ended, Search};
use super::visited::Apart;
use crate::explore::run::choices::Choices;
use crate::explore::run::execution::Finish;
use crate::explore::run::session::Session;
use crate::explore::{Actors, Config};

/// A program that several threads may run, and how many.
#[derive(Clone, Copy)]
pub(crate) struct Crew<'a> {
    pub(crate) program: &'a (dyn Fn(&'static mut Actors) -> Finish + Sync),
    pub(crate) size: NonZeroUsize,
}

/// The stack of each thread, on which actors of an event loop are polled: as large as a main thread's.
const STACK: usize = 8 * 1024 * 1024;

impl Crew<'_> {
    /// Walks through all schedules. Each thread keeps what `remember` makes.
    pub(super) fn walk<'a>(
        self,
        session: &Rc<Session>,
        config: Config,
        remember: &(dyn Fn() -> All<'a> + Sync),
    ) -> (All<'a>, Ended) {
        let team = Team::new();
        let walk = |session: &Rc<Session>| {
            let member = &team.join();
            let search = Search { program: self.program, session, config, member: Some(member) };
            let mut all = remember();
            let ended = search.run(&mut all);
            (all, ended)
        };
        let walk_beside = || walk(&Rc::new(Session::new(config.limits)));
        thread::scope(|scope| {
            let begin = |_| {
                let thread = thread::Builder::new().name("selvedge walk".to_owned());
                // If the system gives no more threads, the walk only takes longer.
                thread.stack_size(STACK).spawn_scoped(scope, walk_beside).ok()
            };
            let others: Vec<_> = (1..self.size.get()).filter_map(begin).collect();
            let (mut all, mut ended) = walk(session);
            for other in others {
                let (theirs, end) = other.join().unwrap_or_else(|panic| resume_unwind(panic));
                all.add(theirs);
                ended.add(end);
            }
            all.demand_known();
            (all, ended)
        })
    }
}

/// What the threads of one walk share.
pub(crate) struct Team {
    frontier: Mutex<Frontier>,
    changed: Condvar,
    /// How many threads wait for a part, beyond those parts that wait for a thread.
    wanted: AtomicUsize,
    is_over: AtomicBool,
    executions: Apart<AtomicU64>,
}

#[derive(Default)]
struct Frontier {
    /// Parts of the walk that nobody walks yet.
    parts: Vec<Choices>,
    members: usize,
    /// How many of them wait for a part.
    waiting: usize,
}

/// One of the threads. The walk is over for the others too when it panics.
pub(crate) struct Member<'a> {
    team: &'a Team,
}

impl Team {
    /// A team that is to walk everything.
    fn new() -> Self {
        let parts = vec![Choices::default()];
        Self {
            frontier: Mutex::new(Frontier { parts, members: 0, waiting: 0 }),
            changed: Condvar::new(),
            wanted: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
            executions: Apart::default(),
        }
    }

    fn join(&self) -> Member<'_> {
        self.frontier().members += 1;
        Member { team: self }
    }

    fn frontier(&self) -> MutexGuard<'_, Frontier> {
        self.frontier.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        // Whoever is about to wait sees it or is woken.
        drop(self.frontier());
        self.changed.notify_all();
    }
}

impl Member<'_> {
    /// Another execution begins. Gives back how many have begun.
    #[inline]
    pub(super) fn begin(&self) -> u64 {
        self.team.executions.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Turns to the next execution, of its own part of the walk or of another; `false` if nobody has any
    /// left, or the walk is over.
    pub(super) fn advance(&self, choices: &mut Choices) -> bool {
        if self.is_over() {
            return false;
        }
        if self.team.wanted.load(Ordering::Relaxed) > 0 {
            self.give_away(choices);
        }
        choices.backtrack() || self.part().map(|part| *choices = part).is_some()
    }

    #[inline]
    fn is_over(&self) -> bool {
        self.team.is_over.load(Ordering::Relaxed)
    }

    fn give_away(&self, choices: &mut Choices) {
        if let Some(part) = choices.split() {
            let mut frontier = self.team.frontier();
            frontier.parts.push(part);
            self.team.count_wanted(&frontier);
            drop(frontier);
            self.team.changed.notify_one();
        }
    }

    /// Waits for a part.
    fn part(&self) -> Option<Choices> {
        let mut frontier = self.team.frontier();
        frontier.waiting += 1;
        loop {
            if self.is_over() {
                return None;
            }
            if let Some(part) = frontier.parts.pop() {
                frontier.waiting -= 1;
                self.team.count_wanted(&frontier);
                return Some(part);
            }
            if frontier.waiting == frontier.members {
                return None;
            }
            self.team.count_wanted(&frontier);
            frontier = self.team.changed.wait(frontier).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Team {
    /// To be called with the lock.
    fn count_wanted(&self, frontier: &Frontier) {
        let wanted = frontier.waiting.saturating_sub(frontier.parts.len());
        self.wanted.store(wanted, Ordering::Relaxed);
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        self.team.end();
    }
}
