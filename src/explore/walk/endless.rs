//! Who keeps going where an execution was cut off.
//!
//! A livelock is not an outcome. What an actor keeps to itself is not seen, so that it is known by all
//! that it has observed, and every step adds to that: no two states of one execution are ever known to
//! be equal. A program that goes round forever looks like one that takes a while.

use std::rc::Rc;

use super::witness::{Followed, retrace};
use crate::explore::Config;
use crate::explore::run::execution::Program;
use crate::explore::run::session::Session;
use crate::observe::Event;

/// Steps before the cut, among which every actor that goes round is taken to show.
const LAST: usize = 1_000;

/// The actors that took the last steps of a schedule, each with what it did last.
pub(super) fn movers(program: Program<'_>, config: Config, path: &[u32]) -> Vec<String> {
    let session = Rc::new(Session::new(config.limits));
    let Some(followed) = retrace(program, &session, config.interleave, true, path) else {
        return Vec::new();
    };
    let Followed { execution, mut movers } = followed;
    let (names, events) = (execution.names(), execution.run().record.log.take());
    movers.drain(..movers.len().saturating_sub(LAST));
    movers.sort_unstable();
    movers.dedup();
    let described = movers.into_iter().map(|actor| {
        let last = events.iter().rev().find(|event| event.actor == actor && event.call.is_some());
        format!("{} ({})", names[actor], last.map_or("yields".to_owned(), what))
    });
    described.collect()
}

/// What was done, and where.
fn what(Event { object, call, .. }: &Event) -> String {
    let Some(call) = call else { return String::new() };
    let object = object.map_or(String::new(), |(name, _)| format!(" {name}"));
    let (file, line) = (call.location.file(), call.location.line());
    format!("`{}{object}` at {file}:{line}", call.operation)
}
