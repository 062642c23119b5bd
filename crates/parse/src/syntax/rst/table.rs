//! Reads tables made by directives: titled tables, list tables and comma-separated values.

use std::ops::Range;

use docdrift_model::WarningKind;

use super::{
    directive::Directive,
    lines::dedent,
    lists::bullet_width,
    reader::{BlockPlace, RstReader},
};
use crate::syntax::{
    block::{Content, MAX_COLUMNS, RawTable},
    delimited::{Dialect, split_records},
    prose::{into_caption, into_cell},
    slots::Slots,
};

impl RstReader<'_> {
    /// Reads `.. table::`, the title of the first table in it.
    pub(super) fn read_table(&mut self, directive: &Directive<'_>, place: BlockPlace) {
        let mut caption = into_caption(&self.render(directive.argument));
        for block in self.capture(directive.content.clone(), place.nested(directive.indent)) {
            let mut block = block;
            if let Content::Table(table) = &mut block.content
                && table.caption.is_none()
            {
                table.caption = caption.take();
            }
            self.push(block);
        }
    }

    /// Reads `.. list-table::`, a list of rows that are lists of cells.
    pub(super) fn read_list_table(&mut self, start: usize, directive: &Directive<'_>, place: BlockPlace) {
        let mut slots = Slots::default();
        let mut inner = Vec::new();
        let mut head = None;
        let mut at = directive.content.start;
        for index in 0.. {
            if index == directive.option_count("header-rows") {
                head = Some(slots.row_count());
            }
            let Some(row) = self.next_item(&mut at, directive.content.end) else { break };
            slots.begin_row();
            let mut cell_at = row.start;
            while let Some(cell) = self.next_item(&mut cell_at, row.end) {
                let (rows, columns) = if directive.is_flat { self.parse_spans(cell.start) } else { (1, 1) };
                let (text, tables) = into_cell(self.capture(cell.clone(), place.cell(self.lines[cell.start].indent)));
                slots.put_cell(&text, rows, columns);
                inner.extend(tables);
            }
            slots.end_row();
            if slots.is_overfull {
                break;
            }
        }
        let caption = into_caption(&self.render(directive.argument));
        let head = head.unwrap_or_else(|| slots.row_count());
        self.warn_overfull(slots.is_overfull);
        let table = RawTable { caption, head, inner, ..slots.into_table() };
        self.emit_table(start..directive.content.end, table);
    }

    /// Returns the next item of a bullet list without its bullet. Skips lines before it.
    fn next_item(&mut self, at: &mut usize, end: usize) -> Option<Range<usize>> {
        let start =
            (*at..end).find(|n| bullet_width(self.lines[*n].text).is_some() || is_empty_item(self.lines[*n].text))?;
        let width = bullet_width(self.lines[start].text).unwrap_or(1);
        *at = self.strip_marker(start, end, width);
        Some(start..*at)
    }

    /// Parses and removes the spans of a cell of a flat table (an extension of Sphinx by the Linux kernel): `:cspan:`
    /// and `:rspan:` are the numbers of additional columns and rows.
    fn parse_spans(&mut self, at: usize) -> (usize, usize) {
        let (mut rows, mut columns) = (1, 1);
        loop {
            let text = self.lines[at].text;
            let Some((name, rest)) =
                [":cspan:`", ":rspan:`"].iter().find_map(|name| Some((*name, text.strip_prefix(name)?)))
            else {
                return (rows, columns);
            };
            let Some((count, rest)) = rest.split_once('`') else { return (rows, columns) };
            let count = count.trim().parse().map_or(1, |more: usize| more.saturating_add(1));
            *(if name == ":cspan:`" { &mut columns } else { &mut rows }) = count;
            self.lines[at].text = rest.trim_start();
        }
    }

    /// Reads `.. csv-table::` with its values on the page.
    pub(super) fn read_csv_table(&mut self, start: usize, directive: &Directive<'_>, place: BlockPlace) {
        let dialect = csv_dialect(directive);
        let mut records = directive.option("header").map(|header| split_records(header, dialect)).unwrap_or_default();
        let head = records.len() + directive.option_count("header-rows");
        records.extend(split_records(&dedent(&self.lines[directive.content.clone()]), dialect));
        let mut slots = Slots::default();
        let mut inner = Vec::new();
        for record in &records {
            slots.begin_row();
            for value in record.iter().take(MAX_COLUMNS + 1) {
                let (text, tables) = self.read_cell(value, place);
                slots.put_cell(&text, 1, 1);
                inner.extend(tables);
            }
            slots.end_row();
            if slots.is_overfull {
                break;
            }
        }
        let caption = into_caption(&self.render(directive.argument));
        self.warn_overfull(slots.is_overfull);
        let head = head.min(slots.row_count());
        let table = RawTable { caption, head, inner, ..slots.into_table() };
        self.emit_table(start..directive.content.end, table);
    }

    pub(super) fn emit_table(&mut self, lines: Range<usize>, table: RawTable) {
        if !table.rows.is_empty() || !table.inner.is_empty() {
            self.emit(lines, Content::Table(table));
        }
    }

    pub(super) fn warn_overfull(&mut self, is_overfull: bool) {
        if is_overfull {
            self.warn(WarningKind::TooDeep, "a table exceeds the limit of cells or text; the rest was left out");
        }
    }
}

/// Whether a line is a bullet without text.
fn is_empty_item(text: &str) -> bool {
    matches!(text, "*" | "-" | "+")
}

fn csv_dialect(directive: &Directive<'_>) -> Dialect {
    let sign = |name: &str| directive.option(name).and_then(parse_sign);
    Dialect {
        delimiter: sign("delim").unwrap_or(','),
        quote: Some(sign("quote").unwrap_or('"')),
        escape: sign("escape"),
    }
}

/// Parses a character, or the name or code of one.
fn parse_sign(text: &str) -> Option<char> {
    match text.trim() {
        "tab" => Some('\t'),
        "space" => Some(' '),
        text if text.chars().count() > 1 => {
            let digits = text.trim_start_matches(['0', 'x', 'U', 'u', '+', '\\']);
            u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        }
        text => text.chars().next(),
    }
}
