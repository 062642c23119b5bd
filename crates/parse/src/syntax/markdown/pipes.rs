//! Reads tables drawn with pipes, in Markdown and in text: with or without outer pipes and separator lines.

use docdrift_model::text::tidy;

use super::inline;
use crate::syntax::block::{MAX_CELLS, MAX_COLUMNS, RawTable};

/// The maximum number of lines of a row, including blank ones. A longer row is unfinished.
const MAX_ROW_LINES: usize = 60;

/// The maximum number of cells of a header with one cell per line.
const MAX_HEADER_CELLS: usize = 12;
/// The maximum number of lines of such a header, with the blank lines between cells.
const MAX_HEADER_LINES: usize = 40;

/// A pipe table found at a line.
pub(crate) struct PipeTable {
    pub(crate) table: RawTable,
    /// The first line after it.
    pub(crate) end: usize,
    /// Whether the text ends in the middle of its last row.
    pub(crate) is_cut: bool,
}

/// How the rows of a table are drawn.
struct DrawStyle {
    columns: usize,
    leading: bool,
    trailing: bool,
    is_markdown: bool,
}

/// Finds the pipe table that starts at line `at`.
pub(crate) fn find_table(lines: &[&str], at: usize, is_markdown: bool) -> Option<PipeTable> {
    let (header, body) = find_header(lines, at)?;
    let mut style = DrawStyle {
        columns: split_cells(&header).len(),
        leading: header.trim_start().starts_with('|'),
        trailing: ends_with_pipe(&header),
        is_markdown,
    };
    if !(2..=MAX_COLUMNS).contains(&style.columns) {
        return None;
    }
    // A header may have an outer pipe that no row has.
    let mut below = lines[body.min(lines.len())..].iter().take(MAX_ROW_LINES).filter(|line| has_pipe(line));
    style.trailing &= below.any(|line| ends_with_pipe(line));
    let mut rows = PipeRows { lines, style, table: RawTable::default(), is_cut: false };
    rows.push(&header);
    rows.table.head = usize::from(body > at + 1);
    let end = rows.read_body(body);
    let enough = rows.table.head > 0 || rows.table.rows.len() > 1 || is_boxed(&header, rows.style.columns);
    enough.then_some(PipeTable { table: rows.table, end, is_cut: rows.is_cut })
}

/// Returns the header row at `at` and the line where its body starts. The separator line is optional. A header may have
/// one cell per line if a separator shows their number.
fn find_header(lines: &[&str], at: usize) -> Option<(String, usize)> {
    let first = *lines.get(at)?;
    if !has_pipe(first) || separator_cells(first).is_some() || first.trim() == "|" {
        return None;
    }
    let mut header = first.to_owned();
    let mut taken = 1;
    for (next, line) in lines.iter().enumerate().skip(at + 1).take(MAX_HEADER_LINES) {
        if let Some(cells) = separator_cells(line) {
            let fits = next == at + 1 || cells == split_cells(&header).len();
            return fits.then_some((header, next + 1)).or_else(|| header_without_separator(lines, at));
        }
        if line.trim().is_empty() {
            continue;
        }
        taken += 1;
        if taken > MAX_HEADER_CELLS || inline::parse_heading(line).is_some() {
            break;
        }
        header.push('\n');
        header.push_str(line);
    }
    header_without_separator(lines, at)
}

/// The maximum number of rows narrower than the header before one that is as wide.
const MAX_NARROW_ROWS: usize = 5;

/// Accepts a row without a separator after it as a header only if one of the next rows is as wide.
fn header_without_separator(lines: &[&str], at: usize) -> Option<(String, usize)> {
    let columns = split_cells(lines[at]).len();
    let mut below = lines[at + 1..].iter().take(MAX_NARROW_ROWS).take_while(|line| has_pipe(line));
    let is_followed = columns > 1 && below.any(|line| split_cells(line).len() == columns);
    (is_followed || is_boxed(lines[at], columns)).then(|| (lines[at].to_owned(), at + 1))
}

/// Whether a line is a row between outer pipes. It may continue a table that a note interrupted.
fn is_boxed(line: &str, columns: usize) -> bool {
    columns > 2 && line.trim_start().starts_with('|') && ends_with_pipe(line)
}

struct PipeRows<'a> {
    lines: &'a [&'a str],
    style: DrawStyle,
    table: RawTable,
    is_cut: bool,
}

impl PipeRows<'_> {
    /// Reads rows from `at` on and returns the first line after the table.
    fn read_body(&mut self, mut at: usize) -> usize {
        loop {
            let mut start = at;
            while self.lines.get(start).is_some_and(|line| line.trim().is_empty()) {
                start += 1;
            }
            let is_full = self.table.rows.len() * self.style.columns > MAX_CELLS;
            // Directly below a row the outer pipes may be missing.
            let is_row = self.is_row_start(start) || (start == at && self.is_bare_row(start));
            if is_full || !is_row || (start > at && !self.continues_after_blank(start)) {
                return at;
            }
            at = self.read_row(start);
        }
    }

    fn is_row_start(&self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        has_pipe(line)
            && !is_separator(line)
            && line.trim_start().starts_with('|') == self.style.leading
            && self.lines.get(at + 1).is_none_or(|next| !is_separator(next))
    }

    /// Whether a line has as many cells as the table has columns, but not the outer pipes of the other rows.
    fn is_bare_row(&self, at: usize) -> bool {
        let Some(line) = self.lines.get(at) else { return false };
        self.table.head > 0
            && !is_separator(line)
            && split_cells(line).len() == self.style.columns
            && self.lines.get(at + 1).is_none_or(|next| !is_separator(next))
    }

    /// Whether the table continues after a blank line. Requires a complete row. A blank line inside a cell ends the
    /// table for Markdown, but not for people.
    fn continues_after_blank(&self, at: usize) -> bool {
        self.is_whole(self.lines[at]) || (self.style.leading && self.find_row_end(at).is_some_and(|end| end > at))
    }

    /// Reads the row that starts at `at` and returns the line after it.
    fn read_row(&mut self, at: usize) -> usize {
        if let Some(end) = self.find_row_end(at) {
            self.push(&self.lines[at..=end].join("\n"));
            return end + 1;
        }
        let found = split_cells(self.lines[at]).len();
        self.push(self.lines[at]);
        if found < self.style.columns {
            let why = format!("it has {found} of {} cells", self.style.columns);
            self.table.uncertain.push((self.table.rows.len().saturating_sub(1), why));
        }
        let is_closed = self.style.trailing && ends_with_pipe(self.lines[at]);
        self.is_cut = !is_closed && self.lines[at + 1..].iter().all(|line| line.trim().is_empty());
        at + 1
    }

    /// Returns the last line of the row that starts at `at`, or `None` if it is never complete.
    fn find_row_end(&self, at: usize) -> Option<usize> {
        // Cells are counted line by line rather than split again for each line, so that an endless row takes linear
        // time.
        let mut cells = 0;
        for (offset, line) in self.lines[at..].iter().take(MAX_ROW_LINES).enumerate() {
            let another =
                offset > 0 && (self.is_whole(line) || is_separator(line) || inline::parse_heading(line).is_some());
            if another {
                return None;
            }
            cells += free_pipes(line);
            let is_closed = ends_with_pipe(line);
            let outer = usize::from(self.style.leading) + usize::from(is_closed);
            let columns = (cells + 1).saturating_sub(outer);
            if columns >= self.style.columns && (!self.style.trailing || is_closed) {
                return (offset == 0 || columns == self.style.columns).then_some(at + offset);
            }
        }
        None
    }

    fn is_whole(&self, line: &str) -> bool {
        line.trim_start().starts_with('|') == self.style.leading
            && (!self.style.trailing || ends_with_pipe(line))
            && split_cells(line).len() >= self.style.columns
    }

    fn push(&mut self, row: &str) {
        let mut cells = split_cells(row);
        if cells.len() > self.style.columns {
            let outside_code = split_outside_code(row);
            if outside_code.len() == self.style.columns {
                cells = outside_code;
            }
        }
        while cells.len() > self.style.columns && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
            cells.pop();
        }
        let surplus = cells.len().saturating_sub(self.style.columns);
        if surplus > 0 {
            let last = cells.split_off(self.style.columns - 1).join("|");
            cells.push(last);
            let why = format!("it has {surplus} extra pipes; the text after them was kept in the last column");
            self.table.uncertain.push((self.table.rows.len(), why));
        }
        cells.resize(self.style.columns, String::new());
        let row: Vec<String> = cells.iter().map(|cell| self.cell_text(cell)).collect();
        if row.iter().any(|cell| !cell.is_empty()) {
            self.table.rows.push(row);
        }
    }

    fn cell_text(&self, cell: &str) -> String {
        if self.style.is_markdown { inline::render_cell(cell) } else { tidy(&inline::unescape_pipes(cell)) }
    }
}

fn has_pipe(line: &str) -> bool {
    line.contains('|')
}

fn ends_with_pipe(row: &str) -> bool {
    let row = row.trim_end();
    row.ends_with('|') && !row.ends_with("\\|")
}

/// Counts the pipes of a line without a backslash.
fn free_pipes(line: &str) -> usize {
    let mut escaped = false;
    let is_free = |c: char| {
        let free = c == '|' && !escaped;
        escaped = c == '\\' && !escaped;
        free
    };
    line.chars().map(is_free).filter(|free| *free).count()
}

/// Returns the number of cells of a separator line such as `|:---|---|`.
pub(crate) fn separator_cells(line: &str) -> Option<usize> {
    let line = line.trim();
    if !has_pipe(line) || !line.contains('-') || !line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t')) {
        return None;
    }
    Some(line.trim_matches('|').split('|').count())
}

/// Whether a line below the first line of a table is a separator, which makes the line above a header. A row may have
/// only a dash in each cell.
fn is_separator(line: &str) -> bool {
    separator_cells(line).is_some() && line.trim().trim_matches('|').split('|').all(|cell| cell.contains("--"))
}

/// Splits a row into cells, without its outer pipes. A pipe after a backslash is text.
pub(crate) fn split_cells(row: &str) -> Vec<String> {
    split_where(row, false)
}

fn split_outside_code(row: &str) -> Vec<String> {
    split_where(row, true)
}

fn split_where(row: &str, code_is_text: bool) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let mut cells = vec![String::new()];
    let (mut escaped, mut in_code) = (false, false);
    for c in row.chars() {
        in_code ^= code_is_text && c == '`' && !escaped;
        match (c, cells.last_mut()) {
            ('|', _) if !escaped && !in_code => cells.push(String::new()),
            (_, Some(cell)) => cell.push(c),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        cells.pop();
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::find_table;
    fn rows(text: &str) -> Vec<Vec<String>> {
        let lines: Vec<&str> = text.lines().collect();
        find_table(&lines, 0, true).map(|found| found.table.rows).unwrap_or_default()
    }

    #[test]
    fn reads_every_way_to_draw_a_row() {
        let expected = [["Code", "Text"], ["A.1", "one"], ["A.2", "two"]];
        for drawn in [
            "|Code|Text|\n|---|---|\n|A.1|one|\n|A.2|two|",
            "| Code | Text |\n|:--|--:|\n| A.1 | one |\n| A.2 | two |\n",
            "Code | Text |\n---|---|\nA.1 | one |\nA.2 | two |",
            "Code | Text |\n|---|---|\nA.1 | one |\nA.2 | two |",
            "Code | Text\n---|---\nA.1 | one\nA.2 | two",
            "|Code|Text|\n|A.1|one|\n|A.2|two|",
            "|Code\n\n|Text |\n|--|--|\n|A.1\n\n|one |\n|A.2\n\n|two |",
            "|Code|Text|\n|---|---|\n|A.1|one|\n\n|A.2|two|",
        ] {
            assert_eq!(rows(drawn), expected, "{drawn}");
        }
    }

    #[test]
    fn reads_cells_with_lines_pipes_and_code() {
        assert_eq!(
            rows("|Code|Text|\n|--|--|\n|A.1|- one\n\n- two |\n|A.2|x|"),
            [["Code", "Text"], ["A.1", "- one\n- two"], ["A.2", "x"]]
        );
        assert_eq!(rows("|Code|Text|\n|--|--|\n|A.1|a \\| b|"), [["Code", "Text"], ["A.1", "a | b"]]);
        assert_eq!(rows("|Code|Text|\n|--|--|\n|A.1|a `x|y` b|"), [["Code", "Text"], ["A.1", "a x|y b"]]);
    }

    #[test]
    fn ends_a_table_at_a_second_header() {
        let lines: Vec<&str> = "a|b|\n|--|--|\n1|2|\nc|d|\n|--|--|\n3|4|".lines().collect();
        let first = find_table(&lines, 0, false).unwrap();
        assert_eq!((first.table.rows.len(), first.end), (2, 3));
        assert_eq!(find_table(&lines, 3, false).unwrap().table.rows, [["c", "d"], ["3", "4"]]);
    }

    #[test]
    fn keeps_and_reports_an_unfinished_row() {
        let lines: Vec<&str> = "|a|b|c|\n|--|--|--|\n|1|2|3|\n|4|5".lines().collect();
        let found = find_table(&lines, 0, false).unwrap();
        assert_eq!(found.table.rows[2], ["4", "5", ""]);
        assert!(found.is_cut);
        assert_eq!(found.table.uncertain.len(), 1);
    }
}
