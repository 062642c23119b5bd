//! The entries without a match so far, by code.

use std::collections::BTreeMap;

use docdrift_model::Entry;

use crate::{
    repeated_codes::{self, CodeRows, Sides},
    texts::is_code,
};

/// The maximum number of rows compared for one code. It bounds the work on pages that repeat a code in every row.
const MAX_ROWS_PER_CODE: usize = 16;

/// The rows of both sides by code.
pub(crate) type CodesOfBothSides<'a> = BTreeMap<&'a str, CodeRows>;

/// The entries that are still unmatched, by code.
pub(crate) struct Unmatched<'a> {
    pub(crate) sides: &'a Sides<'a>,
    codes: &'a CodesOfBothSides<'a>,
    old: BTreeMap<&'a str, Vec<usize>>,
    new: BTreeMap<&'a str, Vec<usize>>,
    pairs: Vec<(usize, usize)>,
}

impl<'a> Unmatched<'a> {
    pub(crate) fn new(sides: &'a Sides, codes: &'a CodesOfBothSides, removed: &[usize], added: &[usize]) -> Self {
        let group = |entries: &'a [Entry], rows: &[usize]| {
            let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for &row in rows.iter().filter(|row| is_code(&entries[**row].code)) {
                by_code.entry(&entries[row].code).or_default().push(row);
            }
            by_code
        };
        Self { sides, codes, old: group(sides.old, removed), new: group(sides.new, added), pairs: Vec::new() }
    }

    /// Whether either side has no entry left.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.old.is_empty() || self.new.is_empty()
    }

    /// Returns the unmatched rows of the old side by code.
    pub(crate) fn old_codes(&self) -> &BTreeMap<&'a str, Vec<usize>> {
        &self.old
    }

    /// Returns the unmatched rows of the new side by code.
    pub(crate) fn new_codes(&self) -> &BTreeMap<&'a str, Vec<usize>> {
        &self.new
    }

    /// Returns the pairs found so far.
    pub(crate) fn into_pairs(self) -> Vec<(usize, usize)> {
        self.pairs
    }

    /// Returns the old codes that no new entry has, and the new codes that no old entry had.
    pub(crate) fn exclusive_codes(&self) -> (Vec<&'a str>, Vec<&'a str>) {
        let old = self.old.keys().filter(|code| self.codes[*code].new.is_empty());
        let new = self.new.keys().filter(|code| self.codes[*code].old.is_empty());
        (old.copied().collect(), new.copied().collect())
    }

    /// Returns the codes that both sides have.
    pub(crate) fn shared_codes(&self) -> impl Iterator<Item = &'a str> {
        let kept = self.codes.iter().filter(|(_, rows)| !rows.old.is_empty() && !rows.new.is_empty());
        kept.map(|(code, _)| *code)
    }

    /// Returns the first unmatched rows of an old code.
    pub(crate) fn old_rows(&self, code: &str) -> impl Iterator<Item = &'a Entry> {
        let entries = self.sides.old;
        self.old.get(code).into_iter().flatten().take(MAX_ROWS_PER_CODE).map(|row| &entries[*row])
    }

    /// Returns the first unmatched rows of a new code.
    pub(crate) fn new_rows(&self, code: &str) -> impl Iterator<Item = &'a Entry> {
        let entries = self.sides.new;
        self.new.get(code).into_iter().flatten().take(MAX_ROWS_PER_CODE).map(|row| &entries[*row])
    }

    /// Whether `test` holds for any old and any new row of the two codes.
    pub(crate) fn any_pair(&self, from: &str, to: &str, test: impl Fn(&Entry, &Entry) -> bool) -> bool {
        self.old_rows(from).any(|old| self.new_rows(to).any(|new| test(old, new)))
    }

    /// Returns the codes of the rows paired so far.
    pub(crate) fn renamed_codes(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (old_rows, new_rows) = (self.sides.old, self.sides.new);
        self.pairs.iter().map(|&(o, n)| (old_rows[o].code.as_str(), new_rows[n].code.as_str()))
    }

    /// Pairs the rows of an old and a new code.
    pub(crate) fn pair_codes(&mut self, from: &str, to: &str) {
        let (Some(old), Some(new)) = (self.old.remove(from), self.new.remove(to)) else { return };
        self.pairs.extend(repeated_codes::pair_rows(self.sides, &old, &new, 0.0));
    }
}
