//! Tables in text without any drawing: one cell a line, or one row a line with blanks between the cells. What the
//! cells are tells where a row starts, so the vocabulary of header words is needed to read at all.

use docdrift_model::{Role, text::tidy};

use super::RawTable;
use crate::{
    cell::{is_code, is_status},
    vocabulary::{self, Strength},
};

/// Rows more lines apart than so many times their cells belong to different tables, or to none.
const MAX_GAP: usize = 4;
/// Table headers have no more columns.
const MAX_COLUMNS: usize = 10;

/// The undrawn table whose header starts at line `at`, and the first line after it.
pub(super) fn find(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    one_cell_a_line(lines, at).or_else(|| one_row_a_line(lines, at))
}

fn one_cell_a_line(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let (header, roles, body) = header_lines(lines, at)?;
    let cells: Vec<(usize, String)> =
        (body..lines.len()).map(|n| (n, tidy(lines[n]))).filter(|(_, text)| !text.is_empty()).collect();
    let starts = row_starts(&cells, &roles);
    if starts.first() != Some(&0) {
        return None;
    }
    let columns = header.len();
    let mut table = RawTable { head: 1, rows: vec![header], ..RawTable::default() };
    let mut end = body;
    for (n, start) in starts.iter().enumerate() {
        let is_last = n + 1 == starts.len();
        let next = starts.get(n + 1).copied().unwrap_or(cells.len().min(start + columns));
        let mut row: Vec<String> = cells[*start..next].iter().map(|(_, text)| text.clone()).collect();
        if row.len() != columns {
            let why = format!("it stands in {} lines where {columns} cells were expected", row.len());
            table.uncertain.push((table.rows.len(), why));
        }
        if row.len() > columns {
            let last = row.split_off(columns - 1).join("\n");
            row.push(last);
        }
        row.resize(columns, String::new());
        table.rows.push(row);
        end = cells[next - 1].0 + 1;
        if is_last {
            break;
        }
    }
    Some((table, end))
}

/// Header cells from `at` on, a line each, their roles, and the line of the first cell below.
fn header_lines(lines: &[&str], at: usize) -> Option<(Vec<String>, Vec<Role>, usize)> {
    let (mut header, mut roles, mut body) = (Vec::new(), Vec::new(), at);
    for (n, line) in lines.iter().enumerate().skip(at) {
        let text = tidy(line);
        if text.is_empty() && !header.is_empty() {
            continue;
        }
        let Some((role, _)) = vocabulary::role(&text) else { break };
        header.push(text);
        roles.push(role);
        body = n + 1;
        if header.len() == MAX_COLUMNS {
            break;
        }
    }
    (header.len() > 1 && roles.contains(&Role::Code)).then_some((header, roles, body))
}

/// The cells that begin a row: where the status column has a status and the code column a code. They must follow one
/// another closely.
fn row_starts(cells: &[(usize, String)], roles: &[Role]) -> Vec<usize> {
    let status = roles.iter().position(|role| *role == Role::Status);
    let code = roles.iter().position(|role| *role == Role::Code);
    let is_start = |at: usize| {
        let cell = |column: usize| cells.get(at + column).map_or("", |(_, text)| text.as_str());
        code.is_some_and(|column| is_code(cell(column))) && status.is_none_or(|column| is_status(cell(column)))
    };
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < cells.len() {
        let last = starts.last().copied();
        if last.is_some_and(|last| at - last > MAX_GAP * roles.len()) {
            break;
        }
        // Without a status, prose of one word looks like a code: rows are then as long as the header, to the line.
        if status.is_none() && !is_start(at) {
            break;
        }
        if is_start(at) {
            starts.push(at);
            at += if status.is_none() { roles.len() } else { 2 };
        } else {
            at += 1;
        }
    }
    starts
}

/// A header such as `Error Code Description`, then a row a line: the code, a blank, the text.
fn one_row_a_line(lines: &[&str], at: usize) -> Option<(RawTable, usize)> {
    let header = split_header(&tidy(lines[at]))?;
    let mut table = RawTable { head: 1, rows: vec![header], ..RawTable::default() };
    let mut end = at + 1;
    for (n, line) in lines.iter().enumerate().skip(at + 1) {
        let text = tidy(line);
        let Some((code, rest)) = text.split_once(' ').filter(|(code, _)| is_code(code)) else {
            if text.is_empty() && table.rows.len() == 1 {
                continue;
            }
            break;
        };
        table.rows.push(vec![code.to_owned(), rest.trim_start().to_owned()]);
        end = n + 1;
    }
    (table.rows.len() > 1).then_some((table, end))
}

/// The two header words that a line is made of, the first naming the code.
fn split_header(line: &str) -> Option<Vec<String>> {
    line.match_indices(' ').find_map(|(at, _)| {
        let (first, second) = (&line[..at], &line[at + 1..]);
        let is_code =
            vocabulary::role(first).is_some_and(|(role, strength)| role == Role::Code && strength == Strength::Sure);
        let is_text =
            vocabulary::role(second).is_some_and(|(role, _)| matches!(role, Role::Description | Role::Message));
        (is_code && is_text).then(|| vec![first.to_owned(), second.to_owned()])
    })
}
