//! What every picture of a witness shows: its rows, those to look at, and what happened in them.

use std::collections::{BTreeMap, BTreeSet};

use super::explanation::explain;
use super::fold::{Shown, shown};
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

/// One event, or several that are folded.
pub(super) struct Row {
    /// The number of the event, or of the first and the last.
    pub(super) number: String,
    pub(super) what: What,
    /// The file and line, if they are known.
    pub(super) place: String,
    /// Whether it is a row to look at.
    pub(super) is_marked: bool,
}

/// What happened in a row.
pub(super) enum What {
    /// This actor did this.
    Does(usize, String),
    /// So many events of each of these actors are folded.
    Folds(BTreeMap<usize, usize>),
}

impl Row {
    /// What to write in the column of each actor that has a part in it.
    pub(super) fn acts(&self) -> Vec<(usize, String)> {
        match &self.what {
            What::Does(actor, what) => vec![(*actor, what.clone())],
            What::Folds(each) => each.iter().map(|(&actor, &rows)| (actor, folded(rows))).collect(),
        }
    }
}

fn folded(rows: usize) -> String {
    format!("… {rows} row{}", if rows == 1 { "" } else { "s" })
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
        if self.actors.len() <= MOST_COLUMNS {
            let mut acts: BTreeMap<_, _> = row.acts().into_iter().collect();
            let cell = |actor| acts.remove(&actor).unwrap_or_default();
            return (0..self.actors.len()).map(cell).collect();
        }
        let name = |&actor: &usize| self.actors.get(actor).map_or("?", String::as_str);
        match &row.what {
            What::Does(actor, what) => vec![name(actor).to_owned(), what.clone()],
            What::Folds(each) => {
                let names: Vec<_> = each.keys().map(name).collect();
                let rows = folded(each.values().sum());
                vec![String::new(), format!("{rows} of {}", names.join(", "))]
            }
        }
    }
}

pub(super) fn story(witness: &Witness) -> Story<'_> {
    let explanations = [explain(witness), waits::explain(witness), awaits::explain(witness)];
    let events = &witness.events;
    let ends = (0..events.len()).filter(|&place| ends_it(&events[place]));
    let explained = explanations.iter().flatten().flat_map(|it| it.rows.iter().copied());
    let marked: BTreeSet<usize> = ends.chain(explained).collect();
    let row = |shown: Shown| match shown {
        Shown::Event(place) => Row {
            number: (place + 1).to_string(),
            what: What::Does(events[place].actor, steps::sentence(witness, &events[place])),
            place: steps::location(&events[place]).unwrap_or_default(),
            is_marked: marked.contains(&place),
        },
        Shown::Folded(places) => Row {
            number: format!("{}-{}", places.start + 1, places.end),
            what: What::Folds(by_actor(&events[places])),
            place: String::new(),
            is_marked: false,
        },
    };
    let rows: Vec<Row> = shown(witness, &marked).into_iter().map(row).collect();
    let is_folded = rows.iter().any(|row| matches!(row.what, What::Folds(_)));
    let notes = explanations
        .into_iter()
        .flatten()
        .map(|explanation| explanation.text)
        .chain(panicked(witness))
        .chain(is_folded.then(|| FOLDED.to_owned()))
        .chain(witness.is_limited.then(|| LIMITED.to_owned()))
        .chain(witness.lacks_lines.then(|| LACKS_LINES.to_owned()))
        .collect();
    Story { actors: &witness.actors, rows, notes, outcome: outcome(witness) }
}

/// How many of these events are of each actor.
fn by_actor(events: &[Event]) -> BTreeMap<usize, usize> {
    events.iter().fold(BTreeMap::new(), |mut each, event| {
        *each.entry(event.actor).or_default() += 1;
        each
    })
}

fn ends_it(event: &Event) -> bool {
    matches!(event.aside, Some(Aside::Panics(_) | Aside::Fails(_) | Aside::Breaks(_)))
}

const FOLDED: &str =
    "… stands for rows that lead to none of the marked ones; a replay prints every row";

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
