//! A witness as a timeline: a column for each actor, a row for each operation.

mod conflict;
pub mod layout;
pub mod steps;
mod waits;

use std::fmt::{self, Write};

use comfy_table::{ColumnConstraint, Table};

pub use conflict::{Conflict, Kind, conflict};
pub use waits::{Wait, endless_waits};

use crate::explore::{Outcome, Witness};

/// The timeline, the conflicting steps marked, and below it what happened in them.
pub fn timeline(witness: &Witness) -> String {
    let conflict = conflict(&witness.events, &witness.outcome);
    let waits = match witness.outcome {
        Outcome::Deadlock => endless_waits(&witness.events),
        _ => Vec::new(),
    };
    let is_marked = |place| {
        waits.iter().any(|wait| wait.place == place)
            || conflict.as_ref().is_some_and(|conflict| conflict.steps.contains(&place))
    };
    let mut text = format!("{}\n", layout::print(grid(witness, is_marked)).replace(GLUE, " "));
    if conflict.is_some() || !waits.is_empty() {
        text.push('\n');
    }
    if let Some(conflict) = conflict {
        let _ = writeln!(text, "{}", layout::wrapped(&sentence(&conflict, witness), 2));
    }
    if let (Outcome::Panic(message), Some(location)) = (&witness.outcome, &witness.panicked_at) {
        let line = format!("* panic at {location}: {message}");
        let _ = writeln!(text, "\n{}", layout::wrapped(&line, 2));
    }
    if !waits.is_empty() {
        let line = format!("* deadlock: {}", waits::sentence(&waits, witness));
        let _ = writeln!(text, "{}", layout::wrapped(&line, 2));
    }
    text
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&timeline(self))
    }
}

fn actor(witness: &Witness, place: usize) -> &str {
    steps::actor(witness, &witness.events[place])
}

/// Up to this many actors have a column each; more would leave none wide enough to read.
const MOST_COLUMNS: usize = 5;

/// A space at which the table breaks no line.
const GLUE: char = '\u{a0}';

/// `text` with its numbers and arrows tied to what stands before them.
fn glued(text: &str) -> String {
    let is_tied = |next: Option<char>| next.is_some_and(|c| c == '-' || c.is_ascii_digit());
    let tie = |(place, c): (usize, char)| {
        if c == ' ' && is_tied(text[place + 1..].chars().next()) { GLUE } else { c }
    };
    text.char_indices().map(tie).collect()
}

fn grid(witness: &Witness, is_marked: impl Fn(usize) -> bool) -> Table {
    let has_columns = witness.actors.len() <= MOST_COLUMNS;
    let actors =
        if has_columns { witness.actors.clone() } else { vec!["actor".into(), "does".into()] };
    let mut table = layout::table();
    let columns = actors.len();
    let header = ["#".to_owned(), String::new()].into_iter().chain(actors);
    table.set_header(header.chain(["where".to_owned()]));
    for (place, event) in witness.events.iter().enumerate() {
        let mark = if is_marked(place) { "*" } else { "" };
        let what = glued(&steps::sentence(event, &witness.events));
        let cells: Vec<_> = if has_columns {
            let cell = |column| if column == event.actor { what.clone() } else { String::new() };
            (0..witness.actors.len()).map(cell).collect()
        } else {
            vec![actor(witness, place).to_owned(), what]
        };
        let first = [(place + 1).to_string(), mark.to_owned()];
        table.add_row(first.into_iter().chain(cells).chain([steps::line(event)]));
    }
    for column in [0, 1, columns + 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}

/// What happened between the actors.
fn sentence(Conflict { kind, steps: places }: &Conflict, witness: &Witness) -> String {
    let events = &witness.events;
    let object = steps::object(&events[places[0]], events);
    let number = |place: usize| format!("(#{})", place + 1);
    let does = |index: usize| {
        let place = places[index];
        format!("{} {} {}", actor(witness, place), steps::verb(&events[place]), number(place))
    };
    let calls = |place: usize| {
        let what = steps::sentence(&events[place], events);
        format!("{} `{what}` {}", actor(witness, place), number(place))
    };
    match kind {
        Kind::DataRace => {
            format!("* data race on {object}: {}, {}, and nothing orders the two", does(0), does(1))
        }
        Kind::StaleLoad => format!("* stale load of {object}: {}, yet then {}", does(0), does(1)),
        Kind::LostUpdate => {
            let (read, write, lost) = (does(0), does(1), does(2));
            format!("* lost update of {object}: {read}, {write}, {lost} from its stale read")
        }
        Kind::StaleRead => {
            let (read, write, act) = (does(0), does(1), calls(places[2]));
            format!("* stale read of {object}: {read}, {write}, {act} without reading again")
        }
        Kind::TornRead => {
            let all: Vec<_> = places.iter().copied().map(calls).collect();
            format!("* torn read, one value from before and one from after: {}", all.join(", "))
        }
        Kind::StaleCheck => {
            let (read, write, act) = (does(0), does(1), does(2));
            format!("* stale check of {object}: {read}, {write}, and still {act}")
        }
        Kind::EarlyRead => {
            format!("* early read of {object}: {}, and only then {}", does(0), does(1))
        }
    }
}
