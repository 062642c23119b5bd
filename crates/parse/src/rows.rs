//! The rows of an error table: which of a table's lines are rows of it, mended where their cells slipped.

use docdrift_model::{ErrorTable, Role};

use crate::{
    cell::{is_code, is_marked, is_status},
    read::RawTable,
    repair,
};

/// An error table, and what is to be said of its rows: which one, or `None` for a line that is no row.
pub(crate) struct Rows {
    pub(crate) table: ErrorTable,
    pub(crate) notes: Vec<(Option<usize>, String)>,
}

/// The error table in `raw`, whose columns are headed by `header` and have `roles`. The header stands in the row
/// `header_row`; without one the table goes on from an earlier one.
pub(crate) fn of(
    raw: RawTable,
    mut header: Vec<String>,
    header_row: Option<usize>,
    mut roles: Vec<Role>,
    title: Option<String>,
) -> Rows {
    let columns = header.len();
    let width = raw.rows.iter().map(|row| own_width(row, columns)).max().unwrap_or_default().max(columns);
    header.resize(width, String::new());
    roles.resize(width, Role::Other);
    let body = header_row.map_or(0, |n| raw.head.max(n + 1));
    let mut kept = Rows { table: ErrorTable { title, header, roles, rows: Vec::new() }, notes: Vec::new() };
    // In the order of the rows, so that each row takes its own from the front.
    let mut uncertain = raw.uncertain.into_iter().peekable();
    for (n, mut row) in raw.rows.into_iter().enumerate() {
        let is_across = raw.across.as_ref().map(|across| across.binary_search(&n).is_ok());
        let is_banner = is_banner(&row, is_across);
        row.resize(width, String::new());
        let unsure = std::iter::from_fn(|| uncertain.next_if(|(row, _)| *row <= n)).map(|(_, why)| why);
        let unsure: Vec<String> = unsure.collect();
        // Above the header stand titles, and rows of the table before that ran into this one.
        let is_above =
            n < body && !(header_row.is_some_and(|header| n < header) && repair::fits(&row, &kept.table.roles));
        if is_banner && header_row.is_none_or(|header| n > header) {
            kept.notes.push((None, format!("a line across all columns is no row: “{}”", row[0])));
        } else if !is_above && row != kept.table.header {
            kept.push(row, unsure);
        }
    }
    kept
}

impl Rows {
    fn push(&mut self, mut row: Vec<String>, unsure: Vec<String>) {
        let at = Some(self.table.rows.len());
        let mended = repair::mend(&mut row, self.table.rows.last(), &self.table.roles);
        let doubled = repair::undouble(&mut row, &self.table.roles);
        self.notes.extend(unsure.into_iter().chain(mended).chain(doubled).map(|detail| (at, detail)));
        self.table.rows.push(row);
    }
}

/// How wide a row is without what a span only copies beyond the header's columns.
fn own_width(row: &[String], columns: usize) -> usize {
    let Some(last) = columns.checked_sub(1).and_then(|n| row.get(n)) else { return row.len() };
    let copies = row[columns..].iter().all(|cell| cell == last);
    if copies { columns } else { row.len() }
}

/// Whether a row is a section's name or a note: one cell across the whole row, or one cell alone that is no code. Where
/// the markup doesn't say what spans, equal cells are taken for one.
fn is_banner(row: &[String], is_across: Option<bool>) -> bool {
    let [first, rest @ ..] = row else { return false };
    let is_key = is_status(first) || (is_code(first) && is_marked(first));
    let is_alone = rest.len() > 1 && rest.iter().all(String::is_empty) && !is_key;
    let is_same = || rest.len() > 1 && rest.iter().all(|cell| cell == first) && !is_key;
    !first.is_empty() && (is_alone || is_across.unwrap_or_else(is_same))
}

#[cfg(test)]
mod tests {
    use super::is_banner;

    #[test]
    fn section_names() {
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
