//! One run of a program: its actors, advanced a step at a time.
//!
//! | file | holds |
//! |---|---|
//! | `actors`, `names`, `setup` | who stands before the first step |
//! | `execution` | the run itself: what can happen next, one step, how it ends |
//! | `current` | what is alive beside the actors; entered and left here |
//! | `session` | what one run leaves to the next |
//! | `moves`, `choices`, `dice` | what was decided |
//! | `coroutine`, `stops`, `blocking` | an actor on a thread of its own |
//! | `wakers`, `traced_waker` | what wakes an actor |
//! | `timers`, `sleep`, `spawned`, `joins` | what ends a wait, what an actor adds, and what becomes of that |
//! | `panics`, `watchdog`, `runtime` | what surrounds a step |
//! | `engine`, `spawn`, `note` | what an actor calls |
//! | `returned`, `printed` | what an actor comes to |

pub(crate) mod actors;
pub(crate) mod blocking;
pub(crate) mod choices;
pub(crate) mod coroutine;
pub(crate) mod current;
pub(crate) mod dice;
pub(crate) mod engine;
pub(crate) mod execution;
pub(crate) mod joins;
pub(crate) mod moves;
mod names;
pub(crate) mod note;
pub(crate) mod panics;
mod printed;
pub(crate) mod returned;
pub(crate) mod runtime;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sleep;
pub(crate) mod spawn;
mod spawned;
mod stops;
pub(crate) mod timers;
mod traced_waker;
pub(crate) mod wakers;
mod watchdog;
