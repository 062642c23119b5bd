//! Transposes tables with header words in the first column, each about one error, and joins them under one header.

use std::{borrow::Cow, ops::Range};

use docdrift_model::Role;

use super::{Candidate, Outline, Section};
use crate::{
    lexicon::{
        Strength,
        cells::{is_code, is_type, looks_like_identifier},
        headers,
    },
    syntax::block::{Content, RawTable},
};

/// The number of rows of a table about one error: a code and at least two texts, and no more labels than an error has.
const RECORD_ROWS: std::ops::RangeInclusive<usize> = 3..=16;
/// The minimum number of labels: the code and two more. Two labels may be a header of two words.
const MIN_LABELS: usize = 3;
/// The maximum number of columns of a transposed table.
const MAX_LABELS: usize = 24;

/// Proposes the transposed tables of the section, and of its subsections if none has more than one.
pub(super) fn propose<'a>(outline: &Outline<'a>, section: &Section) -> Vec<Candidate<'a>> {
    let own = find_records(outline, section.own.clone());
    let whole = find_records(outline, section.whole.clone());
    let is_heading = |at: usize| matches!(outline.blocks[at].content, Content::Heading { .. });
    let is_apart = whole.windows(2).all(|pair| (pair[0].0..pair[1].0).any(is_heading));
    let chosen = if whole.len() > own.len() && is_apart { whole } else { own };
    join_records(section, chosen).into_iter().collect()
}

/// Returns the tables about one error each among the blocks, transposed into a header and a row.
fn find_records(outline: &Outline<'_>, range: Range<usize>) -> Vec<(usize, RawTable)> {
    let record = |at: usize| match &outline.blocks[at].content {
        Content::Table(table) => Some((at, transpose_record(table)?)),
        _ => None,
    };
    range.filter_map(record).collect()
}

/// Joins the rows of all records under one header.
fn join_records<'a>(section: &Section, records: Vec<(usize, RawTable)>) -> Option<Candidate<'a>> {
    let blocks: Vec<Range<usize>> = records.iter().map(|(at, _)| *at..at + 1).collect();
    let mut records = records.into_iter().map(|(_, record)| record);
    let mut joined = records.next()?;
    for record in records {
        append_record(&mut joined, record);
    }
    Some(Candidate { blocks, ..Candidate::new(section, 0..0, Cow::Owned(joined)) })
}

/// Transposes a table of two columns with header words in the first into a header and one row. The code and two more
/// words are required.
fn transpose_record(table: &RawTable) -> Option<RawTable> {
    let is_pair = |row: &Vec<String>| matches!(&row[..], [label, value] if label != value);
    if !RECORD_ROWS.contains(&table.rows.len()) || !table.rows.iter().all(is_pair) {
        return None;
    }
    let is_of_fields = headers::belongs_to_other_table(&table.rows[0][0]);
    if is_of_fields || table.rows.iter().any(|row| is_type(&row[1])) {
        return None;
    }
    let named: Vec<Option<(Role, Strength)>> = table.rows.iter().map(|row| headers::lookup_role(&row[0])).collect();
    let code = named.iter().position(|role| *role == Some((Role::Code, Strength::Sure)))?;
    let value = &table.rows[code][1];
    let is_record =
        named.iter().flatten().count() >= MIN_LABELS && named.iter().flatten().count() * 2 > table.rows.len();
    // A value that is a header word itself belongs to a header of two words.
    let has_form = value.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
    let is_value = is_code(value) && looks_like_identifier(value) && has_form && headers::lookup_role(value).is_none();
    let (labels, values) = table.rows.iter().map(|row| (row[0].clone(), row[1].clone())).unzip();
    (is_record && is_value).then(|| RawTable {
        caption: table.caption.clone(),
        head: 1,
        rows: vec![labels, values],
        ..RawTable::default()
    })
}

/// Appends the row of `record` to the table. A new label makes a column while there is room.
fn append_record(table: &mut RawTable, record: RawTable) {
    let mut rows = record.rows.into_iter();
    let (Some(labels), Some(values)) = (rows.next(), rows.next()) else { return };
    let Some(header) = table.rows.first_mut() else { return };
    let mut row = vec![String::new(); header.len()];
    for (label, value) in labels.into_iter().zip(values) {
        match header.iter().position(|known| *known == label) {
            Some(column) => row[column] = value,
            None if header.len() < MAX_LABELS => {
                header.push(label);
                row.push(value);
            }
            None => row.last_mut().into_iter().for_each(|cell| *cell = format!("{cell}\n{label}: {value}")),
        }
    }
    table.rows.push(row);
}
