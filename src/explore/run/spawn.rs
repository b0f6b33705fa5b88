//! Spawning during a run, for a reader's own code.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::panic::{Location, resume_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use super::joins::{self, JoinError};
use super::printed::printed;
use super::returned::succeeding;
use super::{current, names};
use crate::explore::Model;
use crate::observe::{self, Access, ActorId, Digest, Fingerprint, ObjectId};
use crate::primitives::Extended;

/// Adds an actor to the exploration that runs: what `tokio::spawn` is to a runtime. It may run as
/// soon as the current step is over, the exploration covers when that is, and an execution is over
/// only when it has finished too. Several of one name are numbered in the order of spawning. A witness
/// shows what it returns as it does for [`Returned`](crate::explore::Returned), while the handle is there.
///
/// A program sets up its first actors with [`Actors::spawn`](crate::explore::Actors::spawn); this is for what
/// they start in their turn.
///
/// ```
/// use std::rc::Rc;
/// use selvedge::explore::{Actors, Explorer, Model, spawn};
/// use selvedge::primitives::{Cell, Primitives};
///
/// Explorer::merging()
///     .explore(|actors: &mut Actors| {
///         let value = Rc::new(<Model as Primitives>::Cell::new("value", 1));
///         let shared = Rc::clone(&value);
///         actors.spawn("parent", async move {
///             let child = Rc::clone(&shared);
///             let seen = spawn("child", async move { child.get() });
///             Model::yield_now().await;
///             shared.set(2);
///             shared.set(10 * seen.await.unwrap());
///         });
///         move || value.get()
///     })
///     .assert_outcomes([10, 20]);
/// ```
///
/// # Panics
///
/// If it is not an actor of an exploration that calls it.
#[track_caller]
pub fn spawn<F>(name: impl Into<Cow<'static, str>>, future: F) -> JoinHandle<F::Output>
where
    F: Future<Output: 'static> + 'static,
{
    let name = names::kept(name.into());
    let run = current::current();
    let slot = Rc::new(Slot {
        value: RefCell::new(None),
        told: Cell::new(None),
        aborted: Cell::new(None),
        is_asked: Cell::new(true),
        number: run.as_ref().map_or(0, |run| run.joins.number()),
    });
    let object = observe::create_object(name, Some(slot.clone()));
    let child = Child { future: Some(Box::pin(future)), name, slot: Rc::clone(&slot) };
    let ended = Model::spawn(name, child);
    // The one that was added last.
    let actor = run.and_then(|run| run.record.view().actors.len().checked_sub(1));
    JoinHandle { ended: Box::pin(ended), slot, object, actor }
}

/// Adds an actor to the exploration that runs, as [`spawn`] does. An error that it returns ends the
/// execution in [`Outcome::Error`](crate::explore::Outcome::Error).
///
/// # Panics
///
/// If it is not an actor of an exploration that calls it.
#[track_caller]
pub fn spawn_fallible<T, E>(
    name: impl Into<Cow<'static, str>>,
    future: impl Future<Output = Result<T, E>> + 'static,
) -> JoinHandle<T>
where
    T: 'static,
    E: fmt::Debug + 'static,
{
    spawn(name, succeeding(future))
}

/// Waits for the actor that [`spawn`] has added, and gives back its result.
///
/// If this is dropped the actor continues. What it panics with is handed to whoever awaits this. A
/// panic that nobody asks for, because this is dropped before or still there in the end, ends the
/// execution in [`Outcome::Panic`](crate::explore::Outcome::Panic).
///
/// # Panics
///
/// If it is polled again when it has been ready.
pub struct JoinHandle<T> {
    ended: Pin<Box<dyn Future<Output = ()>>>,
    slot: Rc<Slot<T>>,
    object: ObjectId,
    actor: Option<ActorId>,
}

impl<T> JoinHandle<T> {
    /// Aborts the actor: at its next step it is dropped where it waits, or before it has begun. Does
    /// nothing if it has ended. On an event loop only; on threads it makes the exploration
    /// inconclusive.
    #[track_caller]
    pub fn abort(&self) {
        let has_ended = self.slot.value.borrow().is_some() || !self.slot.is_asked.get();
        if let Some(run) = current::current()
            && let Some(actor) = self.actor
            && !has_ended
            && self.slot.aborted.get().is_none()
        {
            self.slot.aborted.set(Some(Location::caller()));
            run.joins.abort(actor, run.stops.can_stop());
        }
    }
}

/// Where the result waits for its taker.
struct Slot<T> {
    value: RefCell<Option<Result<T, JoinError>>>,
    /// What the actor had observed that made the result, which its taker learns. A value of no size
    /// says only that it is there.
    told: Cell<Option<Digest>>,
    /// Where the actor was aborted.
    aborted: Cell<Option<&'static Location<'static>>>,
    /// Whether the handle is there and has not been ready.
    is_asked: Cell<bool>,
    number: u64,
}

impl<T: 'static> Fingerprint for Slot<T> {
    fn fingerprint(&self, digest: &mut Digest) {
        if let Some(told) = self.told.get() {
            digest.mix_digest(told);
        }
    }
}

/// What an actor does that was spawned.
struct Child<F: Future> {
    future: Option<Pin<Box<F>>>,
    name: &'static str,
    slot: Rc<Slot<F::Output>>,
}

impl<F: Future> Child<F> {
    /// Drops the future because the actor was aborted there.
    fn abort(&mut self, location: &'static Location<'static>) -> JoinError {
        if let Some(run) = current::current() {
            run.record.cancelled();
            if let Some(actor) = run.record.current() {
                run.record.log.note(actor, ("is aborted", Access::Cancel), location);
            }
        }
        let future = self.future.take();
        JoinError::new(self.name, joins::catching(|| drop(future)).err())
    }
}

impl<F: Future<Output: 'static>> Future for Child<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let result = match (self.slot.aborted.get(), &mut self.future) {
            (Some(location), _) => Err(self.abort(location)),
            (None, Some(future)) => match joins::catching(|| future.as_mut().poll(context)) {
                Ok(Poll::Pending) => return Poll::Pending,
                Ok(Poll::Ready(value)) => Ok(value),
                Err(panic) => Err(JoinError::new(self.name, Some(panic))),
            },
            (None, None) => unreachable!("a child that has ended is not polled"),
        };
        let result = match result {
            // As if it had not been caught.
            Err(error) if error.is_panic() && !self.slot.is_asked.get() => {
                resume_unwind(error.into_panic())
            }
            result => result,
        };
        // Whatever it holds is dropped before anybody is told.
        self.future = None;
        self.slot.end(result);
        Poll::Ready(())
    }
}

impl<T: 'static> Slot<T> {
    fn end(&self, result: Result<T, JoinError>) {
        if let Err(error) = &result
            && let Some(panic) = error.panic()
            && let Some(run) = current::current()
        {
            run.joins.catch(self.number, &panic.message);
        }
        if let Ok(value) = &result
            && self.is_asked.get()
        {
            observe::note_returned(|| printed(value));
        }
        let tells = size_of::<T>() > 0 || result.is_err();
        self.told.set(observe::identify().filter(|_| tells));
        self.value.replace(Some(result));
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(self.ended.as_mut().poll(context));
        if let Some(told) = self.slot.told.take() {
            observe::learn(told);
        }
        self.slot.is_asked.set(false);
        if let Some(run) = current::current() {
            run.joins.release(self.slot.number);
        }
        let result = self.slot.value.take();
        Poll::Ready(result.expect("the result was left here and not taken"))
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        self.slot.is_asked.set(false);
        let result = self.slot.value.take();
        if let Some(Err(error)) = &result
            && let Some(panic) = error.panic()
            && let Some(run) = current::current()
        {
            // Others may come in before the execution ends in it.
            run.stops.before_clock();
            run.joins.release(self.slot.number);
            run.joins.overlook(panic);
        }
        observe::drop_object(self.object);
    }
}
