//! What every picture of a witness shows: its rows, those to look at, and what happened in them.

use super::explanation::{Explanation, explain};
use super::{awaits, steps, waits};
use crate::explore::{Outcome, Witness};
use crate::observe::{Aside, Event};

/// A witness, told in words.
pub(super) struct Story<'a> {
    pub(super) actors: &'a [String],
    pub(super) rows: Vec<Row>,
    /// What is to be said of the rows, a sentence each.
    pub(super) notes: Vec<String>,
    /// How it ended, and for whom.
    pub(super) outcome: String,
}

/// One event.
pub(super) struct Row {
    pub(super) actor: usize,
    pub(super) what: String,
    /// The file and line, if they are known.
    pub(super) place: String,
    /// Whether it is a row to look at.
    pub(super) is_marked: bool,
}

/// Up to this many actors have a column each; more would leave none wide enough to read.
const MOST_COLUMNS: usize = 5;

impl Story<'_> {
    /// The titles of the columns that [`cells`](Self::cells) fills.
    pub(super) fn titles(&self) -> Vec<String> {
        match self.actors {
            actors if actors.len() <= MOST_COLUMNS => actors.to_vec(),
            _ => ["actor", "does"].map(str::to_owned).to_vec(),
        }
    }

    /// What was done, in the column of its actor.
    pub(super) fn cells(&self, row: &Row) -> Vec<String> {
        if self.actors.len() > MOST_COLUMNS {
            let actor = self.actors.get(row.actor).map_or("?", String::as_str);
            return vec![actor.to_owned(), row.what.clone()];
        }
        let cell = |actor| if actor == row.actor { row.what.clone() } else { String::new() };
        (0..self.actors.len()).map(cell).collect()
    }
}

pub(super) fn story(witness: &Witness) -> Story<'_> {
    let explanations = [explain(witness), waits::explain(witness), awaits::explain(witness)];
    let row = |(place, event): (usize, &Event)| {
        let explains = |it: &Explanation| it.rows.contains(&place);
        Row {
            actor: event.actor,
            what: steps::sentence(witness, event),
            place: steps::location(event).unwrap_or_default(),
            is_marked: ends_it(event) || explanations.iter().flatten().any(explains),
        }
    };
    let rows = witness.events.iter().enumerate().map(row).collect();
    let notes = explanations
        .into_iter()
        .flatten()
        .map(|explanation| explanation.text)
        .chain(panicked(witness))
        .chain(witness.is_limited.then(|| LIMITED.to_owned()))
        .chain(witness.lacks_lines.then(|| LACKS_LINES.to_owned()))
        .collect();
    Story { actors: &witness.actors, rows, notes, outcome: outcome(witness) }
}

fn ends_it(event: &Event) -> bool {
    matches!(event.aside, Some(Aside::Panics(_) | Aside::Fails(_) | Aside::Breaks(_)))
}

const LIMITED: &str =
    "a limit ended the search for a schedule with fewer switches: there may be one";

const LACKS_LINES: &str = "lines or names are missing: build with debug information, such as \
                           `debug = 1` in the profile";

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
