//! The slots of a table. A cell that spans rows and columns is put into every slot it covers.

use super::block::{MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES, RawTable};

/// The maximum row span, which is the limit of HTML's `rowspan`.
const MAX_ROW_SPAN: usize = 65_534;

/// A table that is filled row by row.
#[derive(Default)]
pub(super) struct Slots {
    rows: Vec<Vec<String>>,
    current: Vec<Option<String>>,
    /// For each column, the text that spans down from a row above, and the number of rows left.
    reaching: Vec<Option<(String, usize)>>,
    column: usize,
    /// The width of the current row's only cell; `None` if it has several.
    only_width: Option<usize>,
    /// Rows that are a single cell, with its width.
    single: Vec<(usize, usize)>,
    cells: usize,
    bytes: usize,
    /// Whether the table exceeds the limits. The rest of it is left out.
    pub(super) is_overfull: bool,
}

impl Slots {
    pub(super) fn begin_row(&mut self) {
        self.column = 0;
        self.only_width = Some(0);
        self.bytes += self.reaching.iter().flatten().map(|(text, _)| text.len()).sum::<usize>();
        if self.bytes > MAX_TABLE_BYTES {
            self.is_overfull = true;
            self.reaching.clear();
        }
        self.current = self.reaching.iter().map(|slot| slot.as_ref().map(|(text, _)| text.clone())).collect();
        if self.current.iter().any(Option::is_some) {
            self.only_width = None;
        }
        for slot in &mut self.reaching {
            *slot = slot.take().and_then(|(text, left)| (left > 1).then(|| (text, left - 1)));
        }
    }

    /// Puts a cell into the next free slot of the current row.
    pub(super) fn put_cell(&mut self, text: &str, rows: usize, columns: usize) {
        self.skip_covered();
        self.only_width = self.only_width.filter(|width| *width == 0).map(|_| columns.max(1));
        for _ in 0..columns.max(1) {
            if self.column >= MAX_COLUMNS {
                self.is_overfull = true;
                return;
            }
            self.fill_slot(text, rows.min(MAX_ROW_SPAN));
            self.column += 1;
        }
    }

    fn fill_slot(&mut self, text: &str, rows: usize) {
        if self.current.len() <= self.column {
            self.current.resize(self.column + 1, None);
            self.reaching.resize(self.column + 1, None);
        }
        if self.current[self.column].is_some() {
            return;
        }
        self.bytes += text.len();
        if self.bytes > MAX_TABLE_BYTES {
            self.is_overfull = true;
            return;
        }
        self.current[self.column] = Some(text.to_owned());
        if rows > 1 {
            self.reaching[self.column] = Some((text.to_owned(), rows - 1));
        }
    }

    /// Returns the column of the next free slot of the current row.
    pub(super) fn next_column(&mut self) -> usize {
        self.skip_covered();
        self.column
    }

    fn skip_covered(&mut self) {
        while self.current.get(self.column).is_some_and(Option::is_some) {
            self.column += 1;
        }
    }

    /// Ends the current row. A row without text is dropped.
    pub(super) fn end_row(&mut self) {
        self.cells += self.current.len();
        let row: Vec<String> = std::mem::take(&mut self.current).into_iter().map(Option::unwrap_or_default).collect();
        if self.cells > MAX_CELLS {
            self.is_overfull = true;
        }
        if self.is_overfull || row.iter().all(String::is_empty) {
            return;
        }
        if let Some(width) = self.only_width.filter(|width| *width > 1) {
            self.single.push((self.rows.len(), width));
        }
        self.rows.push(row);
    }

    pub(super) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the table, with its rows filled up to the same length.
    pub(super) fn into_table(mut self) -> RawTable {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        if width.saturating_mul(self.rows.len()) <= MAX_CELLS {
            for row in &mut self.rows {
                row.resize(width, String::new());
            }
        }
        let across = self.single.iter().filter(|(_, columns)| *columns >= width).map(|(row, _)| *row).collect();
        RawTable { rows: self.rows, across: Some(across), ..RawTable::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn fills_every_slot_of_a_span() {
        let mut slots = Slots::default();
        for row in [&[("a", 2, 1), ("b", 1, 2)][..], &[("c", 1, 1), ("d", 1, 1)], &[("e", 1, 3)], &[("f", 1, 1)]] {
            slots.begin_row();
            for (text, rows, columns) in row {
                slots.put_cell(text, *rows, *columns);
            }
            slots.end_row();
        }
        let table = slots.into_table();
        assert_eq!(table.rows, [["a", "b", "b"], ["a", "c", "d"], ["e", "e", "e"], ["f", "", ""]]);
        assert_eq!(table.across, Some(vec![2]));
    }

    #[test]
    fn cuts_a_table_beyond_the_limits() {
        let mut slots = Slots::default();
        slots.begin_row();
        slots.put_cell(&"x".repeat(1 << 20), usize::MAX, 200);
        slots.end_row();
        assert!(slots.is_overfull);
        assert!(slots.into_table().rows.is_empty());
    }
}
