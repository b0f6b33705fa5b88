//! One operation of a witness in words.

use crate::explore::Witness;
use crate::observe::{Aside, Event, Seen};

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
    match (&event.aside, event.call, event.seen) {
        (Some(aside), ..) => name_of(aside),
        (None, Some(call), _) => call.operation,
        (None, None, Seen::Pending) => "runs up to an await",
        (None, None, _) => "runs to its end",
    }
}

fn name_of(aside: &Aside) -> &'static str {
    match aside {
        Aside::Awaits(_) => "awaits",
        Aside::Yields => "yields",
        Aside::Sleeps(_) => "sleeps",
        Aside::WakesUp(_) => "wakes up",
        Aside::Wakes(_) => "wakes",
        Aside::Chooses { .. } => "chooses",
        Aside::Notes(_) => "notes",
        Aside::IsPolledSpuriously => "is polled without a wake",
        Aside::Catches(_) => "catches a panic",
        Aside::Panics(_) => "panics",
        Aside::Returns(_) => "returns",
        Aside::Fails(_) => "fails",
        Aside::Breaks(_) => "breaks",
    }
}

/// What was written or came back; what was awaited, woken, chosen or said.
pub fn value(witness: &Witness, event: &Event) -> String {
    match event.aside {
        Some(Aside::Wakes(woken)) => witness.actors.get(woken).cloned().unwrap_or_default(),
        _ => event.value(),
    }
}

/// The operation and its object: `get value`.
pub(super) fn operation(event: &Event, events: &[Event]) -> String {
    format!("{} {}", name(event), object(event, events)).trim_end().to_owned()
}

/// The operation, its object and the value: `get value -> 0`, `set value 1`.
pub(super) fn sentence(witness: &Witness, event: &Event) -> String {
    let value = value(witness, event);
    let between = match &event.aside {
        None if event.call.is_none() => return name(event).to_owned(),
        None if value.is_empty() || event.call.is_some_and(|it| it.argument.is_some()) => " ",
        None => " -> ",
        Some(Aside::Notes(_) | Aside::Catches(_) | Aside::Panics(_) | Aside::Fails(_)) => ": ",
        Some(_) => " ",
    };
    format!("{}{between}{value}", operation(event, &witness.events)).trim_end().to_owned()
}

/// The file and line in the source.
pub fn location(event: &Event) -> Option<String> {
    let called =
        event.call.map(|call| format!("{}:{}", call.location.file(), call.location.line()));
    called.or_else(|| event.place.as_ref().map(ToString::to_string))
}

/// The same without the folder.
pub(super) fn line(event: &Event) -> String {
    file(&location(event).unwrap_or_default())
}

/// What stands behind the last folder of a path.
pub(super) fn file(location: &str) -> String {
    location.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}
