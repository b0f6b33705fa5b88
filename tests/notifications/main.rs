//! What wakes several actors behaves in the model as it does in tokio: here by hand, poll by poll; the
//! proofs of the patterns compare the two in every schedule.

mod barrier;
mod channels;
mod notify;
mod polled;
mod state;

use selvedge::primitives::{Extended, Model, Tokio, Traced};

fn each_holds_of<P: Extended>() {
    notify::holds_of::<P>();
    barrier::holds_of::<P>();
    channels::holds_of::<P>();
}

#[test]
fn tokio_does_what_its_documentation_says() {
    each_holds_of::<Tokio>();
}

#[test]
fn the_model_does_what_tokio_does() {
    each_holds_of::<Model>();
}

#[test]
fn tracing_changes_nothing() {
    each_holds_of::<Traced<Tokio>>();
}
