//! The look of everything that is printed: tables and long lines.

use comfy_table::{ContentArrangement, Table, TableComponent, presets};

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
    let mut lines = String::new();
    let mut width = 0;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if width > indent && width + 1 + length > usize::from(WIDTH) {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            width = indent;
        } else if index > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn a_long_line_is_broken_between_words_and_indented() {
        let text = format!("  reached   {}end", "outcome ".repeat(30));
        let lines = wrapped(&text, 12);
        assert!(lines.lines().count() > 2 && lines.lines().all(|line| line.len() <= 100));
        assert!(lines.lines().skip(1).all(|line| line.starts_with("            outcome")));
        assert_eq!(lines.split_whitespace().count(), 32);
        assert_eq!(wrapped("  as it is", 4), "  as it is");
    }
}
