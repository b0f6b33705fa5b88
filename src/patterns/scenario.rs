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
    start: Rc<StartOn<S>>,
}

type StartOn<S> = dyn Fn(&Rc<S>) -> Task;

impl<S: 'static> Role<S> {
    /// A part played by `count` actors. `body` is `Copy`, so that no call of it can know which
    /// actor it is for.
    pub fn replicas(
        name: &'static str,
        count: usize,
        body: impl AsyncFn(&S) + Copy + 'static,
    ) -> Self {
        let start = move |state: &Rc<S>| {
            let state = Rc::clone(state);
            Box::pin(async move { body(&state).await }) as Task
        };
        Self { name, count, start: Rc::new(start) }
    }

    /// A part played by one actor.
    pub fn one(name: &'static str, body: impl AsyncFn(&S) + Copy + 'static) -> Self {
        Self::replicas(name, 1, body)
    }
}

/// Spawns the actors of `S` on the primitives `P`.
pub(crate) fn program<S: Scenario<P>, P: Primitives>(count: usize, actors: &mut Actors) -> Finish {
    let state = Rc::new(S::State::new(count));
    for Role { name, count, start } in S::roles(count) {
        let state = Rc::clone(&state);
        let body: Rc<dyn Fn() -> Task> = Rc::new(move || start(&state));
        actors.replicate(name, count, &body);
    }
    Box::new(move || state.outcome())
}
