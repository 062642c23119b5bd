//! The rows of one page, prepared for comparison.

use std::collections::HashMap;

use docdrift_model::{ErrorTable, text, text::status_numbers};

use crate::alignment::RowPosition;
use crate::key_columns::{KeyColumns, cell};
use crate::overrides::CodeSpellings;
use crate::text::{Text, Vocabulary};

/// One row.
pub(crate) struct Row {
    /// Its position on the page.
    pub(crate) position: RowPosition,
    /// The code in half width with blanks folded.
    pub(crate) code: String,
    /// The folded code; empty if the row has none.
    pub(crate) key: String,
    /// The folded HTTP status.
    pub(crate) status: String,
    /// The numbers of the status, sorted.
    pub(crate) numbers: Vec<u16>,
    /// The wire message.
    pub(crate) message: Text,
    /// All cells except status, code and message.
    pub(crate) rest: Text,
    /// The wire message and the other cells together.
    pub(crate) all: Text,
}

/// All rows of one page in page order.
pub(crate) struct PageRows {
    /// The rows.
    pub(crate) rows: Vec<Row>,
    messages: HashMap<String, usize>,
    codes: HashMap<String, usize>,
}

impl PageRows {
    /// Reads the rows and counts their words.
    pub(crate) fn new(
        tables: &[ErrorTable],
        columns: &[KeyColumns],
        spellings: &CodeSpellings,
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let mut side = Self { rows: Vec::new(), messages: HashMap::new(), codes: HashMap::new() };
        for (t, (table, columns)) in tables.iter().zip(columns).enumerate() {
            for (r, cells) in table.rows.iter().enumerate() {
                let row = read_row((t, r), cells, *columns, spellings, vocabulary);
                *side.messages.entry(row.message.key.clone()).or_default() += 1;
                *side.codes.entry(row.key.clone()).or_default() += 1;
                side.rows.push(row);
            }
        }
        vocabulary.count_page(side.rows.iter().map(|row| &row.all));
        side
    }

    /// Returns the index of the row at a position.
    pub(crate) fn row_at(&self, position: RowPosition) -> Option<usize> {
        self.rows.binary_search_by_key(&position, |row| row.position).ok()
    }

    /// Counts the rows with this folded code.
    pub(crate) fn count_with_code(&self, key: &str) -> usize {
        self.codes.get(key).copied().unwrap_or(0)
    }

    /// Counts the rows with this wire message.
    pub(crate) fn count_with_message(&self, message: &Text) -> usize {
        self.messages.get(&message.key).copied().unwrap_or(0)
    }
}

fn read_row(
    position: RowPosition,
    cells: &[String],
    columns: KeyColumns,
    spellings: &CodeSpellings,
    vocabulary: &mut Vocabulary,
) -> Row {
    let (status, code) = (cell(cells, columns.status), cell(cells, columns.code));
    let mut numbers = status_numbers(status);
    numbers.sort_unstable();
    let used = [columns.status, columns.code, columns.message];
    let rest = cells.iter().enumerate().filter(|(c, _)| !used.contains(&Some(*c))).map(|(_, text)| text.as_str());
    let rest = rest.collect::<Vec<_>>().join("\n");
    let message = cell(cells, columns.message);
    let (message, rest) = (Text::new(message, vocabulary), Text::new(&rest, vocabulary));
    Row {
        position,
        code: text::tidy(&text::half_width(code)),
        key: spellings.code_key(code),
        status: text::fold(status),
        numbers,
        all: message.join(&rest),
        message,
        rest,
    }
}
