//! What the explorer says of a reader's own program is right, or it says why it cannot tell.

mod alone;
mod determinism;
mod drops;
mod environment;
mod evidence;
mod folds;
mod hangs;
mod limits;
mod may;
mod model;
mod pictures;
mod rows;
mod runtime;
mod sleep;
mod stuck;
mod threads;
mod unseen;
mod waits;
