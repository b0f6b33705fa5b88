//! One run of a program: its actors, advanced a step at a time.
//!
//! | file | holds |
//! |---|---|
//! | `actors` | who stands before the first step |
//! | `execution` | the run itself, and how it ends |
//! | `moves`, `choices` | what can happen next, and what was decided |
//! | `coroutine`, `wakers`, `timers`, `spawned` | what an actor is made of while it runs |
//! | `panics`, `watchdog`, `alone` | what surrounds a step |
//! | `engine`, `spawn` | what an actor calls |

pub(crate) mod actors;
pub(crate) mod alone;
pub(crate) mod choices;
pub(crate) mod coroutine;
pub(crate) mod engine;
pub(crate) mod execution;
pub(crate) mod moves;
pub(crate) mod panics;
pub(crate) mod spawn;
pub(crate) mod spawned;
pub(crate) mod timers;
pub(crate) mod wakers;
pub(crate) mod watchdog;
