//! Every run of a program, depth first.
//!
//! | file | holds |
//! |---|---|
//! | `search` | the walk, and who decides where it goes |
//! | `key` | when two prefixes of a schedule lead to the same future |
//! | `audit` | whether states that were taken for one go on alike |
//! | `luck` | schedules at random, which find early what the walk finds late |
//! | `repeat` | whether the program does the same again |
//! | `endless` | who keeps going where an execution was cut off |
//! | `exhaustive` | the walk to every outcome |
//! | `all` | what that walk remembers |
//! | `visited` | the states that it entered |
//! | `team` | several threads that walk one tree |
//! | `left` | who is left in a deadlock |
//! | `witness` | the walk to the cheapest schedule, and single schedules run again |
//! | `fifo` | the one schedule of asyncio's event loop |

mod all;
mod audit;
mod endless;
pub(crate) mod exhaustive;
#[cfg(any(test, feature = "catalogue"))]
pub(crate) mod fifo;
pub(crate) mod key;
pub(crate) mod left;
pub(crate) mod luck;
mod repeat;
pub(crate) mod search;
pub(crate) mod team;
mod visited;
pub(crate) mod witness;
