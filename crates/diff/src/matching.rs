//! Which old entry and which new entry are the same error.

use std::collections::BTreeMap;

use docdrift_model::Entry;

use crate::{
    renames,
    repeats::{self, Sides},
    tables::Retitled,
    texts::Keys,
};

/// How much rows without a code must resemble each other to be the same error.
const UNCODED: f64 = 0.5;

/// Every index of either side once: in a pair, or among those left.
pub(crate) struct Matching<'a> {
    /// The same errors, as indexes of the old and the new side.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Old entries that are gone.
    pub(crate) removed: Vec<usize>,
    /// New entries that were not there.
    pub(crate) added: Vec<usize>,
    /// Tables that go by another title.
    pub(crate) retitled: Retitled<'a>,
}

/// The rows of one code on either side.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) old: Vec<usize>,
    pub(crate) new: Vec<usize>,
}

/// Matches the entries of two states of one source.
pub(crate) fn entries<'a>(old: &'a [Entry], new: &'a [Entry]) -> Matching<'a> {
    let mut codes: BTreeMap<&str, Rows> = BTreeMap::new();
    for (o, entry) in old.iter().enumerate() {
        codes.entry(&entry.code).or_default().old.push(o);
    }
    for (n, entry) in new.iter().enumerate() {
        codes.entry(&entry.code).or_default().new.push(n);
    }
    let retitled = Retitled::of(old, new, &single_rows(&codes));
    let sides = Sides { old, new, keys: Keys::of(old, new), retitled };
    let mut pairs = Vec::new();
    for (code, rows) in codes.iter().filter(|(_, rows)| !rows.old.is_empty() && !rows.new.is_empty()) {
        let floor = if is_code(code) { 0.0 } else { UNCODED };
        pairs.extend(repeats::pair(&sides, &rows.old, &rows.new, floor));
    }
    let (gone, fresh) = (left(old.len(), pairs.iter().map(|pair| pair.0)), left(new.len(), pairs.iter().map(|p| p.1)));
    pairs.extend(renames::find(&sides, &codes, &gone, &fresh));
    pairs.sort_unstable();
    Matching {
        removed: left(old.len(), pairs.iter().map(|pair| pair.0)),
        added: left(new.len(), pairs.iter().map(|pair| pair.1)),
        retitled: Retitled::of(old, new, &pairs),
        pairs,
    }
}

/// Codes that stand in one row on either side: what the titles of tables are first told by.
fn single_rows(codes: &BTreeMap<&str, Rows>) -> Vec<(usize, usize)> {
    let single = |rows: &Rows| match (rows.old.as_slice(), rows.new.as_slice()) {
        ([o], [n]) => Some((*o, *n)),
        _ => None,
    };
    codes.values().filter_map(single).collect()
}

/// Whether a cell of the code column names a code, rather than standing empty or dashed.
pub(crate) fn is_code(code: &str) -> bool {
    code.chars().any(char::is_alphanumeric)
}

fn left(count: usize, taken: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut free = vec![true; count];
    taken.for_each(|index| free[index] = false);
    (0..count).filter(|index| free[*index]).collect()
}
