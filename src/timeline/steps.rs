//! One operation of a witness in words.

use crate::explore::Witness;
use crate::observe::{Event, Seen};

/// Who did it.
pub fn actor<'a>(witness: &'a Witness, event: &Event) -> &'a str {
    witness.actors.get(event.actor).map_or("?", String::as_str)
}

/// What it was done to; empty if the actor only yielded. The number is left out where one object
/// alone bears the name.
pub fn object(event: &Event, events: &[Event]) -> String {
    let Some((name, number)) = event.object else { return String::new() };
    let is_other = |other: &Event| other.object.is_some_and(|(n, i)| n == name && i != number);
    if number > 1 || events.iter().any(is_other) {
        format!("{name} {number}")
    } else {
        name.to_owned()
    }
}

/// The operation's name.
pub fn name(event: &Event) -> &'static str {
    match (event.call, event.seen) {
        (Some(call), _) => call.operation,
        (None, Seen::Pending) => "runs up to an await",
        (None, _) => "runs to its end",
    }
}

/// The operation and its object: `get value`.
pub(super) fn operation(event: &Event, events: &[Event]) -> String {
    format!("{} {}", name(event), object(event, events)).trim_end().to_owned()
}

/// The operation, its object and the value: `get value -> 0`, `set value 1`.
pub(super) fn sentence(event: &Event, events: &[Event]) -> String {
    if event.call.is_none() {
        return name(event).to_owned();
    }
    let value = event.value();
    let is_argument = event.call.is_some_and(|call| call.argument.is_some());
    let arrow = if is_argument || value.is_empty() { "" } else { "-> " };
    format!("{} {arrow}{value}", operation(event, events)).trim_end().to_owned()
}

/// The file and line in the source.
pub fn location(event: &Event) -> Option<String> {
    event.call.map(|call| format!("{}:{}", call.location.file(), call.location.line()))
}

/// The same without the folder.
pub(super) fn line(event: &Event) -> String {
    let location = location(event).unwrap_or_default();
    location.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}
