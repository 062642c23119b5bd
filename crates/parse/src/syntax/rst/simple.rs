//! Reads simple tables: columns between rules of `=`. A rule of `-` under a row shows which columns its cells span.

use std::ops::Range;

use super::{
    drawing::{slice, to_columns},
    reader::{BlockPlace, RstReader},
};
use crate::syntax::{
    block::{MAX_COLUMNS, RawTable},
    slots::Slots,
};

/// The maximum number of rules: one above the table, one below, and one under its header.
const MAX_RULES: usize = 3;

/// One row as drawn: its lines, and the rule under it if there is one.
struct DrawnRow {
    lines: Range<usize>,
    rule: Option<usize>,
    is_head: bool,
}

impl RstReader<'_> {
    pub(super) fn read_simple(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let columns = rule_columns(self.lines[at].text, '=').filter(|columns| columns.len() > 1)?;
        if columns.len() > MAX_COLUMNS {
            return None;
        }
        let rules = self.find_rules(at, end)?;
        let bottom = *rules.last()?;
        let mut rows = self.split_rows(at + 1..rules[1], &columns);
        if rules.len() == MAX_RULES {
            for row in &mut rows {
                row.is_head = true;
            }
            if let Some(last) = rows.last_mut() {
                last.rule = last.rule.or(Some(rules[1]));
            }
            rows.extend(self.split_rows(rules[1] + 1..bottom, &columns));
        }
        let base = self.lines[at].indent;
        if self.has_cut_word(&rows, &columns, base) {
            return None;
        }
        let table = self.fill_simple(&rows, &columns, base, place);
        if table.rows.is_empty() && table.inner.is_empty() {
            return None;
        }
        self.emit_table(at..bottom + 1, table);
        Some(bottom + 1)
    }

    /// Finds the rules of `=`. A table ends at one with a blank line below, or at the third.
    fn find_rules(&self, at: usize, end: usize) -> Option<Vec<usize>> {
        let indent = self.lines[at].indent;
        let mut rules = vec![at];
        for n in at + 1..end {
            let line = self.lines[n];
            if line.indent != indent || rule_columns(line.text, '=').is_none() {
                continue;
            }
            rules.push(n);
            let is_bottom = n + 1 >= end || self.lines[n + 1].is_blank();
            if is_bottom || rules.len() == MAX_RULES {
                return Some(rules);
            }
        }
        None
    }

    /// Splits the lines into rows. A row starts where its first column has text, and ends at a rule of `-`.
    fn split_rows(&self, range: Range<usize>, columns: &[Range<usize>]) -> Vec<DrawnRow> {
        let base = self.lines[range.start - 1].indent;
        let mut rows: Vec<DrawnRow> = Vec::new();
        let mut is_open = false;
        for n in range {
            let line = self.lines[n];
            let rule = rule_columns(line.text, '-').filter(|rule| rule.len() > 1 || line.text.len() > columns[0].len());
            if rule.is_some() && line.indent == base {
                if let Some(row) = rows.last_mut().filter(|_| is_open) {
                    row.rule = Some(n);
                }
                is_open = false;
            } else if line.is_blank() {
                if let Some(row) = rows.last_mut().filter(|_| is_open) {
                    row.lines.end = n + 1;
                }
            } else if is_open && line.indent >= base + columns[0].end {
                rows.last_mut().into_iter().for_each(|row| row.lines.end = n + 1);
            } else {
                rows.push(DrawnRow { lines: n..n + 1, rule: None, is_head: false });
                is_open = true;
            }
        }
        rows
    }

    fn fill_simple(&mut self, rows: &[DrawnRow], columns: &[Range<usize>], base: usize, place: BlockPlace) -> RawTable {
        let mut slots = Slots::default();
        let mut inner = Vec::new();
        let mut head = 0;
        for row in rows {
            let spans = row.rule.and_then(|rule| self.spanned_columns(rule, columns));
            let cells = spans.unwrap_or_else(|| (0..columns.len()).map(|n| n..n + 1).collect());
            slots.begin_row();
            let drawn: Vec<Vec<char>> = self.draw(row.lines.clone(), base);
            for cell in cells {
                let left = columns[cell.start].start;
                // Text between two columns belongs to the one before it.
                let right = columns.get(cell.end).map_or(usize::MAX, |next| next.start);
                let lines: Vec<String> = drawn.iter().map(|line| slice(line, left, right)).collect();
                let (text, tables) = self.read_cell(&lines.join("\n"), place);
                slots.put_cell(&text, 1, cell.len());
                inner.extend(tables);
            }
            slots.end_row();
            if slots.is_overfull {
                break;
            }
            if row.is_head {
                head = slots.row_count();
            }
        }
        self.warn_overfull(slots.is_overfull);
        RawTable { head, inner, ..slots.into_table() }
    }

    /// Whether a word crosses the left edge of a column. docutils reports text in a column margin and shows no table.
    fn has_cut_word(&self, rows: &[DrawnRow], columns: &[Range<usize>], base: usize) -> bool {
        let is_word = |line: &[char], at: usize| line.get(at).is_some_and(|c| !c.is_whitespace());
        rows.iter().any(|row| {
            let spans = row.rule.and_then(|rule| self.spanned_columns(rule, columns));
            let is_spanned = |n: usize| spans.iter().flatten().any(|span| span.start < n && n < span.end);
            let edges: Vec<usize> = (1..columns.len()).filter(|n| !is_spanned(*n)).map(|n| columns[n].start).collect();
            let drawn = self.draw(row.lines.clone(), base);
            drawn.iter().any(|line| edges.iter().any(|edge| is_word(line, edge - 1) && is_word(line, *edge)))
        })
    }

    fn draw(&self, range: Range<usize>, base: usize) -> Vec<Vec<char>> {
        let lines = self.lines[range].iter();
        lines
            .map(|line| {
                let mut columns = vec![' '; line.indent.saturating_sub(base)];
                columns.extend(to_columns(line.text));
                columns
            })
            .collect()
    }

    /// Returns the columns that each part of a rule covers, or `None` if it does not match the table.
    fn spanned_columns(&self, rule: usize, columns: &[Range<usize>]) -> Option<Vec<Range<usize>>> {
        let text = self.lines[rule].text;
        let parts = rule_columns(text, '-').or_else(|| rule_columns(text, '='))?;
        let mut spans = Vec::new();
        let mut next = 0;
        for part in parts {
            let first = next;
            if columns.get(first).is_none_or(|column| column.start != part.start) {
                return None;
            }
            next += columns[first..].iter().take_while(|column| column.start < part.end).count();
            spans.push(first..next);
        }
        (next == columns.len()).then_some(spans)
    }
}

/// Returns the columns of a rule such as `=====  ===`, or `None` if the line is no rule.
pub(super) fn rule_columns(text: &str, sign: char) -> Option<Vec<Range<usize>>> {
    if !text.starts_with(sign) || text.len() < 2 || !text.chars().all(|c| c == sign || c == ' ') {
        return None;
    }
    let mut columns: Vec<Range<usize>> = Vec::new();
    for (at, byte) in text.bytes().enumerate().filter(|(_, byte)| *byte != b' ') {
        debug_assert_eq!(char::from(byte), sign);
        match columns.last_mut().filter(|column| column.end == at) {
            Some(column) => column.end = at + 1,
            None => columns.push(at..at + 1),
        }
    }
    Some(columns)
}
