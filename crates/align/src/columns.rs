//! Which column holds what, judged by content where the header misleads.

use std::collections::BTreeMap;

use docdrift_model::{ErrorTable, Role};

use crate::alignment::Place;
use crate::words::{Likeness, Text, Vocabulary, code_key, compare};

/// So many rows tell what a column holds.
const SAMPLE: usize = 40;
/// Another column must be the same text on the other page this much more often to count as the message.
const CLEARLY: f64 = 0.15;
/// The share of rows that makes a column one of statuses.
const MOST: f64 = 0.8;

/// The columns of one table that are compared cell by cell; the others are compared as one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The HTTP status.
    pub(crate) status: Option<usize>,
    /// The error code.
    pub(crate) code: Option<usize>,
    /// The wire message.
    pub(crate) message: Option<usize>,
}

impl Columns {
    /// By role, but for a code column that holds statuses beside a status column that holds none: these change places.
    pub(crate) fn of(table: &ErrorTable) -> Self {
        let first = |role| table.roles.iter().position(|r| *r == role);
        let (status, code) = (first(Role::Status), first(Role::Code));
        let swapped = match (status, code) {
            (Some(s), Some(c)) => statuses(table, c) > MOST && statuses(table, s) < 1.0 - MOST,
            _ => false,
        };
        let (status, code) = if swapped { (code, status) } else { (status, code) };
        Self { status, code, message: first(Role::Message) }
    }

    fn holds_text(&self, column: usize) -> bool {
        ![self.status, self.code].contains(&Some(column))
    }
}

/// The cell of a row in a column; empty where there is none.
pub(crate) fn cell(row: &[String], column: Option<usize>) -> &str {
    column.and_then(|c| row.get(c)).map_or("", String::as_str)
}

fn statuses(table: &ErrorTable, column: usize) -> f64 {
    let cells = table.rows.iter().map(|row| code_key(cell(row, Some(column)))).filter(|key| !key.is_empty());
    let (mut all, mut status) = (0.0, 0.0);
    for key in cells.take(SAMPLE) {
        all += 1.0;
        if key.len() == 3 && key.parse().is_ok_and(|n: u16| (100..600).contains(&n)) {
            status += 1.0;
        }
    }
    if all > 0.0 { status / all } else { 0.0 }
}

/// Makes the columns that carry the same wire message on both pages the message columns. `anchors` are rows known to
/// document the same error; they are asked table by table.
pub(crate) fn agree_on_messages(
    (zh, en): (&[ErrorTable], &[ErrorTable]),
    zh_columns: &mut [Columns],
    en_columns: &mut [Columns],
    anchors: &[(Place, Place)],
) {
    let mut by_tables: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for ((zh_table, zh_row), (en_table, en_row)) in anchors {
        by_tables.entry((*zh_table, *en_table)).or_default().push((*zh_row, *en_row));
    }
    let mut tables: Vec<_> = by_tables.into_iter().collect();
    // The pair of tables with the most rows in common has the last word about either.
    tables.sort_by_key(|(tables, rows)| (rows.len(), *tables));
    for ((z, e), mut rows) in tables {
        rows.truncate(SAMPLE);
        if let Some((zh_message, en_message)) = same_text((&zh[z], &zh_columns[z]), (&en[e], &en_columns[e]), &rows) {
            zh_columns[z].message = Some(zh_message);
            en_columns[e].message = Some(en_message);
        }
    }
}

/// The two text columns that clearly have more in common than the two message columns.
fn same_text(
    (zh, zh_columns): (&ErrorTable, &Columns),
    (en, en_columns): (&ErrorTable, &Columns),
    rows: &[(usize, usize)],
) -> Option<(usize, usize)> {
    let likeness = |z: Option<usize>, e: Option<usize>| {
        let alike = |(i, j): &(usize, usize)| same_cell(cell(zh.rows.get(*i)?, z), cell(en.rows.get(*j)?, e));
        rows.iter().filter_map(alike).sum::<f64>() / f64::from(u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX))
    };
    let as_read = likeness(zh_columns.message, en_columns.message);
    let mut best = (as_read + CLEARLY, None);
    for z in (0..zh.header.len()).filter(|c| zh_columns.holds_text(*c)) {
        for e in (0..en.header.len()).filter(|c| en_columns.holds_text(*c)) {
            let found = likeness(Some(z), Some(e));
            if found > best.0 {
                best = (found, Some((z, e)));
            }
        }
    }
    best.1
}

fn same_cell(a: &str, b: &str) -> Option<f64> {
    let mut vocabulary = Vocabulary::default();
    let (a, b) = (Text::new(a, &mut vocabulary), Text::new(b, &mut vocabulary));
    match compare(&a, &b, &vocabulary) {
        Likeness::Same => Some(1.0),
        // A description often says what the message says in other words; only the same words are the same text.
        Likeness::Alike(share) => Some(share * share),
        _ => None,
    }
}
