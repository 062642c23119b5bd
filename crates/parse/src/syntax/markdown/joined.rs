//! Reads pipe tables whose lines were joined into one.

use docdrift_model::text::tidy;

use super::{inline, pipes};
use crate::syntax::block::RawTable;

/// Finds the table in a line that is a whole Markdown table joined into a paragraph. The joined line ends left empty
/// cells between the rows.
pub(super) fn find_joined_table(line: &str, is_markdown: bool) -> Option<RawTable> {
    if !line.contains("--") {
        return None;
    }
    let cells = pipes::split_cells(line);
    let is_dash = |cell: &String| cell.contains("--") && cell.trim().chars().all(|c| matches!(c, '-' | ':'));
    let first = cells.iter().position(is_dash)?;
    let columns = cells[first..].iter().take_while(|cell| is_dash(cell)).count();
    let header = cells[..first].iter().filter(|cell| !cell.trim().is_empty());
    let mut rows: Vec<Vec<String>> = vec![header.cloned().collect()];
    if columns < 2 || rows[0].len() != columns {
        return None;
    }
    let mut rest = &cells[first + columns..];
    let mut uncertain = Vec::new();
    while let [boundary, row @ ..] = rest
        && boundary.trim().is_empty()
        && !row.is_empty()
    {
        let (row, after) = row.split_at(columns.min(row.len()));
        if row.len() < columns {
            uncertain.push((rows.len(), format!("it has {} of {columns} cells", row.len())));
        }
        let missing = std::iter::repeat_n(String::new(), columns - row.len());
        rows.push(row.iter().cloned().chain(missing).collect());
        rest = after;
    }
    let text = |cell: &String| if is_markdown { inline::render_cell(cell) } else { tidy(cell) };
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(text).collect()).collect();
    (rows.len() > 1).then_some(RawTable { head: 1, rows, uncertain, ..RawTable::default() })
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_a_table_joined_into_one_line() {
        let table = super::find_joined_table("| Code | Text | | --- | --- | | A.1 | one | | A.2 | |", true).unwrap();
        assert_eq!(table.rows, [["Code", "Text"], ["A.1", "one"], ["A.2", ""]]);
        assert!(super::find_joined_table("| a | -- | b |", true).is_none());
    }
}
