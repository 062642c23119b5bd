//! The rows of one page, ready to be compared.

use std::collections::HashMap;

use docdrift_model::{ErrorTable, status_numbers, text};

use crate::alignment::Place;
use crate::columns::{Columns, cell};
use crate::decisions::Spellings;
use crate::words::{Text, Vocabulary};

/// One row.
pub(crate) struct Row {
    /// Where it stands.
    pub(crate) place: Place,
    /// The code in half width, blanks folded.
    pub(crate) code: String,
    /// The code folded; empty where the row has none.
    pub(crate) key: String,
    /// The HTTP status folded.
    pub(crate) status: String,
    /// The numbers in it, sorted.
    pub(crate) numbers: Vec<u16>,
    /// The wire message.
    pub(crate) message: Text,
    /// All other cells but status and code.
    pub(crate) rest: Text,
    /// The wire message and the other cells together.
    pub(crate) all: Text,
}

/// All rows of one page in page order.
pub(crate) struct Side {
    /// The rows.
    pub(crate) rows: Vec<Row>,
    messages: HashMap<String, usize>,
    codes: HashMap<String, usize>,
}

impl Side {
    /// Reads the rows and counts their words.
    pub(crate) fn new(
        tables: &[ErrorTable],
        columns: &[Columns],
        spellings: &Spellings,
        vocabulary: &mut Vocabulary,
    ) -> Self {
        let mut side = Self { rows: Vec::new(), messages: HashMap::new(), codes: HashMap::new() };
        for (t, (table, columns)) in tables.iter().zip(columns).enumerate() {
            for (r, cells) in table.rows.iter().enumerate() {
                let row = read((t, r), cells, *columns, spellings, vocabulary);
                *side.messages.entry(row.message.key.clone()).or_default() += 1;
                *side.codes.entry(row.key.clone()).or_default() += 1;
                side.rows.push(row);
            }
        }
        vocabulary.count(side.rows.iter().map(|row| &row.all));
        side
    }

    /// The index of the row at a place.
    pub(crate) fn at(&self, place: Place) -> Option<usize> {
        self.rows.binary_search_by_key(&place, |row| row.place).ok()
    }

    /// How many rows have this code, as folded.
    pub(crate) fn with_code(&self, key: &str) -> usize {
        self.codes.get(key).copied().unwrap_or(0)
    }

    /// How many rows have this wire message.
    pub(crate) fn with_message(&self, message: &Text) -> usize {
        self.messages.get(&message.key).copied().unwrap_or(0)
    }
}

fn read(place: Place, cells: &[String], columns: Columns, spellings: &Spellings, vocabulary: &mut Vocabulary) -> Row {
    let (status, code) = (cell(cells, columns.status), cell(cells, columns.code));
    let mut numbers = status_numbers(status);
    numbers.sort_unstable();
    let taken = [columns.status, columns.code, columns.message];
    let rest = cells.iter().enumerate().filter(|(c, _)| !taken.contains(&Some(*c))).map(|(_, text)| text.as_str());
    let rest = rest.collect::<Vec<_>>().join("\n");
    let message = cell(cells, columns.message);
    let (message, rest) = (Text::new(message, vocabulary), Text::new(&rest, vocabulary));
    Row {
        place,
        code: text::tidy(&text::half_width(code)),
        key: spellings.key(code),
        status: text::fold(status),
        numbers,
        all: message.join(&rest),
        message,
        rest,
    }
}
