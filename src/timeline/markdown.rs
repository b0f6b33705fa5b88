//! A witness for an issue tracker.

use std::fmt::Write;

use super::story::story;
use crate::explore::Witness;

impl Witness {
    /// The timeline as a table in Markdown, as GitHub and GitLab read it, with the rows to look at in bold;
    /// below it what happened in them, and the outcome.
    pub fn markdown(&self) -> String {
        let story = story(self);
        let titles = story.titles().iter().map(|title| escaped(title)).collect();
        let mut text = line("#", titles, "where");
        text.push_str(&line("---", vec!["---".to_owned(); story.titles().len()], "---"));
        for row in &story.rows {
            let bold = |cell: &String| match (cell.as_str(), row.is_marked) {
                ("", _) | (_, false) => escaped(cell),
                (_, true) => format!("**{}**", escaped(cell)),
            };
            let cells = story.cells(row).iter().map(bold).collect();
            text.push_str(&line(&row.number, cells, &escaped(&row.place)));
        }
        text.push('\n');
        for note in &story.notes {
            let _ = writeln!(text, "- {}", prose(note));
        }
        let _ = writeln!(text, "\n**Outcome:** {}", escaped(&story.outcome));
        text
    }
}

fn line(first: &str, cells: Vec<String>, last: &str) -> String {
    let cells: Vec<_> =
        [first.to_owned()].into_iter().chain(cells).chain([last.to_owned()]).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// A sentence, whose code stays code.
fn prose(text: &str) -> String {
    let parts = text.split('`');
    if parts.clone().count().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(place, part): (usize, &str)| {
        if place % 2 == 0 { escaped(part) } else { format!("`{}`", one_line(part)) }
    };
    parts.enumerate().map(part).collect()
}

/// `text` as it is, and nothing in it as markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => escaped.extend(['\\', c]),
            // A tracker would take it for an issue's number, or for somebody's name.
            '#' | '@' => {
                let _ = write!(escaped, "{c}<!-- -->");
            }
            c => escaped.push(c),
        }
    }
    escaped
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}
