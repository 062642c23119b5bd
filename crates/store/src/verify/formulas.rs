//! Notes on cells that a spreadsheet program would evaluate as formulas. They are data and stay unchanged; users of the
//! table should know.

use std::path::Path;

use super::{VerifyIssue, rows::Row};

/// Returns a note for each entry of the table that has such cells.
pub(super) fn formula_notes(path: &Path, rows: &[Row]) -> Vec<VerifyIssue> {
    let note = |row: &Row| {
        let columns: Vec<String> = row.columns_where(is_formula).map(|name| format!("`{name}`")).collect();
        let what = format!(
            "a spreadsheet program would take {} for a formula: import the table as text, as SECURITY.md says",
            columns.join(", ")
        );
        (!columns.is_empty()).then(|| row.issue(path, &what))
    };
    rows.iter().filter_map(note).collect()
}

/// Returns whether a cell starts like a formula. Numbers with a sign and lone dashes are harmless.
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
    fn formulas_are_told_from_similar_texts() {
        for formula in ["=1+1", "=HYPERLINK(\"x\")", "@SUM(1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1"] {
            assert!(is_formula(formula), "{formula:?}");
        }
        for text in ["", "-", "--", "-1005", "+86 10", "404", "a=b", "No key {0}.", "– none"] {
            assert!(!is_formula(text), "{text:?}");
        }
    }
}
