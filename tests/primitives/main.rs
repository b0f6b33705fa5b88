//! Every family's primitives mean the same, and the model does what tokio does: poll by poll, by hand
//! and as generated, and where it takes a schedule to tell, in every schedule.
//!
//! In a build with `--cfg loom` the schedules include those of weak memory.

mod barrier;
mod bounded_queue;
mod channels;
mod conformance;
mod notify;
mod oneshot;
mod permits;
mod polled;
mod state;
mod work_queue;

use selvedge::catalogue::Pattern;
use selvedge::explore::{Limits, Model, Traced};
use selvedge::primitives::{Extended, Tokio};
use selvedge::prove::Case;

fn each_holds_of<P: Extended>() {
    notify::holds_of::<P>();
    permits::holds_of::<P>();
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

/// Proves every variant of `pattern` in every world of this build, on every family.
#[track_caller]
fn assert_proved(pattern: &'static Pattern) {
    for case in pattern.entries().flat_map(Case::all_of) {
        let proof = case.prove(Limits::default()).expect("the case can be explored");
        let Case { entry, world, family, .. } = case;
        let reached = &proof.reached;
        assert!(proof.is_as_expected(), "{entry} in the {world} world on {family}: {reached:?}");
    }
}
