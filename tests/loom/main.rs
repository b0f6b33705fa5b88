//! The proofs: every pattern, every variant, in every world that this build has.
//!
//! | built | runs |
//! |---|---|
//! | `cargo test` | the explorer: an event loop, on every family, and threads |
//! | `RUSTFLAGS="--cfg loom" cargo test` | the same, and loom: weak memory |
//!
//! A proof fails unless the exploration was exhaustive and reached exactly the outcomes that the
//! pattern's file states. A file here is named after its pattern; those that are not hold for the whole
//! catalogue: `checks`, `claims`, `mutants`, `sizes`, `worlds`.

mod aba;
mod barrier_reuse;
mod blocking_guard_across_await;
mod broken_invariant;
mod cache_stampede;
mod cancelled_critical_section;
mod cancelled_send;
mod check_then_act;
mod checks;
mod claims;
mod double_checked_init;
mod double_processing;
mod dropped_receive;
mod futurelock;
mod hidden_yield;
mod interleaved_writes;
mod lock_order;
mod lost_append;
mod lost_task;
mod lost_update;
mod lost_wakeup;
mod message_passing;
mod message_publication;
mod minimised_sharing;
mod missed_broadcast;
mod mutants;
mod over_limit;
mod permit_leak;
mod pipe_deadlock;
mod re_entry;
mod read_write_upgrade;
mod record_update;
mod result_order;
mod sibling_failure;
mod sizes;
mod stale_cache;
mod store_buffering;
mod support;
mod torn_read;
mod unbounded_backlog;
mod uninitialised_read;
mod witnesses;
mod worlds;
