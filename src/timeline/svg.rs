//! A witness as a picture: a lane for each actor, time downwards.

use std::fmt::Write;

use super::layout::wrapped;
use super::story::{Row, story};
use crate::explore::Witness;

/// The width of a character, the height of a line, and what is left around them.
const CHARACTER: usize = 8;
const LINE: usize = 18;
const GAP: usize = 12;
const ROW: usize = LINE + GAP;

/// The first row.
const TOP: usize = ROW + GAP;

const STYLE: &str = "svg{--ink:#1f2328;--paper:#fff;--box:#f6f8fa;--line:#afb8c1;--quiet:#57606a;--mark:#cf222e}\
    @media(prefers-color-scheme:dark)\
    {svg{--ink:#e6edf3;--paper:#0d1117;--box:#21262d;--line:#6e7681;--quiet:#9198a1;--mark:#ff7b72}}\
    text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:var(--ink)}\
    .paper{fill:var(--paper)}.name{font-weight:bold}.number,.place{fill:var(--quiet)}\
    .lane,.switch{stroke:var(--line);fill:none}.lane{stroke-dasharray:2 4}\
    .box{fill:var(--box);stroke:var(--line)}.marked{stroke:var(--mark);stroke-width:2}";

impl Witness {
    /// The timeline as a picture: a lane for each actor, a box for each row, a line where another actor
    /// goes on, the rows to look at outlined; below them what happened, and the outcome.
    ///
    /// It is an SVG document that refers to nothing outside, in light or dark as its reader prefers.
    pub fn svg(&self) -> String {
        let story = story(self);
        let lanes = Lanes::of(&story.rows, story.actors);
        let notes = story.notes.iter().map(|note| wrapped(&format!("* {note}"), 2));
        let text: Vec<_> =
            notes.chain([wrapped(&format!("outcome  {}", story.outcome), 9)]).collect();
        let text: Vec<_> = text.iter().flat_map(|it| it.lines()).collect();
        let bottom = TOP + ROW * story.rows.len() + GAP;
        let longest = text.iter().map(|line| width(line)).max().unwrap_or_default();
        let (wide, high) = (lanes.end().max(longest) + 2 * GAP, bottom + LINE * text.len() + GAP);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" \
             width=\"{wide}\" height=\"{high}\" role=\"img\">\n<title>{}</title>\n\
             <style>{STYLE}</style>\n<rect class=\"paper\" width=\"{wide}\" height=\"{high}\"/>\n",
            escaped(&story.outcome)
        );
        for (actor, name) in story.actors.iter().enumerate() {
            let x = lanes.middle(actor);
            let _ = writeln!(svg, "<path class=\"lane\" d=\"M{x} {TOP}V{bottom}\"/>");
            write_text(&mut svg, "name", (x - width(name) / 2, LINE + GAP / 2), name);
        }
        for (place, pair) in story.rows.windows(2).enumerate() {
            let actor = |row: &Row, is_last: bool| {
                let acts = row.acts();
                if is_last { acts.last() } else { acts.first() }.map_or(0, |(actor, _)| *actor)
            };
            let (from, to) =
                (lanes.middle(actor(&pair[0], true)), lanes.middle(actor(&pair[1], false)));
            if from != to {
                let y = TOP + ROW * place + LINE;
                let _ =
                    writeln!(svg, "<path class=\"switch\" d=\"M{from} {y}L{to} {}\"/>", y + GAP);
            }
        }
        for (place, row) in story.rows.iter().enumerate() {
            write_row(&mut svg, &lanes, place, row);
        }
        for (number, line) in text.iter().enumerate() {
            write_text(&mut svg, "said", (GAP, bottom + LINE * (number + 1)), line);
        }
        svg.push_str("</svg>\n");
        svg
    }
}

fn write_row(svg: &mut String, lanes: &Lanes, place: usize, row: &Row) {
    let y = TOP + ROW * place;
    let base = y + LINE - 5;
    let class = if row.is_marked { "box marked" } else { "box" };
    write_text(svg, "number", (GAP, base), &row.number);
    for (actor, what) in row.acts() {
        let length = width(&what);
        let x = lanes.middle(actor) - length / 2;
        let (left, wide) = (x - GAP / 2, length + GAP);
        let _ = writeln!(
            svg,
            "<rect class=\"{class}\" x=\"{left}\" y=\"{y}\" width=\"{wide}\" height=\"{LINE}\" rx=\"4\"/>"
        );
        write_text(svg, "what", (x, base), &what);
    }
    write_text(svg, "place", (lanes.places(), base), &row.place);
}

fn write_text(svg: &mut String, class: &str, (x, y): (usize, usize), text: &str) {
    if text.is_empty() {
        return;
    }
    let text = escaped(text);
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" xml:space=\"preserve\">{text}</text>"
    );
}

/// Where the lane of each actor begins, and where the last ends.
struct Lanes {
    starts: Vec<usize>,
    places: usize,
}

impl Lanes {
    /// Each as wide as what stands in it.
    fn of(rows: &[Row], actors: &[String]) -> Self {
        let number = rows.iter().map(|row| width(&row.number)).max().unwrap_or_default();
        let mut starts = vec![2 * GAP + number];
        let acts: Vec<_> = rows.iter().flat_map(Row::acts).collect();
        for (actor, name) in actors.iter().enumerate() {
            let own = acts.iter().filter(|(by, _)| *by == actor).map(|(_, what)| width(what));
            let widest = own.chain([width(name)]).max().unwrap_or_default();
            starts.push(starts[actor] + widest + 2 * GAP);
        }
        let places = rows.iter().map(|row| width(&row.place)).max().unwrap_or_default();
        Self { starts, places }
    }

    fn middle(&self, actor: usize) -> usize {
        let actor = actor.min(self.starts.len().saturating_sub(2));
        let end = self.starts.get(actor + 1).unwrap_or(&self.starts[actor]);
        usize::midpoint(self.starts[actor], *end)
    }

    /// Where the places stand.
    fn places(&self) -> usize {
        self.starts[self.starts.len() - 1] + GAP
    }

    fn end(&self) -> usize {
        self.places() + self.places
    }
}

fn width(text: &str) -> usize {
    CHARACTER * text.chars().count()
}

/// `text` as XML allows it.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_whitespace() => escaped.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
