//! What the explanations ask about events.

use crate::observe::{Access, Event, Seen};

pub(super) fn access(event: &Event) -> Option<Access> {
    event.call.map(|call| call.access)
}

pub(super) fn is_read(event: &Event) -> bool {
    matches!(access(event), Some(Access::Read | Access::Update))
}

pub(super) fn is_write(event: &Event) -> bool {
    matches!(access(event), Some(Access::Write | Access::Update))
        && !matches!(event.seen, Seen::Refused(_))
}

/// What the object holds after this write.
pub(super) fn written(event: &Event) -> Option<i64> {
    let call = event.call.filter(|_| is_write(event))?;
    match event.seen {
        Seen::Number(found) if call.operation == "fetch_add" => call.argument?.checked_add(found),
        _ => call.argument,
    }
}

/// What the actor knows the object to hold after this event.
fn known(event: &Event) -> Option<i64> {
    let seen = match event.seen {
        Seen::Number(found) | Seen::Refused(found) => Some(found),
        _ => None,
    };
    written(event).or(seen)
}

/// Whether `write` left something else in the object than `learned` found there.
pub(super) fn is_news(write: &Event, learned: &Event) -> bool {
    is_write(write) && written(write).is_none_or(|value| known(learned) != Some(value))
}

/// Whether this is the method of that name, and has not been left waiting.
pub(super) fn is_done(event: &Event, operation: &str) -> bool {
    event.object.is_some()
        && event.seen != Seen::Pending
        && event.call.is_some_and(|call| call.operation == operation)
}

/// Whether one actor made both from the same place in the source, on whichever object.
pub(super) fn is_same_call(one: &Event, other: &Event) -> bool {
    let made = |event: &Event| event.call.map(|call| (call.location, call.operation));
    one.actor == other.actor && made(one) == made(other)
}

/// Whether both are of the same wait, or of one that follows it: its polls, and giving it up.
pub(super) fn is_same_wait(one: &Event, other: &Event) -> bool {
    let location = |event: &Event| event.call.map(|call| call.location);
    one.actor == other.actor && one.object == other.object && location(one) == location(other)
}

/// The last of `events` before `end` for which this holds.
pub(super) fn last(events: &[Event], end: usize, holds: impl Fn(&Event) -> bool) -> Option<usize> {
    events[..end].iter().rposition(holds)
}

/// The first of `events` after `start` for which this holds.
pub(super) fn next(
    events: &[Event],
    start: usize,
    holds: impl Fn(&Event) -> bool,
) -> Option<usize> {
    (start + 1..events.len()).find(|&place| holds(&events[place]))
}
