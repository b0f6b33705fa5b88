//! The actors of one execution.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::rc::Rc;

use super::coroutine::Thread;
use super::names;
use super::returned::{Reader, Returned, returning, succeeding};
use super::setup::Setup;
use crate::primitives::Task;

/// The actors of one execution: what a program adds them to, before the first step.
///
/// They are kept elsewhere, for a program that is called by
/// [`Explorer::explore`](crate::explore::Explorer::explore); this has no size, and is lent for as long
/// as one likes. So what a program returns may name the lifetime of its borrow, as the return type
/// `impl FnOnce() -> i64` of a function does without its saying so.
pub struct Actors {
    /// They belong to the thread.
    _not_send: PhantomData<Rc<()>>,
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
    pub(super) fn lent() -> Self {
        Self { _not_send: PhantomData }
    }

    #[expect(clippy::unused_self, reason = "only who was lent them adds actors")]
    fn with<R>(&mut self, visit: impl FnOnce(&mut Setup) -> R) -> R {
        Setup::with(visit)
    }

    /// Adds one actor, called `name` in a witness: a literal, or what `format!` makes. What it returns is
    /// for the closure that reads the outcome.
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
        self.add(name.into(), reader, task, None);
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
        self.add(name.into(), reader, task, None);
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
        self.add(name.into(), reader, task, Some(Location::caller()));
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
        role: &'static str,
        count: usize,
        alike: bool,
        body: &Rc<dyn Fn(usize) -> Task>,
    ) {
        self.with(|setup| {
            for number in 1..=count {
                let start = Start::Numbered(Rc::clone(body), number);
                setup.groups += usize::from(number == 1 || !alike);
                let name = Name { role, number: (count > 1).then_some(number) };
                setup.add(name, Reader::default(), start, None);
            }
        });
    }

    fn add(
        &mut self,
        name: Cow<'static, str>,
        reader: Reader,
        task: impl Future<Output = ()> + 'static,
        cancellable: Option<&'static Location<'static>>,
    ) {
        let name = Name { role: names::kept(name), number: None };
        let start = Start::Single(Box::pin(task));
        self.with(|setup| {
            setup.groups += 1;
            setup.add(name, reader, start, cancellable);
        });
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
        let holds = Box::new(holds);
        self.with(|setup| setup.invariants.push(Invariant { name, holds }));
    }

    /// Allows up to `each` spurious polls of every actor, as an executor may make them: a future that
    /// takes a poll for a wake is wrong, and so is one that needs a poll without a wake.
    pub fn allow_spurious_polls(&mut self, each: usize) {
        self.with(|setup| setup.spurious_polls = each);
    }
}
