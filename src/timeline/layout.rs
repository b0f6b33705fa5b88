//! The look of everything that is printed: tables and long lines.

use comfy_table::{ContentArrangement, Table, TableComponent, presets};
use textwrap::{Options, WordSplitter};

/// The width of everything that is printed, whoever reads it.
pub const WIDTH: u16 = 100;

/// An empty table: columns apart by their spacing alone, a line below the header.
pub fn table() -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, '-')
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    table
}

/// The table as text, with no space before the first column and two between columns.
pub fn print(mut table: Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.trim_fmt()
}

/// `text` in lines that fit, all but the first indented by `indent`.
pub fn wrapped(text: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    // Names and tokens have hyphens, and are kept whole, to be copied.
    let options = Options::new(usize::from(WIDTH))
        .subsequent_indent(&indent)
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false);
    textwrap::fill(text, options)
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_long_line_is_broken_between_words_and_indented() {
        let text = format!("  reached   {}end", "counter-and-event ".repeat(30));
        let lines = wrapped(&text, 12);
        assert!(lines.lines().count() > 2 && lines.lines().all(|line| line.len() <= 100));
        assert!(
            lines.lines().skip(1).all(|line| line.starts_with("            counter-and-event"))
        );
        assert_eq!(lines.split_whitespace().count(), 32);
        assert_eq!(wrapped("  as it is", 4), "  as it is");
    }
}
