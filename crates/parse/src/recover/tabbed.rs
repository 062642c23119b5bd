//! Reads tab-separated text, as browsers copy tables: one row per line, with tabs between the cells.

use std::{borrow::Cow, ops::Range};

use docdrift_model::text::tidy;

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::cells::is_sentence,
    syntax::{
        block::{Content, MAX_COLUMNS, RawTable},
        markdown::inline,
    },
};

/// The maximum number of lines without a tab between two rows. They name a group of rows or continue a cell.
const MAX_LINES_BETWEEN_ROWS: usize = 2;
/// The maximum number of successive rows with too many cells. More of them belong to another table.
const MAX_LONG_ROWS: usize = 6;
/// The maximum number of lines of a row.
const MAX_ROW_LINES: usize = 60;

/// Proposes each run of lines with tabs.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let lines = outline.line_range(&section.own);
    let mut found = Vec::new();
    let mut at = lines.start;
    while at < lines.end {
        let Some((table, end)) = read_table(outline, at, lines.end) else {
            at += 1;
            continue;
        };
        let blocks = outline.blocks_in_lines(&section.own, &(at..end));
        let is_text = |at: usize| !matches!(outline.blocks[at].content, Content::Table(_) | Content::Sample(_));
        if !blocks.is_empty() && blocks.clone().all(is_text) {
            found.push(Candidate::new(section, blocks, Cow::Owned(table)));
        }
        at = end;
    }
    found
}

fn tab_count(line: &str) -> usize {
    line.matches('\t').count()
}

/// Reads the table whose first row is in line `at`. Returns it with the line after it.
fn read_table(outline: &Outline<'_>, at: usize, end: usize) -> Option<(RawTable, usize)> {
    let first = outline.lines[at];
    let columns = tab_count(first) + 1;
    let is_row = !first.starts_with('\t') && (2..=MAX_COLUMNS).contains(&columns) && !first.contains('|');
    if !is_row {
        return None;
    }
    let mut rows = TabbedRows {
        outline,
        columns,
        table: RawTable { across: Some(Vec::new()), ..RawTable::default() },
        sentence_count: 0,
    };
    let mut next = at;
    while next < end {
        let Some(after) = rows.read_row(next..end).or_else(|| rows.read_plain(next..end)) else { break };
        next = after;
    }
    (rows.table.rows.len() > 1).then_some((rows.table, next))
}

struct TabbedRows<'a> {
    outline: &'a Outline<'a>,
    columns: usize,
    table: RawTable,
    /// The number of rows below the header that end in a sentence.
    sentence_count: usize,
}

impl TabbedRows<'_> {
    /// Reads the row that starts in the first of `lines`. A cell of several paragraphs continues the row in the lines
    /// below.
    fn read_row(&mut self, lines: Range<usize>) -> Option<usize> {
        let mut text = self.outline.lines[lines.start].to_owned();
        let tabs = tab_count(&text);
        if tabs == 0 || (tabs >= self.columns && !self.is_too_long(&lines)) {
            return None;
        }
        let mut end = lines.start + 1;
        while tab_count(&text) + 1 < self.columns && end < lines.end.min(lines.start + MAX_ROW_LINES) {
            let more = self.outline.lines[end];
            let joined = tab_count(&text) + tab_count(more);
            if more.trim().is_empty() || tab_count(more) + 1 == self.columns || joined >= self.columns {
                break;
            }
            text.push('\n');
            text.push_str(more);
            end += 1;
        }
        let found = tab_count(&text) + 1;
        // Lines do not belong to a short row that they do not complete.
        if found < self.columns && end > lines.start + 1 {
            self.outline.lines[lines.start].clone_into(&mut text);
            end = lines.start + 1;
        }
        let mut cells: Vec<String> = text.splitn(self.columns, '\t').map(|cell| self.cell_text(cell)).collect();
        if found > self.columns {
            let why =
                format!("it has {found} cells instead of {}; the surplus was kept in the last column", self.columns);
            self.table.uncertain.push((self.table.rows.len(), why));
        }
        if cells.len() < self.columns {
            let why = format!("it has {} of {} cells", cells.len(), self.columns);
            self.table.uncertain.push((self.table.rows.len(), why));
        }
        cells.resize(self.columns, String::new());
        self.sentence_count +=
            usize::from(!self.table.rows.is_empty() && cells.last().is_some_and(|cell| is_sentence(cell)));
        self.table.rows.push(cells);
        Some(end)
    }

    /// Whether the first of `lines` is a row with too many cells: a row of this table follows soon, or the text ends.
    fn is_too_long(&self, lines: &Range<usize>) -> bool {
        let below = self.outline.lines[lines.start + 1..lines.end].iter();
        let mut rows = below.take(MAX_LONG_ROWS).filter(|line| tab_count(line) > 0).peekable();
        self.table.rows.len() > 1 && (rows.peek().is_none() || rows.any(|line| tab_count(line) < self.columns))
    }

    /// Reads lines without a tab between two rows: the name of a group of rows, or more of the last cell above.
    fn read_plain(&mut self, lines: Range<usize>) -> Option<usize> {
        let below = self.outline.lines[lines.clone()].iter().take(MAX_ROW_LINES);
        let plain = below.take_while(|line| tab_count(line) == 0).count();
        let next = self.outline.lines.get(lines.start + plain).filter(|_| lines.start + plain < lines.end)?;
        let texts: Vec<String> = self.outline.lines[lines.start..lines.start + plain]
            .iter()
            .map(|line| self.cell_text(line))
            .filter(|text| !text.is_empty())
            .collect();
        // A blank line and another header end the table.
        let continues_table = tab_count(next) + 1 == self.columns
            && texts.len() <= MAX_LINES_BETWEEN_ROWS
            && (plain == texts.len() || texts.is_empty())
            && !self.table.rows.is_empty()
            && !self.is_header_again(lines.start + plain);
        if !continues_table {
            return None;
        }
        for text in texts {
            self.push_plain(text);
        }
        Some(lines.start + plain)
    }

    fn is_header_again(&self, at: usize) -> bool {
        let cells = self.outline.lines[at].split('\t').map(|cell| self.cell_text(cell));
        self.table.rows.len() > 1 && self.table.rows.first().is_some_and(|header| cells.eq(header.iter().cloned()))
    }

    fn push_plain(&mut self, text: String) {
        let is_prose = self.sentence_count * 2 > self.table.rows.len().saturating_sub(1);
        let row = self.table.rows.len() - 1;
        if let (true, Some(cell)) = (is_prose && is_sentence(&text), self.table.rows[row].last_mut()) {
            cell.push('\n');
            cell.push_str(&text);
            self.table.uncertain.push((row, "a line without a tab was taken for more of its last cell".to_owned()));
            return;
        }
        self.table.across.get_or_insert_default().push(row + 1);
        self.table.rows.push(vec![text; self.columns]);
    }

    fn cell_text(&self, cell: &str) -> String {
        if self.outline.is_markdown { inline::render_cell(cell) } else { tidy(cell) }
    }
}
