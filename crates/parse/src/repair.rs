//! Rows whose cells slipped: a cell that the saved copy lost shifts the rest of its row. What the cells are tells where
//! they belong; every repair is said.

use docdrift_model::Role;

use crate::cell::{is_code, is_code_before_colon, is_status};

/// Where the columns are that a cell can be recognised for.
struct Columns {
    status: Option<usize>,
    code: usize,
}

impl Columns {
    fn of(roles: &[Role]) -> Option<Self> {
        let at = |role| roles.iter().position(|r| *r == role);
        Some(Self { status: at(Role::Status), code: at(Role::Code)? })
    }

    /// Whether the cells at status and code are a status and a code, where `cell` gives the cell of a column.
    fn fit<'a>(&self, cell: impl Fn(usize) -> &'a str) -> bool {
        is_key(cell(self.code)) && self.status.is_none_or(|n| is_status(cell(n)))
    }
}

/// Whether the cell can be a code, and is neither a sign for nothing nor a status in words.
fn is_key(cell: &str) -> bool {
    let is_worded_status = is_status(cell) && cell.chars().any(char::is_alphabetic);
    (is_code(cell) || is_code_before_colon(cell)) && cell.chars().any(char::is_alphanumeric) && !is_worded_status
}

/// Whether the row has a code, and a status where there is a column for it.
pub(crate) fn fits(row: &[String], roles: &[Role]) -> bool {
    Columns::of(roles).is_some_and(|columns| columns.fit(|n| row.get(n).map_or("", String::as_str)))
}

/// Mends `row` where its cells slipped, taking what a lost rowspan held from the row above. The answer says what was
/// done; `None` means that the row needed nothing.
pub(crate) fn mend(row: &mut Vec<String>, above: Option<&Vec<String>>, roles: &[Role]) -> Option<String> {
    let columns = Columns::of(roles)?;
    if columns.fit(|n| row.get(n).map_or("", String::as_str)) || row.iter().all(String::is_empty) {
        return None;
    }
    slipped_left(row, above, &columns).or_else(|| slipped_past_status(row, &columns))
}

/// The first cells are missing, the last ones empty: a rowspan that was lost.
fn slipped_left(row: &mut Vec<String>, above: Option<&Vec<String>>, columns: &Columns) -> Option<String> {
    let above = above?;
    let free = row.iter().rev().take_while(|cell| cell.is_empty()).count();
    let cell = |shift: usize, n: usize| match n.checked_sub(shift) {
        Some(from) => row.get(from).map_or("", String::as_str),
        None => above.get(n).map_or("", String::as_str),
    };
    // The code must be the row's own, or the row would be the one above.
    let shift = (1..=free.min(columns.code)).find(|shift| columns.fit(|n| cell(*shift, n)))?;
    let width = row.len();
    let mut mended: Vec<String> = above.iter().take(shift).cloned().collect();
    mended.append(row);
    mended.truncate(width);
    *row = mended;
    Some(format!("its first {shift} cell(s) were missing and are taken from the row above"))
}

/// A text before the status is missing, so the status stands to the left of its column.
fn slipped_past_status(row: &mut Vec<String>, columns: &Columns) -> Option<String> {
    let status = columns.status.filter(|status| *status > columns.code)?;
    let found = (columns.code + 1..status).find(|n| row.get(*n).is_some_and(|cell| is_status(cell)))?;
    let gap = status - found;
    let free = row.iter().rev().take_while(|cell| cell.is_empty()).count();
    if free < gap || !is_code(&row[columns.code]) {
        return None;
    }
    row.truncate(row.len() - gap);
    for _ in 0..gap {
        row.insert(found, String::new());
    }
    Some(format!("{gap} cell(s) before its status were missing and are left empty"))
}

/// Takes a code once that its cell holds twice, as pages in two languages print it in each. The answer says so.
pub(crate) fn undouble(row: &mut [String], roles: &[Role]) -> Option<String> {
    let cell = row.get_mut(Columns::of(roles)?.code)?;
    let words: Vec<&str> = cell.split_whitespace().collect();
    let [first, second] = words[..] else { return None };
    if first != second || !is_code(first) {
        return None;
    }
    *cell = first.to_owned();
    Some("its code stands twice in its cell and was taken once".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{mend, undouble};
    use docdrift_model::Role;
    use docdrift_model::Role::{Code, Description, Message, Other, Solution, Status};

    fn mended(roles: &[Role], above: &[&str], row: &[&str]) -> (Vec<String>, bool) {
        let above: Vec<String> = above.iter().map(ToString::to_string).collect();
        let mut row: Vec<String> = row.iter().map(ToString::to_string).collect();
        let said = mend(&mut row, Some(&above), roles).is_some();
        (row, said)
    }

    #[test]
    fn slipped_rows() {
        type Cells = &'static [&'static str];
        let cases: [(&[Role], Cells, Cells, Cells); 9] = [
            // A lost rowspan over the status.
            (&[Status, Code, Message], &["400", "A.1", "x"], &["A.2", "y", ""], &["400", "A.2", "y"]),
            // A lost rowspan over the module.
            (
                &[Other, Status, Code, Message],
                &["Lamp", "400", "A.1", "x"],
                &["404", "A.2", "y", ""],
                &["Lamp", "404", "A.2", "y"],
            ),
            // Both.
            (
                &[Other, Status, Code, Message],
                &["Lamp", "400", "A.1", "x"],
                &["A.2", "y", "", ""],
                &["Lamp", "400", "A.2", "y"],
            ),
            // A missing text between code and status.
            (
                &[Code, Description, Status],
                &["A", "x", "400"],
                &["A.2", "400 Bad Request", ""],
                &["A.2", "", "400 Bad Request"],
            ),
            // Nothing to mend: codes of four digits, a group of none.
            (
                &[Status, Code, Message],
                &["401", "1100", "x"],
                &["403Forbidden", "1101", ""],
                &["403Forbidden", "1101", ""],
            ),
            (
                &[Other, Status, Code, Message],
                &["a", "400", "1", "x"],
                &["-", "400", "1104", ""],
                &["-", "400", "1104", ""],
            ),
            // Nothing to mend: an empty solution, an empty status, a table of another kind.
            (
                &[Status, Code, Message, Solution],
                &["400", "A.1", "x", "y"],
                &["404", "A.2", "y", ""],
                &["404", "A.2", "y", ""],
            ),
            (&[Status, Code, Message], &["400", "A.1", "x"], &["", "A.2", "y"], &["", "A.2", "y"]),
            (&[Message, Solution], &["x", "y"], &["z", ""], &["z", ""]),
        ];
        for (roles, above, row, expected) in cases {
            let (got, said) = mended(roles, above, row);
            assert_eq!(got, expected, "{row:?}");
            assert_eq!(said, row != expected, "{row:?}");
        }
    }

    #[test]
    fn a_code_that_stands_twice() {
        for (cell, expected) in
            [("A.1 A.1", "A.1"), ("A.1\nA.1", "A.1"), ("A.1 A.2", "A.1 A.2"), ("A.1", "A.1"), ("", "")]
        {
            let mut row = vec![cell.to_owned(), "x".to_owned()];
            assert_eq!(undouble(&mut row, &[Code, Message]).is_some(), cell != expected, "{cell}");
            assert_eq!(row[0], expected);
        }
    }
}
