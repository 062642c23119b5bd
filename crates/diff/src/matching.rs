//! Finds which old entry and which new entry are the same error.

use std::collections::BTreeMap;

use docdrift_model::Entry;

use crate::{
    renames,
    repeated_codes::{self, CodeRows, Sides},
    tables::RetitledTables,
    texts::{TextKeys, is_code},
};

/// The similarity (0 to 1) that rows without a code need to be the same error. Without a code only the texts identify a
/// row, so more of their letters must match than not.
const MIN_UNCODED_SIMILARITY: f64 = 0.5;

/// The matching of two states. Every index of either side occurs once: in a pair or among the unmatched.
pub(crate) struct Matching<'a> {
    /// Indexes of the old and the new entry of the same error.
    pub(crate) pairs: Vec<(usize, usize)>,
    /// Old entries without a new one.
    pub(crate) removed: Vec<usize>,
    /// New entries without an old one.
    pub(crate) added: Vec<usize>,
    /// Tables whose title changed.
    pub(crate) retitled: RetitledTables<'a>,
}

/// Matches the entries of two states of one source.
pub(crate) fn match_entries<'a>(old: &'a [Entry], new: &'a [Entry]) -> Matching<'a> {
    let mut codes: BTreeMap<&str, CodeRows> = BTreeMap::new();
    for (o, entry) in old.iter().enumerate() {
        codes.entry(&entry.code).or_default().old.push(o);
    }
    for (n, entry) in new.iter().enumerate() {
        codes.entry(&entry.code).or_default().new.push(n);
    }
    let retitled = RetitledTables::from_pairs(old, new, &single_rows(&codes));
    let sides = Sides { old, new, keys: TextKeys::for_states(old, new), retitled };
    let mut pairs = Vec::new();
    for (code, rows) in codes.iter().filter(|(_, rows)| !rows.old.is_empty() && !rows.new.is_empty()) {
        let min_similarity = if is_code(code) { 0.0 } else { MIN_UNCODED_SIMILARITY };
        pairs.extend(repeated_codes::pair_rows(&sides, &rows.old, &rows.new, min_similarity));
    }
    let (removed, added) = (
        indexes_without(old.len(), pairs.iter().map(|pair| pair.0)),
        indexes_without(new.len(), pairs.iter().map(|p| p.1)),
    );
    pairs.extend(renames::find_renames(&sides, &codes, &removed, &added));
    pairs.sort_unstable();
    Matching {
        removed: indexes_without(old.len(), pairs.iter().map(|pair| pair.0)),
        added: indexes_without(new.len(), pairs.iter().map(|pair| pair.1)),
        retitled: RetitledTables::from_pairs(old, new, &pairs),
        pairs,
    }
}

/// Returns the rows whose code is unique on both sides. They are the first evidence for retitled tables.
fn single_rows(codes: &BTreeMap<&str, CodeRows>) -> Vec<(usize, usize)> {
    let single = |rows: &CodeRows| match (rows.old.as_slice(), rows.new.as_slice()) {
        ([o], [n]) => Some((*o, *n)),
        _ => None,
    };
    codes.values().filter_map(single).collect()
}

fn indexes_without(count: usize, matched: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut free = vec![true; count];
    matched.for_each(|index| free[index] = false);
    (0..count).filter(|index| free[*index]).collect()
}
