//! Proposes tables as they stand on the page, and the tables inside their cells. Some pages keep the header in view
//! with a table of its own; it is joined with the rows that follow.

use std::borrow::Cow;

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::headers,
    syntax::block::{Content, RawTable},
};

/// The maximum number of proposed tables inside the cells of a table.
const MAX_INNER: usize = 500;

/// Proposes each table of the section.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let mut open_header: Option<(usize, &RawTable)> = None;
    for at in section.own.clone() {
        let Content::Table(table) = &outline.blocks[at].content else { continue };
        match open_header.take() {
            Some((start, header)) if fits_under(header, table) => {
                found.push(Candidate::new(section, start..at + 1, Cow::Owned(join_under(header, table))));
            }
            _ => push_with_inner(section, at, table, &mut found),
        }
        if is_header_alone(table) {
            open_header = Some((at, table));
        }
    }
    found
}

fn push_with_inner<'a>(section: &Section, at: usize, table: &'a RawTable, found: &mut Vec<Candidate<'a>>) {
    found.push(Candidate::new(section, at..at + 1, Cow::Borrowed(table)));
    let mut inner: Vec<&RawTable> = table.inner.iter().rev().collect();
    let mut count = 0;
    while let Some(table) = inner.pop().filter(|_| count < MAX_INNER) {
        count += 1;
        found.push(Candidate { is_inner: true, ..Candidate::new(section, at..at + 1, Cow::Borrowed(table)) });
        inner.extend(table.inner.iter().rev());
    }
}

/// Whether the table is the header of an error table without rows.
fn is_header_alone(table: &RawTable) -> bool {
    let [header] = &table.rows[..] else { return false };
    table.inner.is_empty() && header.len() > 1 && header.iter().all(|cell| headers::lookup_role(cell).is_some())
}

/// Whether the table has the rows for that header, and no header of its own.
fn fits_under(header: &RawTable, table: &RawTable) -> bool {
    let width = header.rows.first().map_or(0, Vec::len);
    let names_roles = |row: &Vec<String>| row.iter().any(|cell| headers::lookup_role(cell).is_some());
    let is_free = table.head == 0 && table.caption.is_none() && table.inner.is_empty();
    is_free && table.rows.first().is_some_and(|row| row.len() == width) && !table.rows.iter().take(2).any(names_roles)
}

fn join_under(header: &RawTable, table: &RawTable) -> RawTable {
    let head = header.rows.len();
    RawTable {
        caption: header.caption.clone(),
        head,
        rows: header.rows.iter().chain(&table.rows).cloned().collect(),
        inner: Vec::new(),
        across: table.across.as_ref().map(|rows| rows.iter().map(|row| row + head).collect()),
        uncertain: table.uncertain.iter().map(|(row, why)| (row + head, why.clone())).collect(),
    }
}
