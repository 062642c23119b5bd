//! Simple tables and list tables of reStructuredText: columns between rules of `=`, or a bullet list in two levels
//! (docutils, reStructuredText markup specification, "Simple Tables"; directives, "list-table").

use docdrift_model::text::tidy;

use super::{
    block::{MAX_COLUMNS, RawTable},
    grid,
};

/// The table that starts at line `at`, and the first line after it.
pub(super) fn find(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    between_rules(lines, at).or_else(|| in_bullets(lines, at))
}

/// Where the columns of a rule such as `=====  ===` start; the last runs to the end of the line.
fn columns(rule: &str) -> Option<Vec<usize>> {
    let is_rule = rule.len() > 4 && rule.bytes().all(|b| matches!(b, b'=' | b' ')) && rule.trim_end().contains("= ");
    let bytes = rule.as_bytes();
    let is_start = |n: &usize| bytes[*n] == b'=' && (*n == 0 || bytes[*n - 1] == b' ');
    is_rule.then(|| (0..bytes.len()).filter(is_start).collect())
}

fn between_rules(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let rule = lines.get(at)?.trim_end();
    let starts = columns(rule).filter(|starts| starts.len() <= MAX_COLUMNS)?;
    // Any other rule ends the search, so that no line is looked at for many tables.
    let next =
        |from: usize| from + lines.get(from..).unwrap_or_default().iter().take_while(|line| !is_rule(line)).count();
    let is_same = |n: usize| lines.get(n).is_some_and(|line| line.trim_end() == rule);
    let head_end = next(at + 1);
    let end = next(head_end + 1);
    if !is_same(head_end) || !is_same(end) {
        return None;
    }
    let mut rows = rows(&lines[at + 1..head_end], &starts);
    let head = rows.len();
    rows.extend(self::rows(&lines[head_end + 1..end], &starts));
    (head > 0 && rows.len() > head).then(|| (RawTable { head, rows, ..RawTable::default() }, end + 1))
}

fn is_rule(line: &str) -> bool {
    columns(line.trim_end()).is_some()
}

/// The rows of these lines; one whose first column is blank goes on with the row above.
fn rows(lines: &[&str], starts: &[usize]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        let line = grid::columns_of(line);
        let ends = starts.iter().skip(1).copied().chain([line.len()]);
        let part =
            |(start, end): (&usize, usize)| line.get(*start..end.max(*start).min(line.len())).unwrap_or_default();
        let cells = starts
            .iter()
            .zip(ends)
            .map(part)
            .map(|part| tidy(&part.iter().filter(|c| **c != '\0').collect::<String>()));
        let cells: Vec<String> = cells.collect();
        match rows.last_mut().filter(|_| cells[0].is_empty()) {
            Some(above) => above.iter_mut().zip(cells).for_each(|(cell, more)| go_on(cell, &more)),
            None => rows.push(cells),
        }
    }
    rows
}

fn go_on(cell: &mut String, more: &str) {
    if !cell.is_empty() && !more.is_empty() {
        cell.push(' ');
    }
    cell.push_str(more);
}

fn in_bullets(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let caption = lines.get(at)?.trim_start().strip_prefix(".. list-table::")?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_inside = |line: &&&str| line.trim().is_empty() || indent(line) > indent(lines[at]);
    let end = at + 1 + lines[at + 1..].iter().take_while(is_inside).count();
    let mut table = RawTable { caption: Some(tidy(caption)).filter(|text| !text.is_empty()), ..RawTable::default() };
    let mut dash = None;
    for line in &lines[at + 1..end] {
        let text = line.trim();
        if let Some(count) = text.strip_prefix(":header-rows:") {
            table.head = count.trim().parse().unwrap_or_default();
        } else if let Some(cell) = text.strip_prefix("* -") {
            dash = Some(indent(line) + 2);
            table.rows.push(vec![tidy(cell)]);
        } else if let (Some(row), Some(at)) = (table.rows.last_mut(), dash) {
            match text.strip_prefix('-').filter(|_| indent(line) == at) {
                Some(cell) => row.push(tidy(cell)),
                None => row.last_mut().into_iter().for_each(|cell| go_on(cell, &tidy(text))),
            }
        }
    }
    (table.rows.len() > 1).then_some((table, end))
}

#[cfg(test)]
mod tests {
    use super::find;

    const ROWS: [[&str; 3]; 3] =
        [["Status", "Code", "Message"], ["400", "A.1", "one and more"], ["404", "A.2", "两行 text"]];

    #[test]
    fn columns_between_rules() {
        for indent in ["", "   "] {
            let drawn = [
                "======  =====  =========",
                "Status  Code   Message",
                "======  =====  =========",
                "400     A.1    one",
                "               and more",
                "404     A.2    两行 text",
                "======  =====  =========",
            ];
            let drawn: Vec<String> = drawn.iter().map(|line| format!("{indent}{line}")).collect();
            let lines: Vec<&str> = drawn.iter().map(String::as_str).collect();
            let (table, end) = find(&lines, 0).unwrap();
            assert_eq!((table.rows, table.head, end), (ROWS.map(|row| row.map(str::to_owned).to_vec()).to_vec(), 1, 7));
        }
    }

    #[test]
    fn bullets_in_two_levels() {
        let drawn = "   .. list-table:: Lamps\n      :header-rows: 1\n\n      * - Status\n        - Code\n        - Message\n      * - 400\n        - A.1\n        - one\n          and more\n      * - 404\n        - A.2\n        - 两行 text\n\n   Text.";
        let lines: Vec<&str> = drawn.lines().collect();
        let (table, end) = find(&lines, 0).unwrap();
        assert_eq!((table.caption.as_deref(), table.head, end), (Some("Lamps"), 1, 14));
        assert_eq!(table.rows, ROWS);
    }

    #[test]
    fn what_is_no_table() {
        for drawn in
            ["Title\n=====\ntext", "=====\nTitle\n=====", "== ==\na  b\n== ==", ".. list-table::\n\ntext", "= "]
        {
            let lines: Vec<&str> = drawn.lines().collect();
            assert!(find(&lines, 0).is_none(), "{drawn}");
        }
    }
}
