//! Panics as outcomes: caught, and not printed.

use std::any::Any;
use std::cell::Cell;
use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

use super::{current, runtime};
use crate::explore::Outcome;
use crate::observe::{Aside, Place};

/// A panic that was caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Panic {
    pub(crate) message: String,
    /// Where in the source it began, if that is known.
    pub(crate) location: Option<Place>,
    /// Whether others were caught before it.
    pub(crate) is_first: bool,
    /// Whether it was no panic, but an error that the actor returned.
    pub(crate) is_error: bool,
}

/// An error that an actor returned.
struct Failure {
    text: String,
    is_error: bool,
}

/// Ends the execution because the actor whose step it is returned an error that prints as `text`.
pub(crate) fn fail(text: String) -> ! {
    panic::resume_unwind(Box::new(Failure { text, is_error: true }))
}

/// Ends the execution in a panic that nobody can catch.
#[cfg(test)]
pub(crate) fn raise(text: String) -> ! {
    panic::resume_unwind(Box::new(Failure { text, is_error: false }))
}

/// A panic of an actor that another may ask for.
pub(super) struct Caught {
    pub(super) message: String,
    pub(super) location: Option<Place>,
    pub(super) payload: Box<dyn Any + Send>,
}

/// What may be caught of what unwinds: the actor's own panic. All else by which the explorer ends an
/// execution goes on.
pub(super) fn catch_or_go_on(payload: Box<dyn Any + Send>) -> Caught {
    let message = message_of(payload.as_ref());
    let message = message.unwrap_or_else(|| "a panic without a message".to_owned());
    let is_own = current::current().is_some_and(|run| run.may_go_on());
    if !is_own || payload.is::<Failure>() || runtime::is_complaint(&message) {
        panic::resume_unwind(payload);
    }
    let location = CATCHING.with(|catching| {
        let last = catching.last.take();
        let location = last.as_ref().and_then(|last| last.location.clone());
        catching.last.set(last);
        location
    });
    Caught { message, location, payload }
}

/// What the panic hook and [`catching`] tell each other.
#[derive(Default)]
struct Catching {
    is_under_way: Cell<bool>,
    /// The panic that began last.
    last: Cell<Option<Box<Raised>>>,
    /// How many have begun.
    raised: Cell<u32>,
}

struct Raised {
    message: Option<String>,
    location: Option<Place>,
}

thread_local! {
    static CATCHING: Catching = Catching::default();
}

/// Runs `body`; a panic in it is given back instead of being printed.
///
/// # Errors
///
/// The panic.
pub(crate) fn catching<R>(body: impl FnOnce() -> R) -> Result<R, Panic> {
    install_hook();
    CATCHING.with(|catching| {
        catching.last.take();
        catching.raised.set(0);
        let outer = catching.is_under_way.replace(true);
        let result = panic::catch_unwind(AssertUnwindSafe(body));
        catching.is_under_way.set(outer);
        result.map_err(|payload| catching.caught(payload))
    })
}

/// The last panic in the body that was caught within, so that [`catching`] gave back no error.
pub(crate) fn caught_within() -> Option<(String, Option<Place>)> {
    let last = CATCHING.with(|catching| catching.last.take())?;
    Some((last.message.unwrap_or_default(), last.location))
}

/// Thousands of executions may end in the same panic: printing each would bury the verdict. Threads
/// that are not exploring keep the hook that was there before.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let is_kept = CATCHING.try_with(|catching| catching.keep(info)).unwrap_or(false);
            if !is_kept {
                previous(info);
            }
        }));
    });
}

impl Catching {
    /// The panic with this payload.
    #[cold]
    fn caught(&self, payload: Box<dyn Any + Send>) -> Panic {
        let others = self.raised.get();
        let payload = match payload.downcast::<Failure>() {
            Ok(failure) => {
                let Failure { text: message, is_error } = *failure;
                return Panic { message, location: None, is_first: others == 0, is_error };
            }
            Err(payload) => payload,
        };
        let (message, location) =
            self.last.take().map_or((None, None), |last| (last.message, last.location));
        let message = message_of(payload.as_ref()).or(message);
        let message = message.unwrap_or_else(|| "a panic without a message".to_owned());
        Panic { message, location, is_first: others <= 1, is_error: false }
    }

    /// Keeps what is known of a panic; `false` if no [`catching`] is there to take it.
    fn keep(&self, info: &PanicHookInfo<'_>) -> bool {
        let is_under_way = self.is_under_way.get();
        if is_under_way && message_of(info.payload()).is_some_and(|it| it == ABORTS) {
            self.report_abort();
        } else if is_under_way {
            let message = message_of(info.payload());
            let location = info.location().map(Place::from);
            self.raised.set(self.raised.get() + 1);
            self.last.set(Some(Box::new(Raised { message, location })));
        }
        is_under_way
    }
}

/// How Rust says that it ends the process.
const ABORTS: &str = "panic in a destructor during cleanup";

impl Catching {
    /// Nobody can catch a panic in a destructor that another panic, or the end of a thread, has
    /// called. What was caught last is that panic.
    fn report_abort(&self) {
        let last = self.last.take();
        let (message, location) = last.map_or((None, None), |it| (it.message, it.location));
        let message = message.unwrap_or_else(|| "without a message".to_owned());
        let location = location.map_or(String::new(), |at| format!(" at {at}"));
        let run = current::current();
        let who = run.map_or(String::new(), |run| run.whose_panic());
        // Nobody is left to tell.
        let _ = writeln!(
            io::stderr(),
            "selvedge: a destructor panicked{location}: {message}. {who}It ran because of another \
             panic, or because its thread could never go on, and Rust ends the process: panic in a \
             destructor only if `std::thread::panicking()` is false"
        );
    }
}

impl Panic {
    /// What a witness says of it.
    pub(super) fn aside(&self) -> Aside {
        let text = self.message.as_str().into();
        if self.is_error { Aside::Fails(text) } else { Aside::Panics(text) }
    }
}

impl From<Panic> for Outcome {
    fn from(Panic { message, is_error, .. }: Panic) -> Self {
        if is_error { Self::Error(message) } else { Self::Panic(message) }
    }
}

fn message_of(payload: &(dyn Any + Send)) -> Option<String> {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
}
