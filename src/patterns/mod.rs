//! The catalogue: one file per pattern, named after the anomaly.
//!
//! [`CATALOGUE`] is the one register. The list, the matrix, the README's check, the proofs and the
//! benchmarks are derived from it.
//!
#![doc = include_str!("../../docs/matrix.md")]
//!
#![doc = include_str!("../../docs/review.md")]

pub mod aba;
pub mod barrier_reuse;
pub mod blocking_guard_across_await;
pub mod broken_invariant;
pub mod cache_stampede;
pub mod cancelled_critical_section;
pub mod cancelled_send;
pub mod check_then_act;
pub mod double_checked_init;
pub mod double_processing;
pub mod dropped_receive;
pub mod futurelock;
pub mod hidden_yield;
pub mod interleaved_writes;
pub mod lock_order;
pub mod lost_append;
pub mod lost_task;
pub mod lost_update;
pub mod lost_wakeup;
pub mod message_passing;
pub mod message_publication;
pub mod minimised_sharing;
pub mod missed_broadcast;
pub mod over_limit;
pub mod permit_leak;
pub mod pipe_deadlock;
pub mod re_entry;
pub mod read_write_upgrade;
pub mod record_update;
pub mod result_order;
pub mod sibling_failure;
pub mod stale_cache;
pub mod store_buffering;
pub mod torn_read;
pub mod unbounded_backlog;
pub mod uninitialised_read;

use crate::catalogue::{Entry, Pattern};

/// The pattern of this name.
pub fn find(name: &str) -> Option<&'static Pattern> {
    CATALOGUE.iter().find(|pattern| pattern.name == name)
}

/// Every variant of every pattern.
pub fn entries() -> impl Iterator<Item = Entry> {
    CATALOGUE.iter().flat_map(Pattern::entries)
}

/// Every pattern.
pub const CATALOGUE: &[Pattern] = &[
    lost_update::PATTERN,
    check_then_act::PATTERN,
    broken_invariant::PATTERN,
    torn_read::PATTERN,
    lost_append::PATTERN,
    stale_cache::PATTERN,
    cache_stampede::PATTERN,
    uninitialised_read::PATTERN,
    over_limit::PATTERN,
    double_processing::PATTERN,
    lost_task::PATTERN,
    unbounded_backlog::PATTERN,
    interleaved_writes::PATTERN,
    record_update::PATTERN,
    double_checked_init::PATTERN,
    result_order::PATTERN,
    sibling_failure::PATTERN,
    hidden_yield::PATTERN,
    re_entry::PATTERN,
    pipe_deadlock::PATTERN,
    message_passing::PATTERN,
    minimised_sharing::PATTERN,
    cancelled_critical_section::PATTERN,
    lost_wakeup::PATTERN,
    futurelock::PATTERN,
    blocking_guard_across_await::PATTERN,
    lock_order::PATTERN,
    dropped_receive::PATTERN,
    cancelled_send::PATTERN,
    permit_leak::PATTERN,
    read_write_upgrade::PATTERN,
    message_publication::PATTERN,
    store_buffering::PATTERN,
    aba::PATTERN,
    missed_broadcast::PATTERN,
    barrier_reuse::PATTERN,
];
