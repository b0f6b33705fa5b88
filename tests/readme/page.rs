//! A page in Markdown, with everything in it that is made and not written made again.
//!
//! | in the page | is made again from |
//! |---|---|
//! | a block of `console` | each command that follows a `$`: what it prints |
//! | a block of `rust,should_panic` | the example of the front page; its doctest sees it fail |
//! | a block of `text` | the message of that panic |
//! | a block of `rust,ignore` | a function of `lost_update.rs`, found by its first line |
//! | `<!-- table: NAME -->` to `<!-- end -->` | the catalogue, or what explorations say |
//!
//! A block of `rust` is compiled and run as a doctest. Any other block fails the test, and so does a
//! command in the prose that nothing here knows, or a path that is not there.

use std::fmt::Write;
use std::mem;

use super::{commands, front_page, tables};

/// `page` as it should be.
pub fn made_again(page: &str) -> String {
    let mut lines = page.lines();
    let mut made = String::new();
    let mut prose = String::new();
    while let Some(line) = lines.next() {
        add(&mut made, line);
        let (end, content) = if let Some(kind) = line.strip_prefix("```") {
            check_prose(&mem::take(&mut prose));
            let quoted = until("```", &mut lines);
            ("```", block(kind, &quoted))
        } else if let Some(name) = between(line, "<!-- table: ", " -->") {
            until("<!-- end -->", &mut lines);
            ("<!-- end -->", format!("\n{}\n", tables::named(name)))
        } else {
            add(&mut prose, line);
            continue;
        };
        add(&mut made, &format!("{content}{end}"));
    }
    check_prose(&prose);
    made
}

fn add(text: &mut String, line: &str) {
    let _ = writeln!(text, "{line}");
}

fn check_prose(prose: &str) {
    commands::check_prose(prose);
    commands::check_paths(prose);
}

/// The lines up to `end`, which is consumed.
fn until<'a>(end: &str, lines: &mut impl Iterator<Item = &'a str>) -> String {
    lines.take_while(|&line| line != end).fold(String::new(), |mut text, line| {
        add(&mut text, line);
        text
    })
}

fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix(end)
}

fn block(kind: &str, quoted: &str) -> String {
    match kind {
        "console" => commands::console(quoted),
        "rust" => quoted.to_owned(),
        "rust,should_panic" => front_page::example(),
        "rust,ignore" => function(quoted),
        "text" => front_page::message(),
        _ => panic!("a block of {kind:?}, which no test makes again:\n{quoted}"),
    }
}

/// The function of `lost_update.rs` that begins like `quoted`.
fn function(quoted: &str) -> String {
    let source = include_str!("../../src/patterns/lost_update.rs");
    let first = quoted.lines().next().unwrap_or_default();
    let indented = format!("    {first}");
    let mut lines = source.lines().skip_while(|&line| line != indented).peekable();
    assert!(lines.peek().is_some(), "lost_update.rs has no line {first:?}");
    let body = until("    }", &mut lines);
    body.lines().chain(["    }"]).map(|line| line[4..].to_owned() + "\n").collect()
}
