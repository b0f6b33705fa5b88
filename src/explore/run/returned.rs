//! What an actor returns, for the closure that reads the outcome.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use super::current;
use super::panics;
use super::printed::printed;
use crate::explore::value::cast;
use crate::observe;

/// What an actor returns, for the closure that reads the outcome to take: what
/// [`Actors::spawn`](crate::explore::Actors::spawn) gives back. If this is dropped before, the actor's
/// value is dropped when it returns.
///
/// In a witness the actor `returns` it, if it is a number, a `bool`, a `char`, a string or a
/// [`Value`](crate::explore::Value), or an `Option`, a `Vec` or a `Result` of one. Any other type need not be
/// `Debug`, and says what it likes by [`note`](crate::explore::note()).
pub struct Returned<T>(Place<T>);

enum Place<T> {
    /// Where the value is left.
    Kept(Rc<RefCell<Option<T>>>),
    /// An actor that returns `()`, and cannot be cancelled, says nothing by it.
    Nothing,
}

impl<T: 'static> Returned<T> {
    /// What the actor has returned.
    ///
    /// # Panics
    ///
    /// If the actor was cancelled, or if it is not the closure that reads the outcome that calls this.
    #[track_caller]
    pub fn value(self) -> T {
        self.try_value().expect("the actor was cancelled and has returned nothing")
    }

    /// What the actor has returned; `None` if it was cancelled.
    ///
    /// # Panics
    ///
    /// If it is not the closure that reads the outcome that calls this.
    #[track_caller]
    pub fn try_value(self) -> Option<T> {
        let is_judged = current::current().is_some_and(|run| run.is_judged());
        assert!(
            is_judged,
            "what an actor returns is for the closure that reads the outcome: between actors, send \
             it through a channel"
        );
        match self.0 {
            Place::Kept(place) => place.take(),
            Place::Nothing => cast(()).ok(),
        }
    }
}

impl<T> fmt::Debug for Returned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").finish_non_exhaustive()
    }
}

/// Whether what an actor has returned can still be read, in which case it is part of the state.
#[derive(Default)]
pub(crate) struct Reader(Option<Weak<dyn Any>>);

impl Reader {
    pub(crate) fn is_there(&self) -> bool {
        self.0.as_ref().is_some_and(|place| place.strong_count() > 0)
    }
}

/// An actor that leaves what `future` returns for its reader.
pub(super) fn returning<T: 'static>(
    future: impl Future<Output = T> + 'static,
    is_cancellable: bool,
) -> (Returned<T>, Reader, impl Future<Output = ()> + 'static) {
    let (place, reader) = place(is_cancellable);
    let kept = place.downgrade();
    let task = async move { leave(kept, future.await) };
    (Returned(place), reader, task)
}

/// What `future` returns where that is no error; an error ends the execution.
pub(super) async fn succeeding<T, E: fmt::Debug>(future: impl Future<Output = Result<T, E>>) -> T {
    match future.await {
        Ok(value) => value,
        Err(error) => {
            let text = format!("{error:?}");
            drop(error);
            panics::fail(text)
        }
    }
}

fn place<T: 'static>(is_cancellable: bool) -> (Place<T>, Reader) {
    if TypeId::of::<T>() == TypeId::of::<()>() && !is_cancellable {
        return (Place::Nothing, Reader::default());
    }
    let place: Rc<RefCell<Option<T>>> = Rc::default();
    let weak = Rc::downgrade(&place);
    (Place::Kept(place), Reader(Some(weak)))
}

impl<T> Place<T> {
    fn downgrade(&self) -> Option<Weak<RefCell<Option<T>>>> {
        match self {
            Self::Kept(place) => Some(Rc::downgrade(place)),
            Self::Nothing => None,
        }
    }
}

/// Leaves the value for its reader, if there still is one.
fn leave<T: 'static>(place: Option<Weak<RefCell<Option<T>>>>, value: T) {
    if let Some(place) = place.and_then(|place| place.upgrade()) {
        observe::note_returned(|| printed(&value));
        place.replace(Some(value));
    }
}
