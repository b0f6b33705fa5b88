//! What a witness says about the bug: the rows to look at, and a sentence that names them.
//!
//! Each explanation is a shape that the events of a witness may have, whatever the program: a read,
//! a write by somebody else, an act on the read. The first shape that fits is the one that is told,
//! so the list below goes from those that say most to those that only say where it got crowded.

mod between;
mod cancelled;
mod crowd;
mod events;
#[cfg(test)]
pub(super) mod hand_made;
mod memory;
mod order;
mod stale;

use super::steps;
use crate::explore::{Outcome, Witness};
use crate::observe::{Access, Seen};

/// The rows that an explanation is about, and what it says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Explanation {
    /// The rows, by their place in the witness.
    pub rows: Vec<usize>,
    /// A sentence that names each of them by its number.
    pub text: String,
}

type Shape = fn(&Witness) -> Option<Explanation>;

/// What may explain an outcome, the most telling first.
const SHAPES: &[Shape] = &[
    memory::data_race,
    memory::reordering,
    memory::stale_load,
    stale::lost_update,
    stale::stale_read,
    between::interleaved_sends,
    stale::stale_read_before_waiting,
    between::torn_read,
    stale::stale_check,
    stale::early_read,
    cancelled::lost_message,
    cancelled::cut_off,
    cancelled::never_released,
    order::overtaken,
    order::signal_for_two_rounds,
    crowd::too_many_inside,
    crowd::backlog,
];

/// What may explain why somebody waits forever, beside the waits themselves.
const SHAPES_OF_A_DEADLOCK: &[Shape] = &[
    memory::reordering,
    memory::stale_load,
    stale::lost_update,
    stale::stale_read,
    stale::stale_read_before_waiting,
    stale::stale_check,
    stale::early_read,
    cancelled::lost_message,
    cancelled::cut_off,
    cancelled::never_released,
];

/// The explanation of how `witness` came to its outcome, if its events have a shape that is known.
pub(super) fn explain(witness: &Witness) -> Option<Explanation> {
    let shapes = if witness.outcome == Outcome::Deadlock { SHAPES_OF_A_DEADLOCK } else { SHAPES };
    shapes.iter().find_map(|shape| shape(witness))
}

/// The number of a row as sentences write it.
fn row(place: usize) -> String {
    format!("#{}", place + 1)
}

fn rows(places: &[usize]) -> String {
    places.iter().copied().map(row).collect::<Vec<_>>().join(", ")
}

fn actor(witness: &Witness, place: usize) -> &str {
    steps::actor(witness, &witness.events[place])
}

fn object(witness: &Witness, place: usize) -> String {
    steps::object(&witness.events[place], &witness.events)
}

/// The operation and its value, in backticks: `` `set value 1` ``.
fn code(witness: &Witness, place: usize) -> String {
    format!("`{}`", steps::sentence(witness, &witness.events[place]))
}

/// The actor and what it called: ``task 1 calls `set value 1` (#3)``.
fn calls(witness: &Witness, place: usize) -> String {
    let event = &witness.events[place];
    let actor = actor(witness, place);
    if event.seen == Seen::Pending {
        let operation = steps::operation(event, &witness.events);
        return format!("{actor} waits in `{operation}` ({})", row(place));
    }
    format!("{actor} calls {} ({})", code(witness, place), row(place))
}

/// The same where the object is clear from the context: `task 1 writes 1 (#3)`.
fn does(witness: &Witness, place: usize) -> String {
    let event = &witness.events[place];
    let verb = match event.call.map(|call| call.access) {
        Some(Access::Read) => "reads",
        Some(Access::Write) => "writes",
        _ => return calls(witness, place),
    };
    let said = format!("{verb} {}", event.value());
    format!("{} {} ({})", actor(witness, place), said.trim_end(), row(place))
}
