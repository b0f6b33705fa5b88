//! Every verdict at a glance: a row for each variant, a column for each world.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use comfy_table::ColumnConstraint;
use selvedge::World;
use selvedge::catalogue::Entry;
use selvedge::prove::Proof;

use super::layout::{self, WIDTH, wrapped};
use super::{show_command, words};

/// Everything that was proved.
pub struct Matrix {
    /// The columns.
    pub worlds: Vec<World>,
    /// The rows.
    pub rows: Vec<Row>,
    /// How long it took.
    pub duration: Duration,
}

/// One variant.
pub struct Row {
    /// Which.
    pub entry: Entry,
    /// A verdict for each world.
    pub cells: Vec<Cell>,
}

/// One variant in one world.
pub enum Cell {
    /// Explored.
    Proved(Box<Proof>),
    /// Not explored, for this reason.
    Missing(String),
}

impl Cell {
    fn proof(&self) -> Option<&Proof> {
        match self {
            Self::Proved(proof) => Some(proof),
            Self::Missing(_) => None,
        }
    }
}

impl Matrix {
    /// Every verdict.
    pub fn proofs(&self) -> impl Iterator<Item = &Proof> {
        self.rows.iter().flat_map(|row| &row.cells).filter_map(Cell::proof)
    }

    /// Whether something was proved, and all of it as the catalogue says.
    pub fn is_as_expected(&self) -> bool {
        self.proofs().next().is_some() && self.proofs().all(Proof::is_as_expected)
    }

    fn proofs_in(&self, column: usize) -> impl Iterator<Item = &Proof> {
        self.rows.iter().filter_map(move |row| row.cells[column].proof())
    }

    /// What most proofs of a column have in common, and the number of actors that goes without
    /// saying there.
    fn heading(&self, column: usize) -> (String, Option<usize>) {
        let world = self.worlds[column];
        let actors: BTreeSet<_> = self.proofs_in(column).map(|proof| proof.case.actors).collect();
        let uses = |&actors: &usize| {
            self.proofs_in(column).filter(|proof| proof.case.actors == actors).count()
        };
        let Some(actors) = actors.into_iter().max_by_key(uses) else {
            return (world.to_string(), None);
        };
        let family = self.proofs_in(column).next().map_or("", |proof| proof.case.family.name());
        (format!("{world}\n{family}, {}", words::count(actors as u64, "actor")), Some(actors))
    }

    fn footnotes(&self) -> Vec<&str> {
        let mut notes: Vec<&str> = Vec::new();
        for each in self.rows.iter().flat_map(|row| &row.cells) {
            if let Cell::Missing(reason) = each
                && !notes.contains(&reason.as_str())
            {
                notes.push(reason);
            }
        }
        notes
    }

    fn write_table(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The width of a column of verdicts, and of one without any.
        const VERDICTS: usize = 25;
        const DASHES: usize = 13;
        let headings: Vec<_> = (0..self.worlds.len()).map(|column| self.heading(column)).collect();
        let taken =
            headings.iter().map(|heading| if heading.1.is_some() { VERDICTS } else { DASHES });
        let room = usize::from(WIDTH).saturating_sub(taken.sum());

        let mut table = layout::table();
        let first = ["pattern/variant".to_owned()];
        table.set_header(first.into_iter().chain(headings.iter().map(|heading| heading.0.clone())));
        for row in &self.rows {
            let cells = row.cells.iter().zip(&headings).map(|(each, heading)| match each {
                Cell::Proved(proof) => cell(proof, heading.1),
                Cell::Missing(_) => "-".to_owned(),
            });
            table.add_row([name(row, room)].into_iter().chain(cells));
        }
        if let Some(names) = table.column_mut(0) {
            names.set_constraint(ColumnConstraint::ContentWidth);
        }
        writeln!(f, "{}", layout::print(table))
    }
}

/// The variant's name, on two lines where it is long.
fn name(row: &Row, room: usize) -> String {
    let name = row.entry.to_string();
    if name.len() <= room { name } else { name.replace('/', "/\n  ") }
}

/// A verdict, what it rests on, and a mark if the catalogue says otherwise.
fn cell(proof: &Proof, usual_actors: Option<usize>) -> String {
    /// The longest set of outcomes that is written out.
    const LONGEST: usize = 15;
    let mark = if proof.is_as_expected() { "" } else { "! " };
    let verdict = words::verdict(proof.verdict);
    let mut outcomes = words::set(&proof.reached);
    if outcomes.len() > LONGEST {
        outcomes = words::count(proof.reached.len() as u64, "outcome");
    }
    let actors = proof.case.actors;
    let actors = match usual_actors {
        Some(usual) if usual == actors => String::new(),
        _ => format!("{}\n", words::count(actors as u64, "actor")),
    };
    let (extent, time) = (words::extent(proof), words::time(proof.duration));
    format!("{mark}{verdict} {outcomes}\n{actors}{extent}, {time}")
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_table(f)?;
        for note in self.footnotes() {
            writeln!(f, "\n{}", wrapped(&format!("- {note}"), 2))?;
        }
        let wrong: Vec<_> = self.proofs().filter(|proof| !proof.is_as_expected()).collect();
        for proof in &wrong {
            write_complaint(f, proof)?;
        }
        let count = self.proofs().count();
        let proofs = words::count(count as u64, "proof");
        let judgement = match (wrong.len(), count) {
            (_, 0) => "so nothing is shown".to_owned(),
            (0, 1) => "as expected".to_owned(),
            (0, _) => "all as expected".to_owned(),
            (wrong, _) => format!("{wrong} not as expected"),
        };
        writeln!(f, "\n{proofs}, {judgement}, {}", words::time(self.duration))
    }
}

/// What was expected, what was reached instead, and how to look at it.
fn write_complaint(f: &mut fmt::Formatter<'_>, proof: &Proof) -> fmt::Result {
    let case = &proof.case;
    let actors = words::count(case.actors as u64, "actor");
    writeln!(f, "\n! {} in the {} world, on {}, {actors}", case.entry, case.world, case.family)?;
    let (expected, reached) =
        (words::verdict(proof.expected_verdict()), words::verdict(proof.verdict));
    let mut lines = vec![
        format!("  expected  {expected} {}", words::set(&proof.expected)),
        format!("  reached   {reached} {}", words::set(&proof.reached)),
    ];
    lines.extend(proof.incomplete.as_ref().map(|reason| format!("  because   {reason}")));
    lines.extend(proof.witness.as_ref().map(|_| format!("  witness   {}", show_command(case))));
    lines.iter().try_for_each(|line| writeln!(f, "{}", wrapped(line, 12)))
}
