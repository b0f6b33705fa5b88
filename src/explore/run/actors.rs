//! The actors of one execution.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::rc::Rc;

use super::coroutine::Thread;
use super::names;
use super::returned::{Reader, Returned, returning, succeeding};
use crate::primitives::Task;

/// The actors of one execution, in the order of spawning.
#[derive(Default)]
pub struct Actors {
    pub(crate) slots: Vec<Slot>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) spurious_polls: usize,
    groups: usize,
}

/// What must hold at every state.
pub(crate) struct Invariant {
    pub(crate) name: &'static str,
    pub(crate) holds: Box<dyn Fn() -> bool>,
}

pub(crate) struct Slot {
    pub(crate) name: Name,
    /// Actors of one group were made by one closure and are interchangeable.
    pub(crate) group: usize,
    /// Where it was spawned, if it may be cancelled.
    pub(crate) cancellable: Option<&'static Location<'static>>,
    /// Who is to read what it returns.
    pub(crate) reader: Reader,
    /// How often it may still be polled without having been woken.
    pub(crate) spurious_polls: usize,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    Unstarted(Start),
    /// An actor of the event loop.
    Polled(Task),
    /// An actor of the threads world.
    Threaded(Box<Thread>),
    Finished,
}

/// How an actor begins.
pub(crate) enum Start {
    /// As one of several, by its number.
    Numbered(Rc<dyn Fn(usize) -> Task>, usize),
    Single(Task),
}

impl Start {
    pub(crate) fn begin(self) -> Task {
        match self {
            Self::Numbered(body, number) => body(number),
            Self::Single(task) => task,
        }
    }
}

/// An actor's name: its role, and its number where the role is played by several.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    pub(crate) role: &'static str,
    pub(crate) number: Option<usize>,
}

impl Name {
    /// The name of an actor that is spawned after the `earlier` ones: several of one role are
    /// numbered.
    pub(crate) fn after<'a>(
        earlier: impl Iterator<Item = &'a mut Self>,
        role: &'static str,
    ) -> Self {
        let mut alike = earlier.filter(|name| name.role == role);
        let number = alike.next().map(|first| {
            first.number = Some(1);
            2 + alike.count()
        });
        Self { role, number }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            Some(number) => write!(f, "{} {number}", self.role),
            None => f.write_str(self.role),
        }
    }
}

impl Actors {
    /// Adds one actor, called `name` in a witness: a literal, or what `format!` makes. What it returns is for the closure that reads the outcome.
    ///
    /// ```
    /// use selvedge::explore::Explorer;
    ///
    /// Explorer::opaque()
    ///     .explore(|actors| {
    ///         let sum = actors.spawn("adds", async { 2 + 3 });
    ///         move || sum.value()
    ///     })
    ///     .assert_outcomes([5]);
    /// ```
    pub fn spawn<T: 'static>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        future: impl Future<Output = T> + 'static,
    ) -> Returned<T> {
        let (returned, reader, task) = returning(future, false);
        self.add_single(name.into(), reader, task);
        returned
    }

    /// Adds one actor that may fail: an error that it returns ends the execution in
    /// [`Outcome::Error`](crate::explore::Outcome::Error), as a panic would.
    pub fn spawn_fallible<T: 'static, E: fmt::Debug + 'static>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        future: impl Future<Output = Result<T, E>> + 'static,
    ) -> Returned<T> {
        let (returned, reader, task) = returning(succeeding(future), false);
        self.add_single(name.into(), reader, task);
        returned
    }

    /// Adds one actor that may be cancelled, that is dropped, before its first poll and wherever it
    /// is suspended. Nobody has to cancel it: where it waits and nothing else can happen, the
    /// execution ends in a deadlock too.
    #[track_caller]
    pub fn spawn_cancellable<T: 'static>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        future: impl Future<Output = T> + 'static,
    ) -> Returned<T> {
        let (returned, reader, task) = returning(future, true);
        let slot = self.add_single(name.into(), reader, task);
        slot.cancellable = Some(Location::caller());
        returned
    }

    /// Adds `count` actors that all do what `body` returns. They are interchangeable: `body` must
    /// not tell one call from another, or states that differ are taken for equal.
    pub fn replicas<F>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        count: usize,
        body: impl Fn() -> F + 'static,
    ) where
        F: Future<Output = ()> + 'static,
    {
        let body: Rc<dyn Fn(usize) -> Task> = Rc::new(move |_| Box::pin(body()));
        self.play(names::kept(name.into()), count, true, &body);
    }

    /// Adds `count` actors of one name, each of which does what `body` returns for its number, from 1.
    /// Where they are `alike`, `body` must not make use of the number.
    pub(crate) fn play(
        &mut self,
        name: &'static str,
        count: usize,
        alike: bool,
        body: &Rc<dyn Fn(usize) -> Task>,
    ) {
        for number in 1..=count {
            let start = Start::Numbered(Rc::clone(body), number);
            self.groups += usize::from(number == 1 || !alike);
            let name = Name { role: name, number: (count > 1).then_some(number) };
            self.add(name, Reader::default(), start);
        }
    }

    fn add_single(
        &mut self,
        name: Cow<'static, str>,
        reader: Reader,
        task: impl Future<Output = ()> + 'static,
    ) -> &mut Slot {
        self.groups += 1;
        let name = Name { role: names::kept(name), number: None };
        self.add(name, reader, Start::Single(Box::pin(task)))
    }

    fn add(&mut self, name: Name, reader: Reader, start: Start) -> &mut Slot {
        let (group, body) = (self.groups, Body::Unstarted(start));
        let slot = Slot { name, group, cancellable: None, reader, spurious_polls: 0, body };
        self.slots.push(slot);
        self.slots.last_mut().expect("one was added")
    }

    /// Demands that `holds` is true before the first step and after every step; where it is not,
    /// the execution ends in [`Outcome::Violation`](crate::explore::Outcome::Violation).
    ///
    /// Between two steps a lock may be held: an invariant that a critical section suspends for a
    /// while has to say so.
    pub fn invariant(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        holds: impl Fn() -> bool + 'static,
    ) {
        let name = names::kept(name.into());
        self.invariants.push(Invariant { name, holds: Box::new(holds) });
    }

    /// Allows up to `each` spurious polls of every actor, as an executor may make them: a future that
    /// takes a poll for a wake is wrong, and so is one that needs a poll without a wake.
    pub fn allow_spurious_polls(&mut self, each: usize) {
        self.spurious_polls = each;
    }

    /// How many actors there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Their names, in order.
    pub fn names(&self) -> Vec<String> {
        self.slots.iter().map(|slot| slot.name.to_string()).collect()
    }

    /// Every actor's future, in order.
    pub fn into_tasks(self) -> Vec<Task> {
        self.slots
            .into_iter()
            .filter_map(|slot| match slot.body {
                Body::Unstarted(start) => Some(start.begin()),
                Body::Polled(_) | Body::Threaded(_) | Body::Finished => None,
            })
            .collect()
    }
}
