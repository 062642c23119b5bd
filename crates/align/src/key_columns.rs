//! Determines the columns of a table, by content if a header is misleading.

use std::collections::BTreeMap;

use docdrift_model::{ErrorTable, Role};

use crate::alignment::RowPosition;
use crate::text::{Likeness, Text, Vocabulary, code_key, compare_texts};

/// The number of rows inspected to determine the content of a column. Columns are uniform; more rows change no answer.
const MAX_SAMPLED_ROWS: usize = 40;
/// The minimum lead of another column pair over the headed message columns, as a mean similarity (0 to 1). Descriptions
/// repeat parts of the message, so a small lead proves nothing.
const MIN_MESSAGE_LEAD: f64 = 0.15;
/// The share of HTTP statuses above which a column is a status column. Below one minus this share it is not.
/// Application codes of three digits fall in between.
const MIN_STATUS_SHARE: f64 = 0.8;

/// The columns of one table that are compared cell by cell. The other columns are compared as one text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyColumns {
    /// The HTTP status.
    pub(crate) status: Option<usize>,
    /// The error code.
    pub(crate) code: Option<usize>,
    /// The wire message.
    pub(crate) message: Option<usize>,
}

impl KeyColumns {
    /// Determines the columns by role. Swaps code and status if the code column holds statuses and the status column
    /// holds none.
    pub(crate) fn from_table(table: &ErrorTable) -> Self {
        let first = |role| table.roles.iter().position(|r| *r == role);
        let (status, code) = (first(Role::Status), first(Role::Code));
        let swapped = match (status, code) {
            (Some(s), Some(c)) => {
                status_share(table, c) > MIN_STATUS_SHARE && status_share(table, s) < 1.0 - MIN_STATUS_SHARE
            }
            _ => false,
        };
        let (status, code) = if swapped { (code, status) } else { (status, code) };
        Self { status, code, message: first(Role::Message) }
    }

    fn holds_text(&self, column: usize) -> bool {
        ![self.status, self.code].contains(&Some(column))
    }
}

/// Returns the cell of a row in a column, or an empty text.
pub(crate) fn cell(row: &[String], column: Option<usize>) -> &str {
    column.and_then(|c| row.get(c)).map_or("", String::as_str)
}

fn status_share(table: &ErrorTable, column: usize) -> f64 {
    let cells = table.rows.iter().map(|row| code_key(cell(row, Some(column)))).filter(|key| !key.is_empty());
    let (mut all, mut status) = (0.0, 0.0);
    for key in cells.take(MAX_SAMPLED_ROWS) {
        all += 1.0;
        if key.len() == 3 && key.parse().is_ok_and(|n: u16| (100..600).contains(&n)) {
            status += 1.0;
        }
    }
    if all > 0.0 { status / all } else { 0.0 }
}

/// Makes the columns with the same wire message on both pages the message columns. `anchors` are rows known to document
/// the same error; they are evaluated for each pair of tables.
pub(crate) fn agree_on_messages(
    (zh, en): (&[ErrorTable], &[ErrorTable]),
    zh_columns: &mut [KeyColumns],
    en_columns: &mut [KeyColumns],
    anchors: &[(RowPosition, RowPosition)],
) {
    let mut by_tables: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for ((zh_table, zh_row), (en_table, en_row)) in anchors {
        by_tables.entry((*zh_table, *en_table)).or_default().push((*zh_row, *en_row));
    }
    let mut tables: Vec<_> = by_tables.into_iter().collect();
    // The pair of tables with the most common rows decides last.
    tables.sort_by_key(|(tables, rows)| (rows.len(), *tables));
    for ((z, e), mut rows) in tables {
        rows.truncate(MAX_SAMPLED_ROWS);
        if let Some((zh_message, en_message)) =
            find_shared_text_columns((&zh[z], &zh_columns[z]), (&en[e], &en_columns[e]), &rows)
        {
            zh_columns[z].message = Some(zh_message);
            en_columns[e].message = Some(en_message);
        }
    }
}

/// Returns the two text columns that have clearly more in common than the two message columns.
fn find_shared_text_columns(
    (zh, zh_columns): (&ErrorTable, &KeyColumns),
    (en, en_columns): (&ErrorTable, &KeyColumns),
    rows: &[(usize, usize)],
) -> Option<(usize, usize)> {
    let similarity = |z: Option<usize>, e: Option<usize>| {
        let row_similarity =
            |(i, j): &(usize, usize)| cell_similarity(cell(zh.rows.get(*i)?, z), cell(en.rows.get(*j)?, e));
        rows.iter().filter_map(row_similarity).sum::<f64>()
            / f64::from(u32::try_from(rows.len().max(1)).unwrap_or(u32::MAX))
    };
    let headed = similarity(zh_columns.message, en_columns.message);
    let mut best = (headed + MIN_MESSAGE_LEAD, None);
    for z in (0..zh.header.len()).filter(|c| zh_columns.holds_text(*c)) {
        for e in (0..en.header.len()).filter(|c| en_columns.holds_text(*c)) {
            let found = similarity(Some(z), Some(e));
            if found > best.0 {
                best = (found, Some((z, e)));
            }
        }
    }
    best.1
}

fn cell_similarity(a: &str, b: &str) -> Option<f64> {
    let mut vocabulary = Vocabulary::default();
    let (a, b) = (Text::new(a, &mut vocabulary), Text::new(b, &mut vocabulary));
    match compare_texts(&a, &b, &vocabulary) {
        Likeness::Same => Some(1.0),
        // A description often paraphrases the message. Squaring prefers columns with the same words.
        Likeness::Alike(share) => Some(share * share),
        _ => None,
    }
}
