//! A witness as a timeline: a column for each actor, a row for each operation. As text it is its
//! [`Display`](fmt::Display); [`Witness::markdown`] and [`Witness::svg`] are for elsewhere.

mod awaits;
mod explanation;
mod fold;
mod layout;
mod markdown;
pub mod steps;
mod story;
mod svg;
mod waits;

use std::fmt;

use comfy_table::{ColumnConstraint, Table};

use crate::explore::Witness;
use story::{Story, story};

/// The timeline, the rows to look at marked, and below it what happened in them.
pub fn timeline(witness: &Witness) -> String {
    told(&story(witness))
}

fn told(story: &Story<'_>) -> String {
    let mut text = format!("{}\n", layout::print(grid(story)).replace(GLUE, " "));
    if !story.notes.is_empty() {
        text.push('\n');
    }
    for note in &story.notes {
        text.push_str(&layout::wrapped(&format!("* {note}"), 2));
        text.push('\n');
    }
    text
}

impl Witness {
    /// The same witness, which shows every row.
    ///
    /// Without this, what prints a witness of more than 24 rows, as text, in Markdown or as a picture, folds
    /// rows that lead to none of the marked ones, as far as the explorer sees. A row leads to those that its
    /// actor comes to later, to those of actors that it wakes or spawns, to those that touch an object which
    /// it writes, and so on from there. A marked row is never folded, nor one that conflicts with it, a panic,
    /// an error, a broken invariant, a choice, a note, a cancellation or a timeout.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { is_whole: true, ..self }
    }
}

/// The timeline, and the outcome.
impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let story = story(self);
        let outcome = format!("outcome  {}", story.outcome);
        writeln!(f, "{}\n{}", told(&story), layout::wrapped(&outcome, 9))
    }
}

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

fn grid(story: &Story<'_>) -> Table {
    let mut table = layout::table();
    let titles = story.titles();
    let columns = titles.len();
    let header = ["#".to_owned(), String::new()].into_iter().chain(titles);
    table.set_header(header.chain(["where".to_owned()]));
    for row in &story.rows {
        let mark = if row.is_marked { "*" } else { "" };
        let first = [row.number.clone(), mark.to_owned()];
        let cells = story.cells(row).into_iter().map(|cell| glued(&cell));
        table.add_row(first.into_iter().chain(cells).chain([steps::file(&row.place)]));
    }
    for column in [0, 1, columns + 2] {
        if let Some(column) = table.column_mut(column) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table
}
