//! The look of every table.

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
