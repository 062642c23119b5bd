//! Reads tables in text whose drawing is lost: one cell per line, possibly with a pipe behind it, or one row per line
//! with blanks between the cells. The content of cells shows where a row starts, so this pass needs known header words.

use std::{borrow::Cow, collections::BTreeSet};

use docdrift_model::{Role, Warning, WarningKind, text::tidy};

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::{
        Strength,
        cells::{CodeForm, is_code, is_status, looks_like_identifier},
        compose, headers,
    },
    syntax::{
        block::{Content, RawTable},
        markdown::{inline, pipes},
    },
};

/// The maximum distance of two rows in lines, as a multiple of the number of columns. Rows further apart belong to
/// different tables.
const MAX_GAP: usize = 4;
/// The maximum number of columns of a header.
const MAX_COLUMNS: usize = 10;
/// The maximum length of a header cell alone in its line, in characters. Longer lines are prose.
const MAX_HEADER_CHARS: usize = 40;
/// The maximum length of a header line of two words, in bytes. Longer lines are prose.
const MAX_HEADER_LINE: usize = 120;
/// The maximum number of lines of a header. Saved copies put blank lines between its cells.
const MAX_HEADER_LINES: usize = 80;

/// A table without drawing, found at a line.
pub(super) struct BorderlessTable {
    pub(super) table: RawTable,
    /// The first line after it.
    pub(super) end: usize,
    /// Whether the text ends in the middle of its last row.
    pub(super) is_cut: bool,
    /// Whether the first header word occurs again in another spelling. It may then be the title of the table.
    is_titled: bool,
    /// Whether the first two header words both name the code. The first may then be the title.
    begins_with_two_codes: bool,
}

/// Proposes the tables without drawing in the section.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let range = outline.line_range(&section.own);
    let lines = &outline.lines[..range.end];
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let Some(BorderlessTable { table, end, is_cut, .. }) = find_table(lines, at) else {
            at += 1;
            continue;
        };
        let blocks = outline.blocks_in_lines(&section.own, &(at..end));
        let is_sample = |at: usize| matches!(outline.blocks[at].content, Content::Sample(_));
        // A table that is drawn with a header, or in HTML, is read as drawn.
        let is_html = lines[at..end].iter().any(|line| line.contains("</t"));
        let is_drawn = is_html
            || outline.blocks.get(blocks.start).is_some_and(|block| match &block.content {
                Content::Table(table) => table.head > 0,
                _ => false,
            });
        if !blocks.is_empty() && !is_drawn && !blocks.clone().any(is_sample) {
            let mut candidate = Candidate::new(section, blocks, Cow::Owned(table));
            // The text of the page may end before the lines of the section.
            if is_cut && end >= outline.lines.len() {
                let detail = "the page was cut: it ends in the middle of a table's last row";
                candidate.warnings.push(Warning::page(WarningKind::Truncated, detail));
            }
            found.push(candidate);
        }
        at = end;
    }
    found
}

/// Returns the role of a header cell that is alone in its line.
fn header_role(line: &str) -> Option<(Role, Strength)> {
    headers::lookup_role(line).or_else(|| {
        let is_short = line.chars().count() <= MAX_HEADER_CHARS && !line.contains([':', '：', '.', '。']);
        is_short.then(|| compose::compose_role(line)).flatten().filter(|(_, strength)| *strength > Strength::Guess)
    })
}

/// Finds the table whose header starts at line `at`.
pub(super) fn find_table(lines: &[&str], at: usize) -> Option<BorderlessTable> {
    let found = read_one_cell_per_line(lines, at).or_else(|| read_one_row_per_line(lines, at))?;
    // A title may be a header word too. In that case the table that starts below it has more certain rows.
    let table_below = found.is_titled.then(|| read_one_cell_per_line(lines, next_filled(lines, at + 1))).flatten();
    let certain_row_count = |found: &BorderlessTable| found.table.rows.len() - found.table.uncertain.len();
    match table_below {
        Some(table_below)
            if certain_row_count(&table_below) > certain_row_count(&found) || found.begins_with_two_codes =>
        {
            Some(table_below)
        }
        _ => Some(found),
    }
}

fn next_filled(lines: &[&str], at: usize) -> usize {
    at + lines.get(at..).unwrap_or_default().iter().take_while(|line| strip_line(line).is_empty()).count()
}

/// The last line of a cell, and its text.
type LineCell = (usize, String);

fn read_one_cell_per_line(lines: &[&str], at: usize) -> Option<BorderlessTable> {
    // The cheap check comes first: hardly any line is a header word or a pipe that opens a table.
    if !lines.get(at)?.contains('|') {
        header_role(&strip_line(lines[at]))?;
    }
    let first = lines[at..].iter().take(MAX_COLUMNS).find(|line| !strip_line(line).is_empty())?;
    header_role(&strip_line(first))?;
    let ends_in_pipes = first.trim_end().ends_with('|');
    let mut cells = CellReader { lines, at, ends_in_pipes, pending: Vec::new().into_iter() };
    let Header { texts, roles, after } = read_header(&mut cells)?;
    let (cells, starts) = split_rows(after.into_iter().chain(cells), &roles)?;
    let columns = texts.len();
    let is_titled = columns > 2 && roles[1..].contains(&roles[0]);
    let begins_with_two_codes = columns > 2 && roles[..2] == [Role::Code, Role::Code];
    let mut table = RawTable { head: 1, rows: vec![texts], ..RawTable::default() };
    let (mut end, mut is_cut) = (at + 1, false);
    for (n, start) in starts.iter().enumerate() {
        let next = starts.get(n + 1).copied().unwrap_or(cells.len().min(start + columns));
        let row: Vec<String> = cells[*start..next].iter().map(|(_, text)| text.clone()).collect();
        if row.len() != columns {
            let why = format!("it has {} cells instead of {columns}", row.len());
            table.uncertain.push((table.rows.len(), why));
        }
        is_cut = row.len() < columns;
        table.rows.push(fit_to_width(row, columns));
        end = cells[next - 1].0 + 1;
    }
    Some(BorderlessTable { table, end, is_cut: is_cut && is_end_of_text(lines, end), is_titled, begins_with_two_codes })
}

/// Returns the row with the width of the table. Surplus lines belong to its last text.
fn fit_to_width(mut row: Vec<String>, columns: usize) -> Vec<String> {
    if row.len() > columns {
        let last = row.split_off(columns - 1).join("\n");
        row.push(last);
    }
    row.resize(columns, String::new());
    row
}

fn strip_line(line: &str) -> String {
    tidy(line.trim().trim_matches('|'))
}

/// The cells from a line on, without empty cells and separators. A cell ends with its line, or with a pipe if the
/// header cells end with pipes.
struct CellReader<'a> {
    lines: &'a [&'a str],
    at: usize,
    ends_in_pipes: bool,
    pending: std::vec::IntoIter<LineCell>,
}

impl Iterator for CellReader<'_> {
    type Item = LineCell;

    fn next(&mut self) -> Option<LineCell> {
        loop {
            if let Some(cell) = self.pending.next() {
                return Some(cell);
            }
            self.pending = self.next_lines()?.into_iter();
        }
    }
}

impl CellReader<'_> {
    fn next_lines(&mut self) -> Option<Vec<LineCell>> {
        let blank = self.lines.get(self.at..)?.iter().take_while(|line| strip_line(line).is_empty()).count();
        self.at += blank;
        let line = *self.lines.get(self.at)?;
        let mut text = line.to_owned();
        let mut last = self.at;
        let is_open = |text: &str| self.ends_in_pipes && !text.trim().is_empty() && !text.trim_end().ends_with('|');
        while is_open(&text) && last < self.at + 20 && last + 1 < self.lines.len() {
            last += 1;
            text.push('\n');
            text.push_str(self.lines[last]);
        }
        if is_open(&text) {
            // The pipe never closes, so the line belongs to the text after the table.
            (text, last) = (line.to_owned(), self.at);
        }
        self.at = last + 1;
        // A dash alone in its line is an empty cell.
        if pipes::separator_cells(&text).is_some_and(|cells| cells > 1 || text.contains("--")) {
            return Some(Vec::new());
        }
        let cells = pipes::split_cells(&text).into_iter().map(|cell| (last, tidy(&inline::unescape_pipes(&cell))));
        Some(cells.filter(|(_, text)| !text.is_empty()).collect())
    }
}

/// The header cells at the beginning of a table.
struct Header {
    texts: Vec<String>,
    roles: Vec<Role>,
    /// The first cell after them, which was read to find their end.
    after: Option<LineCell>,
}

fn read_header(cells: &mut CellReader<'_>) -> Option<Header> {
    let mut header = Header { texts: Vec::new(), roles: Vec::new(), after: None };
    let (lines, last) = (cells.lines, cells.at + MAX_HEADER_LINES);
    // A title may be a header word too, but it is not drawn like the header below it.
    let mut is_piped = None;
    for cell in cells {
        let piped = lines[cell.0].contains('|');
        match header_role(&cell.1) {
            Some((role, _))
                if header.texts.len() < MAX_COLUMNS && cell.0 < last && *is_piped.get_or_insert(piped) == piped =>
            {
                header.texts.push(cell.1);
                header.roles.push(role);
            }
            _ => {
                header.after = Some(cell);
                break;
            }
        }
    }
    (header.texts.len() > 1 && header.roles.contains(&Role::Code)).then_some(header)
}

/// Returns the cells and the index of the first cell of each row. A row starts where the status column has a status and
/// the code column a code. The first row must start at once, and the others must follow closely.
fn split_rows(cells: impl Iterator<Item = LineCell>, roles: &[Role]) -> Option<(Vec<LineCell>, Vec<usize>)> {
    let columns = roles.len();
    let mut keys = RowStarts::from_roles(roles)?;
    let mut cells = cells.peekable();
    let (mut taken, mut starts): (Vec<LineCell>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        while taken.len() < at + keys.width && cells.peek().is_some() {
            taken.extend(cells.next());
        }
        let is_first = starts.is_empty();
        let is_close = starts.last().is_some_and(|last| at - last <= MAX_GAP * columns);
        let is_due = is_first || starts.last().is_some_and(|last| at == last + columns);
        // After a row that lost a cell, the next row begins before it is due and not where it is due.
        let is_early = starts.last().is_some_and(|last| at < last + columns);
        if is_early && keys.status.is_none() {
            while taken.len() < at + 2 * columns && cells.peek().is_some() {
                taken.extend(cells.next());
            }
        }
        let row = taken.get(at..).unwrap_or_default();
        let due = starts.last().and_then(|last| taken.get(last + columns..)).unwrap_or_default();
        let is_blocked = is_early && keys.status.is_none() && keys.looks_like_earlier_codes(due);
        if (is_first || is_close) && !is_blocked && keys.begins_row(row, is_due) {
            starts.push(at);
            at += if keys.status.is_none() { 1 } else { keys.width };
        } else if is_close && !row.is_empty() {
            at += 1;
        } else {
            break;
        }
    }
    // A final word without cells after it is a code only if it looks like the other codes.
    if starts.len() > 1
        && let Some(last) = starts.pop_if(|last| taken.len() < *last + columns && cells.peek().is_none())
        && (keys.status.is_some() || taken.get(last + keys.code).is_some_and(|(_, cell)| looks_like_identifier(cell)))
    {
        starts.push(last);
    }
    // Includes the other cells of the last row.
    let end = starts.last()? + columns;
    taken.extend(cells.take(end.saturating_sub(taken.len())));
    Some((taken, starts))
}

/// The properties of the cells that a row starts with.
struct RowStarts {
    status: Option<usize>,
    code: usize,
    /// The number of cells that show the start of a row.
    width: usize,
    /// The prefixes of the codes so far, if there is no status column.
    prefixes: BTreeSet<String>,
    /// Whether all codes so far are in capitals with joints.
    are_capitals: bool,
}

impl RowStarts {
    fn from_roles(roles: &[Role]) -> Option<Self> {
        let status = roles.iter().position(|role| *role == Role::Status);
        let code = roles.iter().position(|role| *role == Role::Code)?;
        Some(Self {
            status,
            code,
            width: 1 + status.unwrap_or(code).max(code),
            prefixes: BTreeSet::new(),
            are_capitals: true,
        })
    }

    /// Whether a row begins with these cells. Without a status, prose of one word looks like a code, so a row then
    /// starts where it is due or with a code like the ones before.
    fn begins_row(&mut self, cells: &[LineCell], is_due: bool) -> bool {
        let cell = |column: usize| cells.get(column).map_or("", |(_, text)| text.as_str());
        let code = cell(self.code);
        if !is_code(code) {
            return false;
        }
        if let Some(status) = self.status {
            return is_usual_status(cell(status));
        }
        if is_due && !FURNITURE.contains(&code) {
            self.prefixes.extend(numbered_prefix(code));
            self.are_capitals &= is_in_capitals(code);
            return true;
        }
        self.looks_like_earlier_codes(cells)
    }

    /// Whether the cells begin with a code of the same form as the ones before.
    fn looks_like_earlier_codes(&self, cells: &[LineCell]) -> bool {
        let code = cells.get(self.code).map_or("", |(_, text)| text.as_str());
        let is_known = || numbered_prefix(code).is_some_and(|prefix| self.prefixes.contains(&prefix));
        is_code(code) && (is_known() || (self.are_capitals && is_in_capitals(code)))
    }
}

/// Returns the code without its final number, if it has one.
fn numbered_prefix(code: &str) -> Option<String> {
    let prefix = code.trim_end_matches(|c: char| c.is_ascii_digit());
    (prefix.len() < code.len()).then(|| prefix.to_owned())
}

/// Whether a code is in capitals with joints, like `LAMP_BUSY`. No cell of prose is.
fn is_in_capitals(code: &str) -> bool {
    let is_capital = code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.'));
    is_capital && code.contains('_') && CodeForm::parse(code) == CodeForm::Symbol
}

/// Words that stand alone in their line after the last table of a page.
const FURNITURE: [&str; 14] = [
    "Feedback",
    "Previous",
    "Next",
    "Contents",
    "Copyright",
    "Products",
    "Support",
    "Contact",
    "About",
    "Help",
    "Share",
    "Home",
    "Yes",
    "No",
];

/// Whether a cell is a usual status rather than a misprinted one. A code of digits must not count as a status if
/// nothing else distinguishes the columns.
fn is_usual_status(cell: &str) -> bool {
    is_status(cell) && (cell.len() < 4 || !cell.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether only blank lines follow.
fn is_end_of_text(lines: &[&str], end: usize) -> bool {
    lines.get(end..).unwrap_or_default().iter().all(|line| line.trim().is_empty())
}

/// Reads a header such as `Error Code Description` and one row per line: the code, a blank, the text.
fn read_one_row_per_line(lines: &[&str], at: usize) -> Option<BorderlessTable> {
    let header = split_header(lines[at])?;
    let mut table = RawTable { head: 1, rows: vec![header], ..RawTable::default() };
    let mut end = at + 1;
    while let Some(line) = lines.get(end) {
        let text = tidy(line);
        match split_row(&text) {
            Some(row) => table.rows.push(row),
            None if text.is_empty() && table.rows.len() == 1 => {}
            // Lines of a table are adjacent, so a line between two rows continues the row above.
            None if !text.is_empty()
                && table.rows.len() > 1
                && lines.get(end + 1).is_some_and(|next| split_row(&tidy(next)).is_some()) =>
            {
                let last = table.rows.len() - 1;
                table.rows[last][1].extend([" ", &text]);
                table
                    .uncertain
                    .push((last, "a line that starts with no code was taken for the rest of its text".to_owned()));
            }
            None => break,
        }
        end += 1;
    }
    let is_cut = table.rows.last().is_some_and(|row| row[1].is_empty()) && is_end_of_text(lines, end);
    (table.rows.len() > 1).then_some(BorderlessTable {
        table,
        end,
        is_cut,
        is_titled: false,
        begins_with_two_codes: false,
    })
}

/// Splits a line into code and text. A word that may begin a sentence is no code here, since only a blank separates the
/// columns.
fn split_row(text: &str) -> Option<Vec<String>> {
    let (code, rest) = text.split_once(' ').unwrap_or((text, ""));
    let begins =
        code.starts_with(|c: char| c.is_ascii_uppercase()) && !rest.starts_with(|c: char| c.is_ascii_lowercase());
    (is_code(code) && (looks_like_identifier(code) || begins))
        .then(|| vec![code.to_owned(), rest.trim_start().to_owned()])
}

/// Splits a line into two header words, the first naming the code.
fn split_header(line: &str) -> Option<Vec<String>> {
    if line.len() > MAX_HEADER_LINE {
        return None;
    }
    let line = tidy(line);
    line.match_indices(' ').find_map(|(at, _)| {
        let (first, second) = (&line[..at], &line[at + 1..]);
        let is_code = headers::lookup_role(first)
            .is_some_and(|(role, strength)| role == Role::Code && strength == Strength::Sure);
        let is_text =
            headers::lookup_role(second).is_some_and(|(role, _)| matches!(role, Role::Description | Role::Message));
        (is_code && is_text).then(|| vec![first.to_owned(), second.to_owned()])
    })
}
