//! Implements HTML's table model: cells that span rows and columns fill a grid of slots.

use scraper::ElementRef;

use crate::syntax::block::{MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES};

/// HTML's limit for the `colspan` attribute of td and th.
pub(super) const MAX_COLSPAN: usize = 1000;
/// HTML's limit for the `rowspan` attribute of td and th.
pub(super) const MAX_ROWSPAN: usize = 65534;

/// Parses a span attribute as HTML does: an invalid value is 1, and `rowspan=0` extends to the end of its section.
pub(super) fn parse_span(cell: ElementRef<'_>, name: &str, max: usize) -> usize {
    let digits: String =
        cell.value().attr(name).unwrap_or("1").trim().chars().take_while(char::is_ascii_digit).collect();
    match digits.parse::<usize>() {
        Ok(0) if name == "rowspan" => max,
        Ok(n) if n > 0 => n.min(max),
        _ => 1,
    }
}

/// The table as a grid of slots, filled as in HTML's table model. If cells overlap, the first keeps its slot.
#[derive(Default)]
pub(super) struct SlotGrid {
    pub(super) rows: Vec<Vec<String>>,
    current: Vec<Option<String>>,
    /// For each column, the text that spans down from above, and the number of rows left.
    reaching: Vec<Option<(String, usize)>>,
    column: usize,
    cells: usize,
    bytes: usize,
    pub(super) overflow: bool,
}

impl SlotGrid {
    /// Begins a row. Returns whether all of its slots are free.
    pub(super) fn begin_row(&mut self) -> bool {
        self.column = 0;
        self.current = self.reaching.iter().map(|slot| slot.as_ref().map(|(text, _)| text.clone())).collect();
        for slot in &mut self.reaching {
            *slot = slot.take().and_then(|(text, left)| (left > 1).then(|| (text, left - 1)));
        }
        self.current.iter().all(Option::is_none)
    }

    pub(super) fn put_cell(&mut self, text: &str, rows: usize, columns: usize) {
        while self.current.get(self.column).is_some_and(Option::is_some) {
            self.column += 1;
        }
        for column in self.column..self.column + columns {
            if column >= MAX_COLUMNS {
                self.overflow = true;
                break;
            }
            if self.current.len() <= column {
                self.current.resize(column + 1, None);
                self.reaching.resize(column + 1, None);
            }
            if self.current[column].is_none() {
                self.current[column] = Some(text.to_owned());
                if rows > 1 {
                    self.reaching[column] = Some((text.to_owned(), rows - 1));
                }
            }
        }
        self.column += columns;
    }

    /// Ends a row. Returns whether it was kept.
    pub(super) fn end_row(&mut self) -> bool {
        self.cells += self.current.len();
        self.bytes += self.current.iter().flatten().map(String::len).sum::<usize>();
        let row: Vec<String> = std::mem::take(&mut self.current).into_iter().map(Option::unwrap_or_default).collect();
        if self.cells > MAX_CELLS || self.bytes > MAX_TABLE_BYTES {
            self.overflow = true;
            return false;
        }
        let is_filled = row.iter().any(|cell| !cell.is_empty());
        if is_filled {
            self.rows.push(row);
        }
        is_filled
    }

    /// Ends a section, and with it all row spans.
    pub(super) fn end_section(&mut self) {
        self.reaching.clear();
    }
}
