//! Builds the rows of an error table: which lines are rows, and where their cells belong.

mod placement;

use docdrift_model::ErrorTable;

use crate::{
    columns::Columns,
    lexicon::cells::{is_code, is_status, looks_like_identifier},
    syntax::block::RawTable,
};

/// An error table, with remarks about its rows. A remark without a row is about a line that is no row.
pub(crate) struct TableRows {
    pub(crate) table: ErrorTable,
    pub(crate) notes: Vec<(Option<usize>, String)>,
}

/// Builds the error table from `raw`, with the columns of `header`. `header_row` is the index of the header row;
/// without one the table begins with its first row.
pub(crate) fn build_table(
    raw: &RawTable,
    header: &[String],
    header_row: Option<usize>,
    mut columns: Columns,
    title: Option<String>,
) -> TableRows {
    let width = table_width(raw, header.len());
    let mut header = header.to_vec();
    header.resize(width, String::new());
    columns.widen(width);
    let body = header_row.map_or(0, |n| raw.head.max(n + 1));
    let table = ErrorTable { title, header, roles: columns.roles.clone(), rows: Vec::new() };
    let mut kept = TableRows { table, notes: Vec::new() };
    // They are sorted by row, so each row takes its remarks from the front.
    let mut uncertain = raw.uncertain.iter().peekable();
    for (n, row) in raw.rows.iter().enumerate() {
        let is_across = raw.across.as_ref().map(|across| across.binary_search(&n).is_ok());
        let mut row = row.clone();
        row.resize(width, String::new());
        let is_banner = is_banner(&row, is_across);
        let unsure = std::iter::from_fn(|| uncertain.next_if(|(row, _)| *row <= n)).map(|(_, why)| why.clone());
        let unsure: Vec<String> = unsure.collect();
        // Titles, and rows of a preceding table that was merged with this one, stand above the header.
        let is_above = n < body && !(header_row.is_some_and(|header| n < header) && is_whole_row(&row, &columns));
        match () {
            () if row == kept.table.header || Some(n) == header_row => {}
            () if is_banner && header_row.is_none_or(|header| n > header) => kept.note_banner(&row[0]),
            () if is_above => kept.note_line_above(&row),
            () => kept.push(row, unsure, &columns),
        }
    }
    kept
}

/// Returns the width of the table: that of the header, or more if a row has its own cells beyond it.
fn table_width(raw: &RawTable, columns: usize) -> usize {
    raw.rows.iter().map(|row| own_width(row, columns)).max().unwrap_or_default().max(columns)
}

/// Whether the row has a code, and a status if there is a status column.
fn is_whole_row(row: &[String], columns: &Columns) -> bool {
    let cell = |n: usize| row.get(n).map_or("", String::as_str);
    columns.key.is_some_and(|key| is_code(cell(key)) && looks_like_identifier(cell(key)))
        && columns.status().is_none_or(|status| is_status(cell(status)))
}

impl TableRows {
    fn push(&mut self, mut row: Vec<String>, unsure: Vec<String>, columns: &Columns) {
        let at = Some(self.table.rows.len());
        let placed = placement::place_cells(&mut row, self.table.rows.last(), columns);
        let merged = placement::merge_repeated_code(&mut row, columns);
        self.notes.extend(unsure.into_iter().chain(placed).chain(merged).map(|detail| (at, detail)));
        self.table.rows.push(row);
    }

    fn note_banner(&mut self, text: &str) {
        self.notes.push((None, format!("a line across all columns was not read as a row: “{text}”")));
    }

    /// Reports a line above the header, unless it is the title of the table or part of the header.
    fn note_line_above(&mut self, row: &[String]) {
        let title = self.table.title.as_deref().unwrap_or_default();
        let is_known = |cell: &String| cell.is_empty() || cell == title || self.table.header.contains(cell);
        let mut unknown: Vec<&str> = row.iter().filter(|cell| !is_known(cell)).map(String::as_str).collect();
        unknown.dedup();
        if !unknown.is_empty() {
            self.notes
                .push((None, format!("a line above the header was not read as a row: “{}”", unknown.join(" | "))));
        }
    }
}

/// Returns the width of a row without the cells that a span copies beyond the header.
fn own_width(row: &[String], columns: usize) -> usize {
    let Some(last) = columns.checked_sub(1).and_then(|n| row.get(n)) else { return row.len() };
    let copies = row[columns..].iter().all(|cell| cell == last);
    if copies { columns } else { row.len() }
}

/// Whether a row is a section name or a note: one cell across the whole row, or one cell alone that is no code. If the
/// markup has no spans, equal cells count as one.
fn is_banner(row: &[String], is_across: Option<bool>) -> bool {
    let [first, rest @ ..] = row else { return false };
    let is_key = is_status(first) || (is_code(first) && looks_like_identifier(first));
    let is_alone = rest.len() > 1 && rest.iter().all(String::is_empty) && !is_key;
    let is_same = || rest.len() > 1 && rest.iter().all(|cell| cell == first) && !is_key;
    !first.is_empty() && (is_alone || is_across.unwrap_or_else(is_same))
}

#[cfg(test)]
mod tests {
    use super::is_banner;

    #[test]
    fn recognizes_section_names() {
        for (row, is_across, expected) in [
            (&["Lamps", "Lamps", "Lamps"][..], None, true),
            (&["4XX", "4XX", "4XX"], None, false),
            (&["4XX", "4XX", "4XX"], Some(true), true),
            (&["busy", "busy", "busy"], Some(false), false),
            (&["Lamps", "", ""], Some(false), true),
            (&["Lamp.0001", "", ""], Some(false), false),
            (&["Lamps", "Lamps"], Some(true), true),
            (&["Lamps", "Lamps"], None, false),
            (&["", "", ""], Some(true), false),
        ] {
            let row: Vec<String> = row.iter().map(ToString::to_string).collect();
            assert_eq!(is_banner(&row, is_across), expected, "{row:?}");
        }
    }
}
