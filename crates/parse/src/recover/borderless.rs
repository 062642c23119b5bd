//! Tables in text whose drawing is lost: one cell a line, with or without a pipe behind it, or one row a line with
//! blanks between the cells. What the cells are tells where a row starts, so the vocabulary of header words is needed
//! to read at all.

use std::{borrow::Cow, collections::BTreeSet};

use docdrift_model::{Role, Warning, WarningKind, text::tidy};

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::{
        cells::{CodeForm, is_code, is_marked, is_status},
        compose,
        headers::{self, Strength},
    },
    syntax::{
        block::{Content, RawTable},
        markdown::{inline, pipes},
    },
};

/// Rows more lines apart than so many times their cells belong to different tables, or to none.
const MAX_GAP: usize = 4;
/// Table headers have no more columns.
const MAX_COLUMNS: usize = 10;
/// A header cell alone in its line has no more characters.
const MAX_HEADER_CHARS: usize = 40;
/// A header line of two words has no more bytes.
const MAX_HEADER_LINE: usize = 120;
/// A header stands in no more lines.
const MAX_HEADER_LINES: usize = 80;

/// An undrawn table found at a line.
pub(super) struct Found {
    pub(super) table: RawTable,
    /// The first line after it.
    pub(super) end: usize,
    /// Whether the text ends in the middle of its last row.
    pub(super) is_cut: bool,
    /// Whether the first header word comes again in another spelling, so that it may be the table's title.
    is_titled: bool,
    /// Whether the first two header words name the code: the first may be the title.
    begins_with_two_codes: bool,
}

/// Proposes the undrawn tables of the section.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let range = outline.line_range(&section.own);
    let lines = &outline.lines[..range.end];
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let Some(Found { table, end, is_cut, .. }) = find(lines, at) else {
            at += 1;
            continue;
        };
        let blocks = outline.blocks_of_lines(&section.own, &(at..end));
        let is_sample = |at: usize| matches!(outline.blocks[at].content, Content::Sample(_));
        // A table drawn with a header, or in HTML, is read as it is drawn.
        let is_html = lines[at..end].iter().any(|line| line.contains("</t"));
        let is_drawn = is_html
            || outline.blocks.get(blocks.start).is_some_and(|block| match &block.content {
                Content::Table(table) => table.head > 0,
                _ => false,
            });
        if !blocks.is_empty() && !is_drawn && !blocks.clone().any(is_sample) {
            let mut candidate = Candidate::new(section, blocks, Cow::Owned(table));
            // The text of the page may end before the section's lines do.
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

/// The role that a header cell alone in its line names.
fn header_role(line: &str) -> Option<(Role, Strength)> {
    headers::role(line).or_else(|| {
        let is_short = line.chars().count() <= MAX_HEADER_CHARS && !line.contains([':', '：', '.', '。']);
        is_short.then(|| compose::compose(line)).flatten().filter(|(_, strength)| *strength > Strength::Guess)
    })
}

/// The undrawn table whose header starts at line `at`, if one does.
pub(super) fn find(lines: &[&str], at: usize) -> Option<Found> {
    let found = one_cell_a_line(lines, at).or_else(|| one_row_a_line(lines, at))?;
    // A title may be a header word too: then more rows of the table that starts below it are sure.
    let below = found.is_titled.then(|| one_cell_a_line(lines, next_filled(lines, at + 1))).flatten();
    let sure = |found: &Found| found.table.rows.len() - found.table.uncertain.len();
    match below {
        Some(below) if sure(&below) > sure(&found) || found.begins_with_two_codes => Some(below),
        _ => Some(found),
    }
}

fn next_filled(lines: &[&str], at: usize) -> usize {
    at + lines.get(at..).unwrap_or_default().iter().take_while(|line| bare(line).is_empty()).count()
}

/// A cell and the line it ends in.
type Cell = (usize, String);

fn one_cell_a_line(lines: &[&str], at: usize) -> Option<Found> {
    // Cheap first: hardly any line is a header word, or a pipe that opens a table.
    if !lines.get(at)?.contains('|') {
        header_role(&bare(lines[at]))?;
    }
    let first = lines[at..].iter().take(MAX_COLUMNS).find(|line| !bare(line).is_empty())?;
    header_role(&bare(first))?;
    let ends_in_pipes = first.trim_end().ends_with('|');
    let mut cells = Cells { lines, at, ends_in_pipes, pending: Vec::new().into_iter() };
    let Header { texts, roles, after } = header(&mut cells)?;
    let (cells, starts) = rows(after.into_iter().chain(cells), &roles)?;
    let columns = texts.len();
    let is_titled = columns > 2 && roles[1..].contains(&roles[0]);
    let begins_with_two_codes = columns > 2 && roles[..2] == [Role::Code, Role::Code];
    let mut table = RawTable { head: 1, rows: vec![texts], ..RawTable::default() };
    let (mut end, mut is_cut) = (at + 1, false);
    for (n, start) in starts.iter().enumerate() {
        let next = starts.get(n + 1).copied().unwrap_or(cells.len().min(start + columns));
        let row: Vec<String> = cells[*start..next].iter().map(|(_, text)| text.clone()).collect();
        if row.len() != columns {
            let why = format!("it stands in {} cells where {columns} were expected", row.len());
            table.uncertain.push((table.rows.len(), why));
        }
        is_cut = row.len() < columns;
        table.rows.push(fitted(row, columns));
        end = cells[next - 1].0 + 1;
    }
    Some(Found { table, end, is_cut: is_cut && is_over(lines, end), is_titled, begins_with_two_codes })
}

/// The row with as many cells as the table has columns: surplus lines belong to its last text.
fn fitted(mut row: Vec<String>, columns: usize) -> Vec<String> {
    if row.len() > columns {
        let last = row.split_off(columns - 1).join("\n");
        row.push(last);
    }
    row.resize(columns, String::new());
    row
}

fn bare(line: &str) -> String {
    tidy(line.trim().trim_matches('|'))
}

/// The cells from a line on, without empty ones and separators. A cell ends with its line, or with a pipe where the
/// header's cells do.
struct Cells<'a> {
    lines: &'a [&'a str],
    at: usize,
    ends_in_pipes: bool,
    pending: std::vec::IntoIter<Cell>,
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        loop {
            if let Some(cell) = self.pending.next() {
                return Some(cell);
            }
            self.pending = self.next_lines()?.into_iter();
        }
    }
}

impl Cells<'_> {
    fn next_lines(&mut self) -> Option<Vec<Cell>> {
        let blank = self.lines.get(self.at..)?.iter().take_while(|line| bare(line).is_empty()).count();
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
            // No pipe ever closes it: the line is no cell of this table but what comes after it.
            (text, last) = (line.to_owned(), self.at);
        }
        self.at = last + 1;
        // A dash alone in its line is a cell that says nothing.
        if pipes::separator_cells(&text).is_some_and(|cells| cells > 1 || text.contains("--")) {
            return Some(Vec::new());
        }
        let cells = pipes::split(&text).into_iter().map(|cell| (last, tidy(&inline::without_escapes(&cell))));
        Some(cells.filter(|(_, text)| !text.is_empty()).collect())
    }
}

/// The header cells at the front of a table.
struct Header {
    texts: Vec<String>,
    roles: Vec<Role>,
    /// The first cell after them, which had to be taken to know.
    after: Option<Cell>,
}

fn header(cells: &mut Cells<'_>) -> Option<Header> {
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

/// The cells of the rows, and where among them each row starts: where the status column has a status and the code
/// column a code. The first must start at once, the others must follow closely.
fn rows(cells: impl Iterator<Item = Cell>, roles: &[Role]) -> Option<(Vec<Cell>, Vec<usize>)> {
    let columns = roles.len();
    let mut keys = Keys::from_roles(roles)?;
    let mut cells = cells.peekable();
    let (mut taken, mut starts): (Vec<Cell>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut at = 0;
    loop {
        while taken.len() < at + keys.width && cells.peek().is_some() {
            taken.extend(cells.next());
        }
        let is_first = starts.is_empty();
        let is_close = starts.last().is_some_and(|last| at - last <= MAX_GAP * columns);
        let is_due = is_first || starts.last().is_some_and(|last| at == last + columns);
        // A row that lost a cell ends early: the next one begins before it is due, and not where it is due.
        let is_early = starts.last().is_some_and(|last| at < last + columns);
        if is_early && keys.status.is_none() {
            while taken.len() < at + 2 * columns && cells.peek().is_some() {
                taken.extend(cells.next());
            }
        }
        let row = taken.get(at..).unwrap_or_default();
        let due = starts.last().and_then(|last| taken.get(last + columns..)).unwrap_or_default();
        let is_blocked = is_early && keys.status.is_none() && keys.is_family(due);
        if (is_first || is_close) && !is_blocked && keys.begin(row, is_due) {
            starts.push(at);
            at += if keys.status.is_none() { 1 } else { keys.width };
        } else if is_close && !row.is_empty() {
            at += 1;
        } else {
            break;
        }
    }
    // A last word that no cells follow is no code, unless it looks like the others.
    if starts.len() > 1
        && let Some(last) = starts.pop_if(|last| taken.len() < *last + columns && cells.peek().is_none())
        && (keys.status.is_some() || taken.get(last + keys.code).is_some_and(|(_, cell)| is_marked(cell)))
    {
        starts.push(last);
    }
    // The last row's other cells.
    let end = starts.last()? + columns;
    taken.extend(cells.take(end.saturating_sub(taken.len())));
    Some((taken, starts))
}

/// What the cells have that a row starts with.
struct Keys {
    status: Option<usize>,
    code: usize,
    /// How many cells tell that a row starts.
    width: usize,
    /// What the codes so far begin with, where there is no status to tell rows by.
    prefixes: BTreeSet<String>,
    /// Whether all codes so far are words in capitals with joints.
    are_capitals: bool,
}

impl Keys {
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

    /// Whether a row begins with these cells. Without a status, prose of one word looks like a code: then a row starts
    /// where it is due, or with a code like those before.
    fn begin(&mut self, cells: &[Cell], is_due: bool) -> bool {
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
        self.is_family(cells)
    }

    /// Whether the cells begin with a code written like those before.
    fn is_family(&self, cells: &[Cell]) -> bool {
        let code = cells.get(self.code).map_or("", |(_, text)| text.as_str());
        let is_known = || numbered_prefix(code).is_some_and(|prefix| self.prefixes.contains(&prefix));
        is_code(code) && (is_known() || (self.are_capitals && is_in_capitals(code)))
    }
}

/// The code without the number it ends in, if it ends in one.
fn numbered_prefix(code: &str) -> Option<String> {
    let prefix = code.trim_end_matches(|c: char| c.is_ascii_digit());
    (prefix.len() < code.len()).then(|| prefix.to_owned())
}

/// `LAMP_BUSY`: capitals with joints, which no cell of prose is.
fn is_in_capitals(code: &str) -> bool {
    let is_capital = code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.'));
    is_capital && code.contains('_') && CodeForm::parse(code) == CodeForm::Symbol
}

/// Words alone in their line that follow a page's last table.
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

/// A status and no slip of one: a code of digits must not pass for it where nothing else tells the columns apart.
fn is_usual_status(cell: &str) -> bool {
    is_status(cell) && (cell.len() < 4 || !cell.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether nothing but blank lines follows.
fn is_over(lines: &[&str], end: usize) -> bool {
    lines.get(end..).unwrap_or_default().iter().all(|line| line.trim().is_empty())
}

/// A header such as `Error Code Description`, then a row a line: the code, a blank, the text.
fn one_row_a_line(lines: &[&str], at: usize) -> Option<Found> {
    let header = split_header(lines[at])?;
    let mut table = RawTable { head: 1, rows: vec![header], ..RawTable::default() };
    let mut end = at + 1;
    while let Some(line) = lines.get(end) {
        let text = tidy(line);
        match row(&text) {
            Some(row) => table.rows.push(row),
            None if text.is_empty() && table.rows.len() == 1 => {}
            // Lines of a table follow one another, so a line between two rows goes on with the one above.
            None if !text.is_empty()
                && table.rows.len() > 1
                && lines.get(end + 1).is_some_and(|next| row(&tidy(next)).is_some()) =>
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
    let is_cut = table.rows.last().is_some_and(|row| row[1].is_empty()) && is_over(lines, end);
    (table.rows.len() > 1).then_some(Found { table, end, is_cut, is_titled: false, begins_with_two_codes: false })
}

/// The code and the text of a line. A word that any sentence may begin with is no code here, where only a blank parts
/// the columns.
fn row(text: &str) -> Option<Vec<String>> {
    let (code, rest) = text.split_once(' ').unwrap_or((text, ""));
    let begins =
        code.starts_with(|c: char| c.is_ascii_uppercase()) && !rest.starts_with(|c: char| c.is_ascii_lowercase());
    (is_code(code) && (is_marked(code) || begins)).then(|| vec![code.to_owned(), rest.trim_start().to_owned()])
}

/// The two header words that a line is made of, the first naming the code.
fn split_header(line: &str) -> Option<Vec<String>> {
    if line.len() > MAX_HEADER_LINE {
        return None;
    }
    let line = tidy(line);
    line.match_indices(' ').find_map(|(at, _)| {
        let (first, second) = (&line[..at], &line[at + 1..]);
        let is_code =
            headers::role(first).is_some_and(|(role, strength)| role == Role::Code && strength == Strength::Sure);
        let is_text = headers::role(second).is_some_and(|(role, _)| matches!(role, Role::Description | Role::Message));
        (is_code && is_text).then(|| vec![first.to_owned(), second.to_owned()])
    })
}
