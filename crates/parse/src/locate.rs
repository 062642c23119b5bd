//! Finds known codes on a page, even in text that is not read as an error table.

use std::collections::{BTreeSet, HashSet};

use docdrift_model::{Page, ReadRules, read_rules::ReadHints, trace::TracedCandidate, vendor::vendor_of_page};

use crate::{
    decode, hints,
    reader::with_candidates,
    recover::Outline,
    select::{CandidateNames, Evaluated, Verdict},
    syntax::embedded,
    trace,
};

/// A column is returned if it holds at least one in this many of the codes in the text. A column with fewer holds them
/// by chance.
const MIN_SHARE_OF_TEXT: usize = 10;
/// The maximum number of codes of several words that are searched for, since each costs a search of the whole page.
const MAX_PHRASES: usize = 100;

/// Where codes are on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeLocation {
    /// The number of codes found there.
    pub found: usize,
    /// The column that holds them; `None` if they are only in the text.
    pub column: Option<CodeColumn>,
}

/// A column of a candidate table.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeColumn {
    /// The index of the column, from zero.
    pub index: usize,
    /// The table, with the decision on it.
    pub candidate: TracedCandidate,
    /// Hints that would make the reader read the codes; `None` if no hint can name the table.
    pub hints: Option<ReadHints>,
}

/// Finds the column with most of `codes` among those that are not read as a code column. If there is none, counts the
/// codes in the text. Returns `None` if no code is on the page.
pub fn locate_codes(page: &Page, rules: &ReadRules, codes: &BTreeSet<String>) -> Option<CodeLocation> {
    let (text, _) = decode::decode(page);
    let hints = hints::add_vendor_words(&rules.hints, vendor_of_page(&rules.vendors, &page.url, &text));
    let mut best = best_column(&text, &hints, codes);
    for document in embedded::find_documents(&text) {
        let found = best_column(&document.text, &hints, codes);
        // The visible page is preferred to a copy in a script's data.
        if found_count(found.as_ref()) > found_count(best.as_ref()) {
            best = found.map(|location| location.in_script(&document.place));
        }
    }
    let in_text = count_in_text(&text, codes);
    let is_enough = |location: &CodeLocation| location.found * MIN_SHARE_OF_TEXT >= in_text;
    best.filter(is_enough).or_else(|| (in_text > 0).then_some(CodeLocation { found: in_text, column: None }))
}

fn found_count(location: Option<&CodeLocation>) -> usize {
    location.map_or(0, |location| location.found)
}

impl CodeLocation {
    fn in_script(mut self, place: &str) -> Self {
        if let Some(column) = &mut self.column {
            column.candidate.script = Some(place.to_owned());
            column.candidate.lines = None;
        }
        self
    }
}

fn best_column(text: &str, hints: &ReadHints, codes: &BTreeSet<String>) -> Option<CodeLocation> {
    with_candidates(text, hints, |outline, evaluated| {
        let counted = evaluated.iter().enumerate().flat_map(|(at, candidate)| {
            unread_columns(candidate).map(move |column| (at, column, count_in_column(candidate, column, codes)))
        });
        // For equal counts, tables are preferred to lists, then higher scores to lower ones.
        let rank = |at: usize| (!evaluated[at].candidate.is_list, evaluated[at].score);
        let (at, column, found) = counted.filter(|(_, _, found)| *found > 0).max_by(|a, b| {
            let ((a_table, a_score), (b_table, b_score)) = (rank(a.0), rank(b.0));
            a.2.cmp(&b.2).then(a_table.cmp(&b_table)).then(a_score.total_cmp(&b_score))
        })?;
        Some(CodeLocation { found, column: Some(code_column(outline, &evaluated, at, column)) })
    })
}

/// Returns the columns that are not read as codes, neither by this candidate nor by an accepted one of the same blocks.
fn unread_columns(candidate: &Evaluated<'_>) -> impl Iterator<Item = usize> {
    let is_read = candidate.is_accepted();
    let is_overlapped = matches!(candidate.verdict, Verdict::Overlapped(_));
    let key = candidate.columns.key.filter(|_| is_read);
    let count = if is_overlapped { 0 } else { candidate.header.len() };
    (0..count).filter(move |column| Some(*column) != key)
}

fn count_in_column(candidate: &Evaluated<'_>, column: usize, codes: &BTreeSet<String>) -> usize {
    let cells = candidate.rows().iter().filter_map(|row| row.get(column));
    let found: HashSet<&str> = cells.filter_map(|cell| find_code(cell, codes)).collect();
    found.len()
}

/// Returns the code that a cell consists of or begins with.
fn find_code<'a>(cell: &str, codes: &'a BTreeSet<String>) -> Option<&'a str> {
    let first_word = || codes.get(cell.split_whitespace().next()?);
    codes.get(cell.trim()).or_else(first_word).map(String::as_str)
}

fn code_column(outline: &Outline<'_>, evaluated: &[Evaluated<'_>], at: usize, column: usize) -> CodeColumn {
    let table = evaluated[..at].iter().filter(|found| found.is_accepted()).count();
    let candidate = trace::trace_candidate(outline, &evaluated[at], table);
    let hints =
        evaluated[at].propose_hints(column, &CandidateNames::new(evaluated)).filter(|_| !evaluated[at].is_skipped);
    CodeColumn { index: column, candidate, hints }
}

/// Counts the codes that are separate words of the text.
fn count_in_text(text: &str, codes: &BTreeSet<String>) -> usize {
    let is_between = |c: char| c.is_whitespace() || "<>|\"'`()[]{},;:=&（），；：、。“”".contains(c);
    let words: HashSet<&str> = text.split(is_between).map(|word| word.trim_end_matches('.')).collect();
    let (phrases, single): (Vec<&String>, Vec<&String>) = codes.iter().partition(|code| code.contains(is_between));
    let words_found = single.iter().filter(|code| words.contains(code.as_str())).count();
    words_found + phrases.iter().take(MAX_PHRASES).filter(|code| text.contains(code.as_str())).count()
}
