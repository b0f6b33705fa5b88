//! What each guard costs: one group per pattern.
//!
//! A benchmark is named `SETTING/PRIMITIVES/VARIANT/ACTORS`. The primitives are the family that
//! the pattern was given, or `by-hand`: the same operation written against tokio without this
//! crate, so that the price of the abstraction is a ratio. `ci/ratios.sh` prints the ratios.

mod cache_stampede;
mod check_then_act;
mod double_checked_init;
mod group;
mod lost_append;
mod lost_update;
mod setting;
mod uninitialised_read;

use std::time::Duration;

use criterion::{Criterion, PlottingBackend};

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(700))
        .sample_size(30)
        .nresamples(10_000)
        .plotting_backend(PlottingBackend::Plotters)
        .configure_from_args();
    lost_update::measure(&mut criterion);
    check_then_act::measure(&mut criterion);
    lost_append::measure(&mut criterion);
    cache_stampede::measure(&mut criterion);
    uninitialised_read::measure(&mut criterion);
    double_checked_init::measure(&mut criterion);
    criterion.final_summary();
}
