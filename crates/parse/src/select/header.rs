//! Finds the header row of a table.

use crate::{
    lexicon::{
        Strength,
        cells::{CodeForm, is_sentence},
        headers,
    },
    recover::Candidate,
    syntax::block::RawTable,
};

/// The number of first rows searched for the header. A title row and a row of group names may come before it.
const MAX_HEADER_ROWS: usize = 4;
/// The minimum score of a header below other rows: it must name about two columns with weak words.
const MIN_LOWER_SCORE: f64 = 1.2;
/// The maximum length of a header cell in characters. Longer cells are sentences.
const MAX_HEADER_CHARS: usize = 60;

/// The number of rows below a possible header that are compared with it.
const MAX_ROWS_BELOW: usize = 8;
/// What a sure header word adds to the score of a header row.
const SURE_WORD: f64 = 1.0;
/// What a weak header word adds: two of them make a header below other rows.
const WEAK_WORD: f64 = 0.6;
/// What a header word of another kind of table adds. Such a row is a header as well, though not of errors.
const FOREIGN_WORD: f64 = 0.5;
/// What a guess adds, which is little, since cells may contain the word.
const GUESSED_WORD: f64 = 0.2;
/// What a code takes from the score of a header row: as much as a weak word adds.
const CODE_COST: f64 = 0.6;
/// What a sentence takes: less than a code, since a header may have an explanation.
const SENTENCE_COST: f64 = 0.4;
/// What a long text takes, which no header has.
const LONG_CELL_COST: f64 = 1.0;

/// Returns the header row of a candidate, or `None` for a table without a header.
pub(super) fn find_header(candidate: &Candidate<'_>) -> Option<usize> {
    let table = candidate.table.as_ref();
    if candidate.is_list {
        return Some(0);
    }
    let marked = table.head.min(table.rows.len());
    let best = |rows: std::ops::Range<usize>| {
        let scored = rows.filter(|n| *n + 1 < table.rows.len() && !is_title_row(table, *n) || table.rows.len() == 1);
        let scored = scored.map(|n| (n, header_score(&table.rows[n])));
        let scored: Vec<(usize, f64)> = scored.collect();
        let scored = scored.into_iter();
        scored.rev().max_by(|a, b| a.1.total_cmp(&b.1))
    };
    if marked > 0 {
        // A marked header is the header regardless of the rows below, unless it is only a title.
        if let Some((at, _)) = best(0..marked) {
            return Some(at);
        }
    }
    let within = table.rows.len().min(MAX_HEADER_ROWS.max(marked));
    let (at, score) = best(0..within)?;
    match () {
        () if score > 0.0 && (at == 0 || score >= MIN_LOWER_SCORE) => Some(at),
        () if marked > 0 => Some(marked - 1),
        () => looks_like_header(table).then_some(0),
    }
}

/// Scores a row as the header of an error table: known words count for it, content of ordinary rows against it.
fn header_score(row: &[String]) -> f64 {
    let mut score = 0.0;
    let mut before = None;
    for cell in row {
        // A span repeats its cell.
        if before == Some(cell) {
            continue;
        }
        before = Some(cell);
        score += cell_score(cell);
    }
    score
}

fn cell_score(cell: &str) -> f64 {
    if cell.is_empty() || cell.chars().count() > MAX_HEADER_CHARS {
        return if cell.is_empty() { 0.0 } else { -LONG_CELL_COST };
    }
    // `TYPE_NOT_FOUND` is a code, although it consists of header words.
    let is_symbol = || CodeForm::parse(cell) == CodeForm::Symbol && cell.contains(['_', '.', ':', '(']);
    let named = headers::interpret_header(cell);
    if !matches!(named, Some((_, Strength::Sure))) && is_symbol() {
        return -CODE_COST;
    }
    match named {
        Some((_, Strength::Sure)) => SURE_WORD,
        Some((_, Strength::Weak)) => WEAK_WORD,
        _ if is_sentence(cell) => -SENTENCE_COST,
        _ if headers::belongs_to_other_table(cell) => FOREIGN_WORD,
        Some((_, Strength::Guess)) => GUESSED_WORD,
        None if CodeForm::parse(cell) >= CodeForm::Number => -CODE_COST,
        None => 0.0,
    }
}

/// Whether a row is empty or one text across the table: a title rather than a header.
fn is_title_row(table: &RawTable, at: usize) -> bool {
    let row = &table.rows[at];
    let is_across = table.across.as_ref().is_some_and(|across| across.binary_search(&at).is_ok());
    is_across || (row.len() > 1 && row.iter().all(|cell| *cell == row[0]))
}

/// Whether the first row of a table without a marked header differs from the rows below as headers do: short words
/// above codes or sentences.
fn looks_like_header(table: &RawTable) -> bool {
    let [first, rows @ ..] = &table.rows[..] else { return false };
    let below: Vec<&Vec<String>> = rows.iter().take(MAX_ROWS_BELOW).collect();
    let is_short = |cell: &String| cell.chars().count() <= MAX_HEADER_CHARS && CodeForm::parse(cell) < CodeForm::Number;
    let differs = |n: usize| {
        let codes = below.iter().filter(|row| row.get(n).is_some_and(|cell| CodeForm::parse(cell) >= CodeForm::Number));
        codes.count() * 2 > below.len()
    };
    below.len() > 1
        && first.len() > 1
        && first.iter().all(|cell| is_short(cell) && !is_sentence(cell))
        && (0..first.len()).any(differs)
}
