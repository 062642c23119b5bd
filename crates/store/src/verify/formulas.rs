//! Cells that a spreadsheet program would take for formulas. They are data and stay as they are; whoever opens the table
//! should know.

use std::path::Path;

use super::{Flaw, rows::Row};

/// A note for each entry of the table that has such cells.
pub(super) fn notes(path: &Path, rows: &[Row]) -> Vec<Flaw> {
    let note = |row: &Row| {
        let columns: Vec<String> = row.columns_where(is_formula).map(|name| format!("`{name}`")).collect();
        let what = format!(
            "a spreadsheet program would take {} for a formula: import the table as text, as SECURITY.md says",
            columns.join(", ")
        );
        (!columns.is_empty()).then(|| row.flaw(path, &what))
    };
    rows.iter().filter_map(note).collect()
}

/// Whether a cell begins as a formula does; numbers with a sign and lone dashes are harmless.
fn is_formula(cell: &str) -> bool {
    match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => cell.chars().any(char::is_alphabetic) || cell.contains(['(', '=', '!']),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_formula;

    #[test]
    fn formulas_and_what_only_looks_like_them() {
        for formula in ["=1+1", "=HYPERLINK(\"x\")", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1"] {
            assert!(is_formula(formula), "{formula:?}");
        }
        for text in ["", "-", "--", "-1005", "+86 10", "404", "a=b", "No key {0}.", "– none"] {
            assert!(!is_formula(text), "{text:?}");
        }
    }
}
