//! The shared state of one run, and who runs on it.

use std::rc::Rc;

use crate::explore::{Actors, Finish, Value};
use crate::primitives::Task;

/// The shared state of a pattern.
pub trait Shared: 'static {
    /// The state before the first step, for so many actors.
    fn new(actors: usize) -> Self;
    /// What the actors came to, once all have finished.
    fn outcome(&self) -> Value;
}

/// Everyone who takes part in one run of a pattern, and what they share.
pub struct Cast(Box<dyn FnOnce(&mut Actors) -> Finish>);

impl Cast {
    /// These roles, on a new state for so many actors.
    pub fn new<S: Shared>(
        actors: usize,
        roles: impl IntoIterator<Item = Role<S>> + 'static,
    ) -> Self {
        Self(Box::new(move |spawned| {
            let state = Rc::new(S::new(actors));
            for Role { name, count, alike, start } in roles {
                let state = Rc::clone(&state);
                let body: Rc<dyn Fn(usize) -> Task> = Rc::new(move |number| start(&state, number));
                spawned.play(name, count, alike, &body);
            }
            Box::new(move || state.outcome())
        }))
    }

    /// So many actors that are interchangeable, and nobody else.
    pub fn replicas<S: Shared>(
        name: &'static str,
        actors: usize,
        body: impl AsyncFn(&S) + Copy + 'static,
    ) -> Self {
        Self::new(actors, [Role::replicas(name, actors, body)])
    }

    /// Sets up the state and spawns the actors; gives back what reads the outcome.
    pub(crate) fn start(self, actors: &mut Actors) -> Finish {
        (self.0)(actors)
    }
}

/// A part in a pattern, played by one actor or by several.
pub struct Role<S> {
    name: &'static str,
    count: usize,
    alike: bool,
    start: Rc<StartOn<S>>,
}

/// Starts the actor of this number, from 1.
type StartOn<S> = dyn Fn(&Rc<S>, usize) -> Task;

impl<S: 'static> Role<S> {
    /// A part played by one actor.
    pub fn one(name: &'static str, body: impl AsyncFn(&S) + Copy + 'static) -> Self {
        Self::replicas(name, 1, body)
    }

    /// A part played by `count` actors that are interchangeable. `body` is `Copy`, so that no call of
    /// it can know which actor it is for.
    pub fn replicas(
        name: &'static str,
        count: usize,
        body: impl AsyncFn(&S) + Copy + 'static,
    ) -> Self {
        let unnumbered = async move |state: &Rc<S>, _| body(state).await;
        Self { alike: true, ..Self::playing(name, count, unnumbered) }
    }

    /// A part played by `count` actors that are told their number, from 1, and so are not
    /// interchangeable.
    pub fn numbered(
        name: &'static str,
        count: usize,
        body: impl AsyncFn(&S, usize) + Copy + 'static,
    ) -> Self {
        Self::playing(name, count, async move |state: &Rc<S>, number| body(state, number).await)
    }

    /// A part played by one actor, which hands the state on to those that it spawns.
    pub fn spawning(name: &'static str, body: impl AsyncFn(&Rc<S>) + Copy + 'static) -> Self {
        Self::playing(name, 1, async move |state: &Rc<S>, _| body(state).await)
    }

    fn playing(
        name: &'static str,
        count: usize,
        body: impl AsyncFn(&Rc<S>, usize) + Copy + 'static,
    ) -> Self {
        let start = move |state: &Rc<S>, number| {
            let state = Rc::clone(state);
            Box::pin(async move { body(&state, number).await }) as Task
        };
        Self { name, count, alike: false, start: Rc::new(start) }
    }
}
