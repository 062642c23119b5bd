//! Tables of text for a terminal, aligned by display width: a Chinese character takes two columns.

use docdrift_report::escape;
use unicode_width::UnicodeWidthStr as _;

/// The blanks between two columns.
const GAP: usize = 2;

/// A table without lines. Its cells are escaped for a terminal.
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self { rows: vec![header.map(str::to_owned).to_vec()] }
    }

    pub(crate) fn add_row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.map(|cell| escape::terminal(&cell)).to_vec());
    }

    /// Renders the table, a line for each row.
    pub(crate) fn render(&self) -> String {
        let column_count = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let widths: Vec<usize> = (0..column_count).map(|column| self.column_width(column)).collect();
        self.rows.iter().map(|row| render_row(row, &widths)).collect()
    }

    fn column_width(&self, column: usize) -> usize {
        self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or_default()
    }
}

fn render_row(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in row.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', width - cell.width() + GAP));
    }
    format!("{}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn wide_characters_take_two_columns() {
        let mut table = Table::new(["what", "count"]);
        table.add_row(["错误码".to_owned(), "1".to_owned()]);
        table.add_row(["code".to_owned(), String::new()]);
        assert_eq!(table.render(), "what    count\n错误码  1\ncode\n");
    }
}
