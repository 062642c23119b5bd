//! Reads grid tables, drawn with `+`, `-`, `=` and `|`. A cell spans where a line is left out.

use std::ops::Range;

use super::{
    drawing::{slice, to_columns},
    reader::{BlockPlace, RstReader},
};
use crate::syntax::block::{MAX_CELLS, MAX_COLUMNS, MAX_TABLE_BYTES, RawTable};

/// The minimum number of lines of a grid: two rules and a line of text.
const MIN_LINES: usize = 3;

/// A grid as drawn.
struct DrawnGrid {
    lines: Vec<Vec<char>>,
    /// The lines of the drawing without text.
    frame: Vec<Vec<char>>,
    /// The columns of the vertical lines.
    edges: Vec<usize>,
    /// The lines that are rules in at least one column.
    rules: Vec<usize>,
    /// The number of rows above the rule of `=`.
    head: usize,
}

/// The ranges of rows and columns that one cell covers.
struct GridCell {
    rows: Range<usize>,
    columns: Range<usize>,
}

impl RstReader<'_> {
    pub(super) fn read_grid(&mut self, at: usize, end: usize, place: BlockPlace) -> Option<usize> {
        let first = self.lines[at];
        if !is_top_rule(first.text) {
            return None;
        }
        let is_drawn = |n: &usize| self.lines[*n].indent == first.indent && self.lines[*n].text.starts_with(['+', '|']);
        let drawn: Vec<Vec<char>> = (at..end).take_while(is_drawn).map(|n| to_columns(self.lines[n].text)).collect();
        let grid_end = at + drawn.len();
        let grid = DrawnGrid::new(drawn)?;
        let table = self.fill_grid(&grid, place)?;
        self.emit_table(at..grid_end, table);
        Some(grid_end)
    }

    /// Returns the rows of a grid, or `None` if it exceeds the limits.
    fn fill_grid(&mut self, grid: &DrawnGrid, place: BlockPlace) -> Option<RawTable> {
        let (row_count, column_count) = (grid.rules.len() - 1, grid.edges.len() - 1);
        let mut table = RawTable { head: grid.head, across: Some(Vec::new()), ..RawTable::default() };
        let mut slots: Vec<Option<String>> = vec![None; row_count * column_count];
        let mut bytes = 0;
        for slot in 0..slots.len() {
            if slots[slot].is_some() {
                continue;
            }
            // Cells do not overlap: a slot covered by a cell from above ends this one.
            let (row, column) = (slot / column_count, slot % column_count);
            let free = slots[slot..(row + 1) * column_count].iter().take_while(|slot| slot.is_none()).count();
            let cell = grid.cell_at(row, column, column + free);
            let (text, inner) = self.read_cell(&grid.cell_text(&cell), place);
            table.inner.extend(inner);
            if cell.columns.len() == column_count && column_count > 1 {
                table.across.get_or_insert_default().extend(cell.rows.clone());
            }
            for row in cell.rows {
                let row_slots = &mut slots[row * column_count..][cell.columns.clone()];
                bytes += text.len() * row_slots.len();
                if bytes > MAX_TABLE_BYTES {
                    self.warn_overfull(true);
                    return None;
                }
                row_slots.fill(Some(text.clone()));
            }
        }
        let mut texts = slots.into_iter().map(Option::unwrap_or_default);
        table.rows = (0..row_count).map(|_| texts.by_ref().take(column_count).collect()).collect();
        Some(table)
    }
}

impl DrawnGrid {
    fn new(lines: Vec<Vec<char>>) -> Option<Self> {
        if lines.len() < MIN_LINES {
            return None;
        }
        let frame = trace_frame(&lines);
        let edges = find_edges(&frame);
        if !(2..=MAX_COLUMNS + 1).contains(&edges.len()) {
            return None;
        }
        let is_any = |line: &Vec<char>| edges.windows(2).any(|edge| is_ruled(line, edge[0], edge[1]));
        let rules: Vec<usize> = (0..lines.len()).filter(|n| is_any(&frame[*n])).collect();
        let is_closed = rules.first() == Some(&0) && rules.last() == Some(&(lines.len() - 1));
        let cell_count = rules.len().saturating_mul(edges.len());
        if !is_closed || rules.len() < 2 || cell_count > MAX_CELLS {
            return None;
        }
        let is_head = |rule: &usize| lines[*rule].contains(&'=') && lines[*rule].iter().all(|c| matches!(c, '+' | '='));
        let head = rules[1..rules.len() - 1].iter().position(is_head).map_or(0, |index| index + 1);
        Some(Self { lines, frame, edges, rules, head })
    }

    /// Returns the cell with this top left slot: as wide and high as no line divides it.
    fn cell_at(&self, row: usize, column: usize, max_end: usize) -> GridCell {
        let band = self.rules[row] + 1..self.rules[row + 1];
        let is_open = |edge: &usize| !self.has_vertical(band.clone(), self.edges[*edge]);
        let columns_end = (column + 1..max_end).find(|edge| !is_open(edge)).unwrap_or(max_end);
        let is_parted = |rule: &usize| {
            let line = &self.frame[self.rules[*rule]];
            self.edges[column..=columns_end].windows(2).any(|edge| is_ruled(line, edge[0], edge[1]))
        };
        let rows_end = (row + 1..self.rules.len() - 1).find(is_parted).unwrap_or(self.rules.len() - 1);
        GridCell { rows: row..rows_end, columns: column..columns_end }
    }

    /// Whether a vertical line is drawn in most of the lines. Drawings with wide characters are often one column off.
    fn has_vertical(&self, band: Range<usize>, column: usize) -> bool {
        let height = band.len();
        let drawn = self.frame[band].iter().filter(|line| matches!(line.get(column), Some('|' | '+'))).count();
        drawn * 2 > height || height == 0
    }

    fn cell_text(&self, cell: &GridCell) -> String {
        let (left, right) = (self.edges[cell.columns.start] + 1, self.edges[cell.columns.end]);
        let band = self.rules[cell.rows.start] + 1..self.rules[cell.rows.end];
        let mut text = String::new();
        for line in &self.lines[band] {
            text.push_str(slice(line, left, right).trim_end());
            text.push('\n');
        }
        text
    }
}

/// `+---+-----+`.
pub(super) fn is_top_rule(text: &str) -> bool {
    text.len() > 2 && text.starts_with("+-") && text.ends_with('+') && text.bytes().all(|b| matches!(b, b'+' | b'-'))
}

/// Returns the part of a drawing that is connected with its top left corner. Signs in the text of cells and tables
/// inside cells are not.
fn trace_frame(lines: &[Vec<char>]) -> Vec<Vec<char>> {
    let mut frame: Vec<Vec<char>> = lines.iter().map(|line| vec![' '; line.len()]).collect();
    let mut open = vec![(0, 0)];
    while let Some((row, column)) = open.pop() {
        let Some(sign) = lines.get(row).and_then(|line| line.get(column)).copied() else { continue };
        if frame[row][column] != ' ' {
            continue;
        }
        frame[row][column] = sign;
        let mut follow = |row: usize, column: usize, signs: [char; 3]| {
            if lines.get(row).and_then(|line| line.get(column)).is_some_and(|next| signs.contains(next)) {
                open.push((row, column));
            }
        };
        if sign != '|' {
            follow(row, column.wrapping_sub(1), ['-', '=', '+']);
            follow(row, column + 1, ['-', '=', '+']);
        }
        if matches!(sign, '|' | '+') {
            follow(row.wrapping_sub(1), column, ['|', '|', '+']);
            follow(row + 1, column, ['|', '|', '+']);
        }
    }
    frame
}

/// Returns the columns of vertical lines, which are at the corners of any rule.
fn find_edges(lines: &[Vec<char>]) -> Vec<usize> {
    let width = lines.first().map(Vec::len).unwrap_or_default();
    let mut is_edge = vec![false; width];
    for line in lines {
        let mut corner = None;
        for (at, c) in line.iter().enumerate().take(width) {
            match c {
                '+' => {
                    if let Some(left) = corner.replace(at).filter(|left| at - left > 1) {
                        is_edge[left] = true;
                        is_edge[at] = true;
                    }
                }
                '-' | '=' => {}
                _ => corner = None,
            }
        }
    }
    (0..width).filter(|at| is_edge[*at]).collect()
}

/// Whether a line is a rule between two vertical lines.
fn is_ruled(line: &[char], left: usize, right: usize) -> bool {
    let is_drawn = |c: &char| matches!(c, '-' | '=' | '+');
    let inner = line.get(left + 1..right).unwrap_or_default();
    !inner.is_empty()
        && inner.iter().all(|c| matches!(c, '-' | '='))
        && [left, right].iter().all(|at| line.get(*at).is_some_and(is_drawn))
}
