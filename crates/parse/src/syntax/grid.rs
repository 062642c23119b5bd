//! Grid tables of reStructuredText: drawn with `+`, `-`, `=` and `|`, cells over several lines, spans where a line is
//! left out (docutils, reStructuredText markup specification, "Grid Tables").

use docdrift_model::text::tidy;

use super::block::RawTable;
use crate::lexicon::cells::is_han;

/// A grid has no more columns.
const MAX_COLUMNS: usize = 64;

/// The grid table that starts at line `at`, and the first line after it.
pub(super) fn find(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let first = lines.get(at)?.trim_end();
    let indent = first.len() - first.trim_start().len();
    if !is_rule(first.trim_start()) {
        return None;
    }
    let drawn = lines[at..].iter().take_while(|line| {
        let line = line.get(indent..).unwrap_or_default();
        line.starts_with(['+', '|'])
    });
    let grid: Vec<Vec<char>> =
        drawn.map(|line| columns_of(line.get(indent..).unwrap_or_default().trim_end())).collect();
    let edges = edges(&grid);
    if grid.len() < 3 || !(3..=MAX_COLUMNS).contains(&edges.len()) {
        return None;
    }
    let end = at + grid.len();
    let mut table = RawTable::default();
    let mut open = vec![String::new(); edges.len() - 1];
    for (n, line) in grid.iter().enumerate().skip(1) {
        let ruled: Vec<bool> = edges.windows(2).map(|edge| is_ruled(line, edge[0], edge[1])).collect();
        if ruled.iter().any(|ruled| *ruled) {
            table.rows.push(open.iter().map(|text| tidy(text)).collect());
            if line.contains(&'=') {
                table.head = table.rows.len();
            }
        }
        draw(line, &edges, &ruled, &mut open);
        if n + 1 == grid.len() && !ruled.iter().all(|ruled| *ruled) {
            return None;
        }
    }
    (table.rows.len() > 1).then_some((table, end))
}

/// `+---+-----+`.
fn is_rule(line: &str) -> bool {
    line.len() > 4
        && line.starts_with("+-")
        && line.ends_with('+')
        && line.chars().all(|c| matches!(c, '+' | '-' | '='))
}

/// The characters by the column they stand in: a Chinese one, being wide, takes two.
pub(super) fn columns_of(line: &str) -> Vec<char> {
    let mut columns = Vec::with_capacity(line.len());
    for c in line.chars() {
        columns.push(c);
        if is_han(c) || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff60}') {
            columns.push('\0');
        }
    }
    columns
}

/// Where the lines between columns are: wherever any rule has a crossing.
fn edges(grid: &[Vec<char>]) -> Vec<usize> {
    let width = grid.iter().map(Vec::len).max().unwrap_or_default();
    let is_crossing = |line: &Vec<char>, n: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| line.get(at)).is_some_and(|c| matches!(c, '-' | '='));
        line.get(n) == Some(&'+') && (beside(n.checked_sub(1)) || beside(Some(n + 1)))
    };
    (0..width).filter(|n| grid.iter().any(|line| is_crossing(line, *n))).collect()
}

fn is_ruled(line: &[char], from: usize, to: usize) -> bool {
    line.get(from + 1..to).is_some_and(|part| !part.is_empty() && part.iter().all(|c| matches!(c, '-' | '=')))
}

/// Puts a line's text into the cells it stands in; a rule empties the cells above it. Text that runs over an edge
/// belongs to each of the columns it spans.
fn draw(line: &[char], edges: &[usize], ruled: &[bool], open: &mut [String]) {
    let mut from = 0;
    while from < open.len() {
        if ruled[from] {
            open[from].clear();
            from += 1;
            continue;
        }
        let is_edge = |to: usize| line.get(edges[to]).is_none_or(|c| matches!(c, '|' | '+'));
        let to = (from + 1..=open.len()).find(|to| is_edge(*to)).unwrap_or(open.len());
        let part = line.get(edges[from] + 1..edges[to].min(line.len())).unwrap_or_default();
        let text: String = part.iter().filter(|c| **c != '\0').collect();
        for cell in &mut open[from..to] {
            // A blank line parts paragraphs; the lines of one flow together.
            cell.push_str(if text.trim().is_empty() { "\n" } else { " " });
            cell.push_str(text.trim().trim_start_matches("| "));
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    fn rows(drawn: &[&str]) -> Vec<Vec<String>> {
        find(drawn, 0).map(|(table, _)| table.rows).unwrap_or_default()
    }

    #[test]
    fn cells_over_lines_and_spans() {
        assert_eq!(
            rows(&[
                "+--------+-------+------------+",
                "| Status | Code  | Message    |",
                "+========+=======+============+",
                "| 400    | A.1   | one        |",
                "|        |       | and more   |",
                "|        +-------+------------+",
                "|        | A.2   | 两行       |",
                "+--------+-------+------------+",
                "| 404    | spans both         |",
                "+--------+-------+------------+",
            ]),
            [
                ["Status", "Code", "Message"],
                ["400", "A.1", "one and more"],
                ["400", "A.2", "两行"],
                ["404", "spans both", "spans both"],
            ]
        );
    }

    #[test]
    fn what_is_no_grid() {
        for drawn in [&["+ one", "+ two"][..], &["+---+", "| a |"], &["+---+---+"], &["+---+---+", "| a | b |"]] {
            assert!(rows(drawn).is_empty(), "{drawn:?}");
        }
    }
}
