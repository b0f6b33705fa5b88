//! Spawning during a run, for a reader's own code.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use super::names;
use super::returned::succeeding;
use crate::explore::Model;
use crate::observe::{self, Digest, Fingerprint, ObjectId};
use crate::primitives::Extended;

/// Adds an actor to the exploration that runs: what `tokio::spawn` is to a runtime. It may run as
/// soon as the current step is over, the exploration covers when that is, and an execution is over
/// only when it has finished too. Several of one name are numbered in the order of spawning.
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
///             shared.set(10 * seen.await);
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
    let result = Rc::new(Slot { value: RefCell::new(None), told: Cell::new(None) });
    let object = observe::create_object(name, Some(result.clone()));
    let place = Rc::clone(&result);
    let ended = Model::spawn(name, async move {
        let value = future.await;
        place.told.set(observe::identify().filter(|_| size_of::<F::Output>() > 0));
        place.value.replace(Some(value));
    });
    JoinHandle { ended: Box::pin(ended), result, object }
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
/// If this is dropped the actor continues. A panic of the actor ends the execution, so there is no
/// error to hand on.
///
/// # Panics
///
/// If it is polled again when it has been ready.
pub struct JoinHandle<T> {
    ended: Pin<Box<dyn Future<Output = ()>>>,
    result: Rc<Slot<T>>,
    object: ObjectId,
}

/// Where the result waits for its taker.
struct Slot<T> {
    value: RefCell<Option<T>>,
    /// What the actor had observed that made the result, which its taker learns. A value of no size
    /// says only that it is there.
    told: Cell<Option<Digest>>,
}

impl<T: 'static> Fingerprint for Slot<T> {
    fn fingerprint(&self, digest: &mut Digest) {
        if let Some(told) = self.told.get() {
            digest.mix_digest(told);
        }
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        ready!(self.ended.as_mut().poll(context));
        if let Some(told) = self.result.told.take() {
            observe::learn(told);
        }
        Poll::Ready(self.result.value.take().expect("the result was left here and not taken"))
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        observe::drop_object(self.object);
    }
}
