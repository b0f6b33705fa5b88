//! A witness as a timeline: a column for each actor, a row for each operation.

mod awaits;
mod explanation;
mod layout;
pub mod steps;
mod waits;

use std::fmt;

use comfy_table::{ColumnConstraint, Table};

use crate::explore::{Outcome, Witness};
use crate::observe::Aside;
use explanation::{Explanation, explain};

/// The timeline, the rows to look at marked, and below it what happened in them.
pub fn timeline(witness: &Witness) -> String {
    let explanations = [explain(witness), waits::explain(witness), awaits::explain(witness)];
    let ends_it = |place: usize| {
        matches!(witness.events[place].aside, Some(Aside::Panics(_) | Aside::Breaks(_)))
    };
    let is_marked = |place| {
        let explains = |it: &Explanation| it.rows.contains(&place);
        ends_it(place) || explanations.iter().flatten().any(explains)
    };
    let mut text = format!("{}\n", layout::print(grid(witness, is_marked)).replace(GLUE, " "));
    let panic = panicked(witness);
    let notes: Vec<_> = explanations
        .into_iter()
        .flatten()
        .map(|explanation| explanation.text)
        .chain(panic)
        .chain(witness.is_limited.then(|| LIMITED.to_owned()))
        .chain(witness.lacks_lines.then(|| LACKS_LINES.to_owned()))
        .collect();
    if !notes.is_empty() {
        text.push('\n');
    }
    for note in notes {
        text.push_str(&layout::wrapped(&format!("* {note}"), 2));
        text.push('\n');
    }
    text
}

const LIMITED: &str =
    "a limit ended the search for a schedule with fewer switches: there may be one";

const LACKS_LINES: &str = "lines are missing: build with debug information, such as `debug = \
                           \"line-tables-only\"` in the profile";

fn panicked(witness: &Witness) -> Option<String> {
    let (Outcome::Panic(message), Some(location)) = (&witness.outcome, &witness.panicked_at) else {
        return None;
    };
    Some(format!("panic at {location}: {message}"))
}

/// The outcome, and in a deadlock who never finishes.
fn outcome(witness: &Witness) -> String {
    let name = |&actor: &usize| witness.actors.get(actor).map_or("?", String::as_str);
    let stuck: Vec<_> = witness.stuck.iter().map(name).collect();
    match &stuck[..] {
        [] => witness.outcome.to_string(),
        [one] => format!("{}: {one} never finishes", witness.outcome),
        [all @ .., last] => {
            format!("{}: {} and {last} never finish", witness.outcome, all.join(", "))
        }
    }
}

/// The timeline, and the outcome.
impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = format!("outcome  {}", outcome(self));
        writeln!(f, "{}\n{}", timeline(self), layout::wrapped(&outcome, 9))
    }
}

/// Up to this many actors have a column each; more would leave none wide enough to read.
const MOST_COLUMNS: usize = 5;

/// A space at which the table breaks no line.
const GLUE: char = '\u{a0}';

/// `text` with its numbers tied to what they are about, and its arrows to what they point at.
fn glued(text: &str) -> String {
    let is_tied = |before: &str, after: &str| {
        let number = after.strip_prefix('-').unwrap_or(after);
        before.ends_with("->") || number.starts_with(|c: char| c.is_ascii_digit())
    };
    let tie = |(place, c): (usize, char)| {
        if c == ' ' && is_tied(&text[..place], &text[place + 1..]) { GLUE } else { c }
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
        let what = glued(&steps::sentence(witness, event));
        let cells: Vec<_> = if has_columns {
            let cell = |column| if column == event.actor { what.clone() } else { String::new() };
            (0..witness.actors.len()).map(cell).collect()
        } else {
            vec![steps::actor(witness, event).to_owned(), what]
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
