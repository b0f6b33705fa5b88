//! What a pattern's file supplies for each variant: the shared state, the actors, the outcome.

use std::rc::Rc;

use crate::explore::{Actors, Finish, Task, Value};
use crate::primitives::Primitives;

/// The shared state of a pattern.
pub trait Shared: 'static {
    /// The state before the first step, for so many actors.
    fn new(actors: usize) -> Self;
    /// What the actors came to, once all have finished.
    fn outcome(&self) -> Value;
}

/// One variant of a pattern, on the primitives `P`.
pub trait Scenario<P: Primitives>: 'static {
    /// The shared state.
    type State: Shared;
    /// Who runs on it.
    fn roles(actors: usize) -> Vec<Role<Self::State>>;
}

/// A part in a scenario, played by one actor or by several that are interchangeable.
pub struct Role<S> {
    name: &'static str,
    count: usize,
    alike: bool,
    start: Rc<StartOn<S>>,
}

/// Starts the actor of this number, from 1.
type StartOn<S> = dyn Fn(&Rc<S>, usize) -> Task;

impl<S: 'static> Role<S> {
    /// A part played by `count` actors. `body` is `Copy`, so that no call of it can know which
    /// actor it is for.
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

    /// A part played by one actor.
    pub fn one(name: &'static str, body: impl AsyncFn(&S) + Copy + 'static) -> Self {
        Self::replicas(name, 1, body)
    }
}

/// Spawns the actors of `S` on the primitives `P`.
pub(crate) fn program<S: Scenario<P>, P: Primitives>(count: usize, actors: &mut Actors) -> Finish {
    let state = Rc::new(S::State::new(count));
    for Role { name, count, alike, start } in S::roles(count) {
        let state = Rc::clone(&state);
        let body: Rc<dyn Fn(usize) -> Task> = Rc::new(move |number| start(&state, number));
        actors.play(name, count, alike, &body);
    }
    Box::new(move || state.outcome())
}
