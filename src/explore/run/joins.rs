//! What becomes of actors that were spawned: panics that are caught, and aborts.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt;

use super::panics::{self, Caught};
use crate::observe::ActorId;

/// Why an actor that was [spawned](crate::explore::spawn) returned nothing.
#[derive(thiserror::Error)]
pub struct JoinError {
    name: &'static str,
    /// `None` if it was aborted.
    panic: Option<Caught>,
}

impl JoinError {
    pub(super) fn new(name: &'static str, panic: Option<Caught>) -> Self {
        Self { name, panic }
    }

    pub(super) fn panic(&self) -> Option<&Caught> {
        self.panic.as_ref()
    }

    /// Whether the actor panicked.
    pub fn is_panic(&self) -> bool {
        self.panic.is_some()
    }

    /// Whether the actor was aborted.
    pub fn is_cancelled(&self) -> bool {
        self.panic.is_none()
    }

    /// What the actor panicked with, for [`resume_unwind`](std::panic::resume_unwind).
    ///
    /// # Panics
    ///
    /// If it did not panic.
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.panic.expect("the actor was aborted and did not panic").payload
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinError({self})")
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.panic {
            Some(panic) => write!(f, "{} panicked: {}", self.name, panic.message),
            None => write!(f, "{} was aborted", self.name),
        }
    }
}

/// What an execution has yet to hear of the actors that were spawned during it.
#[derive(Default)]
pub(crate) struct Joins {
    has_news: Cell<bool>,
    /// Panics that somebody may still ask for, each by the number of its handle.
    caught: RefCell<Vec<(u64, String)>>,
    handles: Cell<u64>,
    /// The first panic that nobody will ask for any more.
    overlooked: RefCell<Option<Overlooked>>,
    /// Actors that were aborted in the current step.
    aborted: RefCell<Vec<ActorId>>,
    /// Whether one was aborted by a thread.
    aborts_on_threads: Cell<bool>,
}

/// A panic that nobody asked for.
pub(super) struct Overlooked {
    pub(super) message: String,
    pub(super) location: Option<String>,
    /// Whether it was given up before whatever the step itself panicked with, and not on its way.
    pub(super) is_first: bool,
}

/// What the last step has brought.
pub(super) struct News {
    pub(super) overlooked: Option<Overlooked>,
    pub(super) aborted: Vec<ActorId>,
    pub(super) aborts_on_threads: bool,
}

impl Joins {
    /// What the last step has brought, if anything.
    #[inline]
    pub(super) fn news(&self) -> Option<News> {
        self.has_news.take().then(|| News {
            overlooked: self.overlooked.take(),
            aborted: self.aborted.take(),
            aborts_on_threads: self.aborts_on_threads.take(),
        })
    }

    /// A number for a handle.
    pub(super) fn number(&self) -> u64 {
        self.handles.set(self.handles.get() + 1);
        self.handles.get()
    }

    /// An actor has panicked, and its handle is there to ask.
    pub(super) fn catch(&self, handle: u64, message: &str) {
        self.caught.borrow_mut().push((handle, message.to_owned()));
    }

    /// The handle is about to tell of the panic, or to be dropped.
    pub(super) fn release(&self, handle: u64) {
        self.caught.borrow_mut().retain(|(other, _)| *other != handle);
    }

    /// Nobody will ask for a panic.
    pub(super) fn overlook(&self, Caught { message, location, .. }: &Caught) {
        let overlooked = || Overlooked {
            message: message.clone(),
            location: location.as_ref().map(ToString::to_string),
            is_first: !std::thread::panicking(),
        };
        self.overlooked.borrow_mut().get_or_insert_with(overlooked);
        self.has_news.set(true);
    }

    /// A panic that nobody has asked for by the end: of several the one that comes first in the
    /// alphabet, as their order is no part of the state.
    pub(super) fn unasked(&self) -> Option<String> {
        self.caught.borrow().iter().map(|(_, message)| message).min().cloned()
    }

    /// The actor is to be dropped instead of polled.
    pub(super) fn abort(&self, actor: ActorId, on_threads: bool) {
        self.aborted.borrow_mut().push(actor);
        self.aborts_on_threads.set(on_threads);
        self.has_news.set(true);
    }
}

/// Runs a part of an actor whose panics are for others to ask for.
///
/// # Errors
///
/// The panic, if it is one that can be caught.
pub(super) fn catching<R>(body: impl FnOnce() -> R) -> Result<R, Caught> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).map_err(panics::catch_or_go_on)
}
