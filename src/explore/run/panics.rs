//! One step of one actor: what surrounds a poll.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;

use super::spawned;
use crate::observe;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
    static IS_BLOCKED: Cell<bool> = const { Cell::new(false) };
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Where the panic that was caught last began.
pub(crate) fn take_panic_location() -> Option<String> {
    LOCATION.take()
}

/// Runs `body`; a panic in it is given back as its message instead of being printed.
///
/// # Errors
///
/// The message of the panic.
pub(crate) fn catching<R>(body: impl FnOnce() -> R) -> Result<R, String> {
    install_hook();
    MESSAGE.take();
    let outer = QUIET.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(body));
    QUIET.set(outer);
    result.map_err(|payload| {
        let message = message_of(payload.as_ref()).or_else(|| MESSAGE.take());
        message.unwrap_or_else(|| "a panic without a message".to_owned())
    })
}

/// Panics are outcomes here, and thousands of executions may end in the same one: printing each
/// would bury the verdict. Threads that are not exploring keep the hook that was there before.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if QUIET.get() {
                MESSAGE.set(message_of(info.payload()));
                LOCATION.set(info.location().map(|at| format!("{}:{}", at.file(), at.line())));
            } else {
                previous(info);
            }
        }));
    });
}

/// What a witness says of an actor that stops an event loop.
pub(crate) const BLOCKS: &str = "blocks its thread for ever";

/// Ends the step, and with it the execution, because nothing will ever run on this thread again.
pub(crate) fn block_for_ever(location: &'static Location<'static>) -> ! {
    is_blocked_for_ever(location);
    panic::resume_unwind(Box::new(BLOCKS));
}

/// The execution ends with this step.
pub(crate) fn is_blocked_for_ever(location: &'static Location<'static>) {
    if let Some(actor) = observe::current() {
        observe::note(actor, BLOCKS, location);
    }
    // What unwinding does would not have happened.
    observe::leave();
    spawned::end();
    IS_BLOCKED.set(true);
}

/// Whether the last step has blocked its thread for ever.
#[inline]
pub(crate) fn take_blocked() -> bool {
    IS_BLOCKED.take()
}

fn message_of(payload: &(dyn Any + Send)) -> Option<String> {
    payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
}
