//! Events and witnesses made by hand, for the tests of the explanations.

use crate::explore::{Outcome, Witness};
use crate::observe::{Access, Call, Event, Seen};

/// A witness of these events by actors called `a`, `b` and `c`.
pub fn witness(events: &[Event]) -> Witness {
    let actors = ["a", "b", "c"].map(str::to_owned).to_vec();
    Witness::of(actors, events.to_vec(), Outcome::from(0))
}

#[track_caller]
pub fn event(actor: usize, call: Call, object: &'static str, seen: Seen) -> Event {
    Event { object: Some((object, 1)), call: Some(call), ..Event::of(actor, 0, seen) }
}

#[track_caller]
pub fn read(actor: usize, object: &'static str, value: i64) -> Event {
    event(actor, Call::new("get", Access::Read), object, Seen::Number(value))
}

#[track_caller]
pub fn write(actor: usize, object: &'static str, value: i64) -> Event {
    event(actor, Call::new("set", Access::Write).with(value), object, Seen::Nothing)
}

#[track_caller]
pub fn add(actor: usize, object: &'static str, value: i64, found: i64) -> Event {
    let call = Call::new("fetch_add", Access::Update).with(value);
    event(actor, call, object, Seen::Number(found))
}

#[track_caller]
pub fn operation(actor: usize, operation: &'static str, object: &'static str, seen: Seen) -> Event {
    event(actor, Call::new(operation, Access::Synchronise), object, seen)
}

#[track_caller]
pub fn send(actor: usize, object: &'static str, item: i64, seen: Seen) -> Event {
    event(actor, Call::new("send", Access::Synchronise).with(item), object, seen)
}

/// The actor was cancelled by the explorer.
#[track_caller]
pub fn cancelled(actor: usize) -> Event {
    let call = Some(Call::new("is cancelled", Access::Cancel));
    Event { call, ..Event::of(actor, 0, Seen::Nothing) }
}
