//! Tables drawn otherwise than a row an error: those whose header words stand in the first column, one small table an
//! error, and those whose header is a table of its own above the rows.

use std::sync::LazyLock;

use docdrift_model::Role;
use regex::Regex;

use crate::{
    cell::{is_code, is_marked},
    classify::header_score,
    read::{Block, RawTable},
    vocabulary::{self, Strength},
};

/// What stands beside a field of an answer.
static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    let types = "u?int(?:eger)?|long|float|double|decimal|number|bigint|string|str|(?:var)?char|text|bool(?:ean)?";
    Regex::new(&format!(r"(?i)^(?:{types})\s*[0-9]*\s*(?:[(\[<][0-9]*[)\]>])?$")).expect("a valid pattern")
});

/// Tables that were turned have no more columns.
const MAX_LABELS: usize = 24;

/// The blocks with such tables turned into tables of a row an error.
pub(crate) fn straighten(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    // Where the last table stands among `out`, and what became of it.
    let mut last: Option<(usize, Last)> = None;
    for block in blocks {
        let Block::Table(table) = block else {
            if matches!(last, Some((_, Last::Header))) && matches!(block, Block::Heading(..)) {
                last = None;
            }
            out.push(block);
            continue;
        };
        let before = last.as_ref().and_then(|(at, kind)| Some((kind, out.get_mut(*at)?)));
        match (turned(&table), before) {
            (Some(record), Some((Last::Turned, Block::Table(open)))) if has_room(open) => append(open, record),
            (Some(record), _) => {
                last = Some((out.len(), Last::Turned));
                out.push(Block::Table(record));
            }
            (None, Some((Last::Header, Block::Table(header)))) if goes_under(header, &table) => {
                put_under(header, table);
                last = None;
            }
            (None, _) => {
                last = is_header_alone(&table).then_some((out.len(), Last::Header));
                out.push(Block::Table(table));
            }
        }
    }
    out
}

enum Last {
    /// A table that was turned.
    Turned,
    /// A header without rows.
    Header,
}

/// A table of two columns whose first holds header words, turned into a header and one row. The code and two more have
/// to be among them.
fn turned(table: &RawTable) -> Option<RawTable> {
    let is_pair = |row: &Vec<String>| matches!(&row[..], [label, value] if label != value);
    if table.rows.len() < 3 || table.rows.len() > 16 || !table.rows.iter().all(is_pair) {
        return None;
    }
    let is_of_fields = vocabulary::is_of_other_table(&table.rows[0][0]);
    if is_of_fields || table.rows.iter().any(|row| is_type(&row[1])) {
        return None;
    }
    let named: Vec<Option<(Role, Strength)>> = table.rows.iter().map(|row| vocabulary::role(&row[0])).collect();
    let code = named.iter().position(|role| *role == Some((Role::Code, Strength::Sure)))?;
    let value = &table.rows[code][1];
    let is_told = named.iter().flatten().count() >= 3 && named.iter().flatten().count() * 2 > table.rows.len();
    // The value of a label is no label itself: that would be a header of two words.
    let has_form = value.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase());
    let is_value = is_code(value) && is_marked(value) && has_form && vocabulary::role(value).is_none();
    let (labels, values) = table.rows.iter().map(|row| (row[0].clone(), row[1].clone())).unzip();
    (is_told && is_value).then(|| RawTable {
        caption: table.caption.clone(),
        head: 1,
        rows: vec![labels, values],
        ..RawTable::default()
    })
}

/// Whether the text is the type of a field.
pub(crate) fn is_type(text: &str) -> bool {
    TYPE.is_match(text)
}

/// Whether the table has no more columns than any real one: each new label makes another.
fn has_room(table: &RawTable) -> bool {
    table.rows.first().is_some_and(|header| header.len() < MAX_LABELS)
}

/// Puts the row of `record` under the table, a label that is new making a column.
fn append(table: &mut RawTable, record: RawTable) {
    let mut rows = record.rows.into_iter();
    let (Some(labels), Some(values)) = (rows.next(), rows.next()) else { return };
    let Some(header) = table.rows.first_mut() else { return };
    let mut row = vec![String::new(); header.len()];
    for (label, value) in labels.into_iter().zip(values) {
        if let Some(column) = header.iter().position(|known| *known == label) {
            row[column] = value;
        } else {
            header.push(label);
            row.push(value);
        }
    }
    table.rows.push(row);
}

/// A header of error codes with no row below it, as pages have it that keep their header in view.
fn is_header_alone(table: &RawTable) -> bool {
    table.rows.len() == 1 && table.inner.is_empty() && header_score(&table.rows[0]).is_some_and(|(roles, _)| roles > 1)
}

/// Whether the table has the rows for that header, and no header of its own.
fn goes_under(header: &RawTable, table: &RawTable) -> bool {
    let width = header.rows.first().map_or(0, Vec::len);
    let is_free = table.head == 0 && table.caption.is_none() && table.inner.is_empty();
    is_free
        && table.rows.first().is_some_and(|row| row.len() == width)
        && table.rows.iter().take(2).all(|row| header_score(row).is_none())
}

fn put_under(header: &mut RawTable, table: RawTable) {
    let head = header.rows.len();
    header.rows.extend(table.rows);
    header.across = table.across.map(|rows| rows.into_iter().map(|row| row + head).collect());
    header.uncertain = table.uncertain.into_iter().map(|(row, why)| (row + head, why)).collect();
}
