//! Measures what the cells of a column are, as shares from 0 to 1.

use std::collections::HashSet;

use docdrift_model::text::{says_nothing, status_numbers};

use crate::lexicon::{
    cells::{CodeForm, has_han, is_flag, is_http_status, is_reason_phrase, is_sentence, is_status, is_type},
    headers,
    words::{is_error_name, reports_problem, reports_success},
};

/// The maximum number of sampled rows. The sample of a longer table is spread evenly over it, so that the cost does not
/// grow. 240 rows give each share to a few percent.
const MAX_SAMPLED: usize = 240;
/// The number of bytes of a cell that are inspected. A longer cell is prose in any case.
const MAX_INSPECTED_BYTES: usize = 400;

/// The profile of a column. Shares refer to the non-empty cells unless noted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Profile {
    /// The number of sampled cells.
    pub(crate) count: usize,
    /// The share of non-empty cells among all cells.
    pub(crate) filled: f64,
    /// The share of cells that can be codes.
    pub(crate) codes: f64,
    /// The mean weight of the cells as codes; see [`CodeForm::weight`].
    pub(crate) code_weight: f64,
    /// The share of cells that end in a number of three or more digits. Names of other things rarely do.
    pub(crate) numbered: f64,
    /// The share written as symbols with letters.
    pub(crate) symbols: f64,
    /// The share whose form hardly any word has; see [`CodeForm::looks_like_identifier`].
    pub(crate) identifiers: f64,
    /// The share of numbers of any length.
    pub(crate) numbers: f64,
    /// The share of different cells.
    pub(crate) unique: f64,
    /// The share of HTTP statuses.
    pub(crate) http_statuses: f64,
    /// The share of statuses as pages print them.
    pub(crate) statuses: f64,
    /// The share of cells that contain the number of an HTTP status.
    pub(crate) numbers_inside: f64,
    /// The share of names of HTTP statuses without a number.
    pub(crate) reason_phrases: f64,
    /// The share of sentences.
    pub(crate) sentences: f64,
    /// The share with Chinese characters.
    pub(crate) han: f64,
    /// The share that report success.
    pub(crate) success: f64,
    /// The share of numbers that count from 0 or 1, as the values of an enumeration do.
    pub(crate) counted: f64,
    /// The share that report a problem.
    pub(crate) trouble: f64,
    /// The share of codes named after errors.
    pub(crate) error_names: f64,
    /// The share of field types.
    pub(crate) types: f64,
    /// The share of yes or no answers.
    pub(crate) flags: f64,
    /// The share of single words that start with a lower-case letter.
    pub(crate) lower_words: f64,
    /// The share of paths or addresses.
    pub(crate) paths: f64,
    /// The share of words that head columns of error tables, as fields of a response do.
    pub(crate) field_names: f64,
    /// The share of the most frequent code shape.
    pub(crate) same_shape: f64,
}

impl Profile {
    /// Measures column `n` of the rows.
    pub(crate) fn measure_column(rows: &[Vec<String>], n: usize) -> Self {
        let step = rows.len().div_ceil(MAX_SAMPLED).max(1);
        let sampled = rows.iter().step_by(step);
        let total = sampled.len();
        let cells: Vec<&str> = sampled
            .filter_map(|row| row.get(n))
            .map(|cell| truncate_cell(cell))
            .filter(|cell| !says_nothing(cell))
            .collect();
        if cells.is_empty() {
            return Self::default();
        }
        #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
        let share =
            |test: &dyn Fn(&str) -> bool| cells.iter().filter(|cell| test(cell)).count() as f64 / cells.len() as f64;
        let forms: Vec<CodeForm> = cells.iter().map(|cell| CodeForm::parse(cell)).collect();
        #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
        let share_of_forms = |test: &dyn Fn(CodeForm) -> bool| {
            forms.iter().filter(|form| test(**form)).count() as f64 / forms.len() as f64
        };
        #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
        let count = cells.len() as f64;
        #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
        let different = cells.iter().collect::<HashSet<_>>().len() as f64;
        #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
        let filled = count / total as f64;
        let is_one_word = |cell: &str| !cell.contains(char::is_whitespace);
        Self {
            count: total,
            filled,
            codes: share_of_forms(&|form| form > CodeForm::None),
            code_weight: forms.iter().map(|form| form.weight()).sum::<f64>() / count,
            numbered: share(&is_numbered),
            symbols: share_of_forms(&|form| form == CodeForm::Symbol),
            identifiers: share_of_forms(&CodeForm::looks_like_identifier),
            numbers: share_of_forms(&|form| matches!(form, CodeForm::Number | CodeForm::SmallNumber)),
            unique: different / count,
            http_statuses: share(&is_http_status),
            statuses: share(&is_status),
            numbers_inside: share(&|cell| !status_numbers(cell).is_empty()),
            reason_phrases: share(&is_reason_phrase),
            sentences: share(&is_sentence),
            han: share(&has_han),
            success: share(&reports_success),
            counted: counted_share(&cells),
            trouble: share(&reports_problem),
            error_names: share(&|cell| is_one_word(cell) && is_error_name(cell)),
            types: share(&is_type),
            flags: share(&is_flag),
            lower_words: share(&|cell| is_one_word(cell) && cell.starts_with(|c: char| c.is_ascii_lowercase())),
            paths: share(&|cell| cell.contains("://") || (cell.starts_with('/') && is_one_word(cell))),
            field_names: share(&is_field_name),
            same_shape: same_shape_share(&cells),
        }
    }
}

/// Returns the beginning of a cell, cut at a character boundary.
fn truncate_cell(cell: &str) -> &str {
    cell.get(..cell.floor_char_boundary(MAX_INSPECTED_BYTES)).unwrap_or(cell)
}

/// The number of final digits that mark a code with letters. A bare number needs more, since shorter ones may be
/// line numbers of source text.
const MIN_NUMBER_DIGITS: usize = 3;
/// The number of digits that mark a code without letters.
const MIN_BARE_DIGITS: usize = 5;

fn is_numbered(cell: &str) -> bool {
    let digits = cell.bytes().rev().take_while(u8::is_ascii_digit).count();
    let least = if digits == cell.len() { MIN_BARE_DIGITS } else { MIN_NUMBER_DIGITS };
    digits >= least && !cell.contains(char::is_whitespace)
}

/// The maximum number of words of a field name. Longer texts are sentences.
const MAX_FIELD_NAME_WORDS: usize = 3;
/// The maximum length of a field name in bytes.
const MAX_FIELD_NAME_BYTES: usize = 40;

/// Whether a cell names a field that responses have beside the error. No code has such a name.
fn is_field_name(cell: &str) -> bool {
    let is_word = cell.split_whitespace().count() <= MAX_FIELD_NAME_WORDS && cell.len() <= MAX_FIELD_NAME_BYTES;
    is_word && headers::lookup_role(&cell.replace(['_', '-'], " ")).is_some()
}

/// Returns the share of cells that count from 0 or 1.
fn counted_share(cells: &[&str]) -> f64 {
    let first = cells.first().and_then(|cell| cell.trim().parse::<i64>().ok()).filter(|first| (0..=1).contains(first));
    let Some(first) = first else { return 0.0 };
    let in_turn = cells.iter().zip(first..).filter(|(cell, n)| cell.trim().parse() == Ok(*n)).count();
    #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
    let share = in_turn as f64 / cells.len() as f64;
    share
}

/// Returns the share of cells with the most frequent shape: letters, digits and joints in the same order.
fn same_shape_share(cells: &[&str]) -> f64 {
    let mut counts = std::collections::HashMap::new();
    for cell in cells {
        *counts.entry(code_shape(cell)).or_insert(0usize) += 1;
    }
    let most = counts.into_values().max().unwrap_or_default();
    #[allow(clippy::cast_precision_loss, reason = "counts of sampled cells are small")]
    let share = most as f64 / cells.len() as f64;
    share
}

/// The number of characters that determine the shape of a code. Codes are shorter; longer cells are prose.
const MAX_SHAPE_CHARS: usize = 60;

fn code_shape(cell: &str) -> String {
    let mut shape = String::new();
    for c in cell.chars().take(MAX_SHAPE_CHARS) {
        let kind = match c {
            c if c.is_ascii_digit() => '9',
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if !shape.ends_with(kind) || !kind.is_alphanumeric() {
            shape.push(kind);
        }
    }
    shape
}
