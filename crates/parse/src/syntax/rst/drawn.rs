//! Finds tables of reStructuredText in pages of other formats: text copies, and Markdown made from RST.

use super::{grid::is_top_rule, read, simple::rule_columns};
use crate::syntax::block::{Content, RawTable};

/// Directives that make tables.
const DIRECTIVES: [&str; 3] = [".. list-table::", ".. csv-table::", ".. table::"];

/// Finds the table that starts at line `at`. Returns it with the first line after it.
pub(crate) fn find_table(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let end = find_end(lines, at)?;
    let mut blocks = read(&lines[at..end].join("\n")).blocks;
    let Content::Table(table) = blocks.pop()?.content else { return None };
    (blocks.is_empty() && table.rows.len() > 1).then_some((table, end))
}

/// Finds the end of a possible table without reading it.
fn find_end(lines: &[&str], at: usize) -> Option<usize> {
    let first = lines.get(at)?.trim();
    if is_top_rule(first) {
        return find_grid_end(lines, at);
    }
    if DIRECTIVES.iter().any(|directive| first.starts_with(directive)) {
        let indent = |line: &str| line.len() - line.trim_start().len();
        let is_inside = |line: &&&str| line.trim().is_empty() || indent(line) > indent(lines[at]);
        return Some(at + 1 + lines[at + 1..].iter().take_while(is_inside).count());
    }
    find_simple_end(lines, at, first)
}

/// The drawing is inspected once as a whole: a grid does not start in its middle.
fn find_grid_end(lines: &[&str], at: usize) -> Option<usize> {
    let is_drawn = |line: &&&str| line.trim_start().starts_with(['+', '|']);
    let before = at.checked_sub(1).and_then(|before| lines.get(before));
    let is_start = before.is_none_or(|line| !is_drawn(&line));
    is_start.then(|| at + lines[at..].iter().take_while(is_drawn).count())
}

/// Outside of RST the three rules must be equal, since two rules of `=` are often no table.
fn find_simple_end(lines: &[&str], at: usize, rule: &str) -> Option<usize> {
    let is_rule = |line: &str| rule_columns(line.trim(), '=').is_some_and(|columns| columns.len() > 1);
    if !is_rule(rule) {
        return None;
    }
    let next =
        |from: usize| from + lines.get(from..).unwrap_or_default().iter().take_while(|line| !is_rule(line)).count();
    let under_header = next(at + 1);
    let bottom = next(under_header + 1);
    let is_same = |n: usize| lines.get(n).is_some_and(|line| line.trim() == rule);
    (is_same(under_header) && is_same(bottom)).then_some(bottom + 1)
}

#[cfg(test)]
mod tests {
    use super::find_table;

    const ROWS: [[&str; 3]; 3] =
        [["Status", "Code", "Message"], ["400", "A.1", "one and more"], ["404", "A.2", "两行 text"]];

    const SIMPLE: &str = "\
======  =====  =========
Status  Code   Message
======  =====  =========
400     A.1    one
               and more
404     A.2    两行 text
======  =====  =========
";
    const GRID: &str = "\
+--------+-------+------------+
| Status | Code  | Message    |
+========+=======+============+
| 400    | A.1   | one        |
|        |       | and more   |
+--------+-------+------------+
| 404    | A.2   | 两行 text  |
+--------+-------+------------+
";
    const LIST: &str = "\
.. list-table:: Lamps
   :header-rows: 1

   * - Status
     - Code
     - Message
   * - 400
     - A.1
     - one
       and more
   * - 404
     - A.2
     - 两行 text

";

    #[test]
    fn finds_tables_among_text() {
        for (drawn, caption) in [(SIMPLE, None), (GRID, None), (LIST, Some("Lamps"))] {
            for indent in ["", "   "] {
                let lines: Vec<String> = drawn.lines().map(|line| format!("{indent}{line}")).collect();
                let page = lines.join("\n") + "\n";
                let lines: Vec<&str> = page.lines().chain(["Text."]).collect();
                let (table, end) = find_table(&lines, 0).expect(drawn);
                assert_eq!(table.rows, ROWS);
                assert_eq!((table.caption.as_deref(), table.head, end), (caption, 1, lines.len() - 1));
            }
        }
    }

    #[test]
    fn rejects_text_that_is_no_table() {
        for drawn in [
            "Title\n=====\ntext",
            "=====\nTitle\n=====",
            "== ==\na  b\n== ==",
            ".. list-table::\n\ntext",
            "= ",
            "+ one\n+ two",
            "+---+\n| a |",
            "+---+---+",
            "+---+---+\n| a | b |",
            "=====  =====\nInvalidLamp\n=====  =====\n1100  broken\n=====  =====",
        ] {
            let lines: Vec<&str> = drawn.lines().collect();
            assert!(find_table(&lines, 0).is_none(), "{drawn}");
        }
    }
}
