//! Reads HTML tables as grids, with expanded spans and separate inner tables.

use docdrift_model::{Warning, WarningKind};
use ego_tree::iter::Edge;
use scraper::ElementRef;

use super::{
    slots::{MAX_COLSPAN, MAX_ROWSPAN, SlotGrid, parse_span},
    visible::{cell_text, is_hidden, visible_text},
};
use crate::syntax::block::{MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES, RawTable};

/// The maximum depth of tables inside tables. Deeper ones become text of their cells.
const MAX_TABLE_DEPTH: usize = 8;

/// Reads a table element and the tables inside its cells.
pub(super) fn read_table(table: ElementRef<'_>, warnings: &mut Vec<Warning>) -> RawTable {
    read_nested(table, 0, warnings)
}

fn read_nested(table: ElementRef<'_>, depth: usize, warnings: &mut Vec<Warning>) -> RawTable {
    let mut reader = TableReader { depth, warnings, grid: SlotGrid::default(), raw: RawTable::default() };
    reader.raw.across = Some(Vec::new());
    for section in table.child_elements() {
        match section.value().name() {
            "caption" => reader.raw.caption = Some(visible_text(section)).filter(|text| !text.is_empty()),
            "thead" | "tbody" | "tfoot" => reader.read_section(section),
            _ => {}
        }
    }
    if reader.grid.overflow {
        let detail = format!(
            "a table asks for more than {MAX_COLUMNS} columns, {MAX_CELLS} cells or {MAX_TABLE_BYTES} bytes; what is beyond was not read"
        );
        reader.warnings.push(Warning::page(WarningKind::TooDeep, detail));
    }
    reader.raw.rows = reader.grid.rows;
    reader.raw
}

struct TableReader<'a> {
    depth: usize,
    warnings: &'a mut Vec<Warning>,
    grid: SlotGrid,
    raw: RawTable,
}

impl TableReader<'_> {
    fn read_section(&mut self, section: ElementRef<'_>) {
        self.grid.end_section();
        let is_head = section.value().name() == "thead";
        for row in section.child_elements().filter(|row| row.value().name() == "tr" && !is_hidden(row.value())) {
            if self.grid.overflow {
                break;
            }
            self.read_row(row, is_head);
        }
        self.grid.end_section();
    }

    fn read_row(&mut self, row: ElementRef<'_>, is_head: bool) {
        let is_cell = |cell: &ElementRef<'_>| matches!(cell.value().name(), "td" | "th") && !is_hidden(cell.value());
        let cells: Vec<ElementRef<'_>> = row.child_elements().filter(is_cell).collect();
        let all_headers = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
        let is_header_row = self.raw.head == self.grid.rows.len() && (is_head || all_headers);
        let spans_columns = |cell: ElementRef<'_>| parse_span(cell, "colspan", MAX_COLSPAN) > 1;
        let is_across = self.grid.begin_row() && matches!(&cells[..], [only] if spans_columns(*only));
        for cell in cells {
            self.grid.put_cell(
                &cell_text(cell),
                parse_span(cell, "rowspan", MAX_ROWSPAN),
                parse_span(cell, "colspan", MAX_COLSPAN),
            );
            if self.depth < MAX_TABLE_DEPTH {
                let inner = outermost_tables(cell).into_iter();
                self.raw.inner.extend(inner.map(|inner| read_nested(inner, self.depth + 1, self.warnings)));
            }
        }
        if !self.grid.end_row() {
            return;
        }
        self.raw.head += usize::from(is_header_row);
        if is_across {
            self.raw.across.get_or_insert_default().push(self.grid.rows.len() - 1);
        }
    }
}

fn outermost_tables(cell: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    let mut found = Vec::new();
    let mut inside = None;
    for edge in cell.traverse() {
        match edge {
            Edge::Open(node) if inside.is_none() => {
                if let Some(element) = ElementRef::wrap(node).filter(|e| e.value().name() == "table") {
                    inside = Some(node.id());
                    found.push(element);
                }
            }
            Edge::Close(node) if inside == Some(node.id()) => inside = None,
            _ => {}
        }
    }
    found
}
