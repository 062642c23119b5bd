//! Finds the same errors under other codes. Evidence is a respelled code, a prefix that was replaced throughout, or a
//! text that only one old code and only one new code have.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Entry, Lang, text::fold};

use crate::{
    prefixes::{find_exchanged_prefixes, find_reworded_prefixes},
    repeated_codes::Sides,
    texts::{IDENTIFYING_FIELDS, count_agreeing_texts, evidence_weight, field_text, has_same_status},
    unmatched::{CodesOfBothSides, Unmatched},
};

/// The minimum weight ([`evidence_weight`]) of a text that identifies an error: a short sentence. `Pump off.` weighs 7
/// and may belong to many errors, `The tank of the farm is dry.` weighs 21.
const MIN_IDENTIFYING_WEIGHT: usize = 16;

/// Pairs entries among `removed` (old) and `added` (new), which have no match with the same code.
pub(crate) fn find_renames(
    sides: &Sides,
    codes: &CodesOfBothSides,
    removed: &[usize],
    added: &[usize],
) -> Vec<(usize, usize)> {
    let mut unmatched = Unmatched::new(sides, codes, removed, added);
    if unmatched.is_exhausted() {
        return Vec::new();
    }
    for find_pairs in [find_respelled, find_exchanged_prefixes, find_renamed_by_text, find_reworded_prefixes] {
        for (from, to) in find_pairs(&unmatched) {
            unmatched.pair_codes(from, to);
        }
    }
    unmatched.into_pairs()
}

/// Finds codes that differ only in letter case, width or white space.
fn find_respelled<'a>(unmatched: &Unmatched<'a>) -> Vec<(&'a str, &'a str)> {
    let (old, new) = unmatched.exclusive_codes();
    let folded = |codes: Vec<&'a str>| {
        let mut by_fold: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for code in codes {
            by_fold.entry(fold(code)).or_default().push(code);
        }
        by_fold
    };
    let new = folded(new);
    let single = |(spelling, from): (String, Vec<&'a str>)| match (from.as_slice(), new.get(&spelling)?.as_slice()) {
        ([from], [to]) => Some((*from, *to)),
        _ => None,
    };
    folded(old).into_iter().filter_map(single).collect()
}

/// Finds codes that exchanged a text that no other code has, if no other text contradicts.
fn find_renamed_by_text<'a>(unmatched: &Unmatched<'a>) -> Vec<(&'a str, &'a str)> {
    let keys = unmatched.sides.keys;
    let (removed, added) = (
        texts_by_key(unmatched, unmatched.old_codes(), unmatched.sides.old),
        texts_by_key(unmatched, unmatched.new_codes(), unmatched.sides.new),
    );
    let shared: BTreeSet<&String> = removed.keys().filter(|key| added.contains_key(*key)).collect();
    if shared.is_empty() {
        return Vec::new();
    }
    let codes_by_text = |entries: &'a [Entry]| {
        let mut codes: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (entry, text) in entries.iter().flat_map(|entry| identifying_texts(entry).map(move |text| (entry, text))) {
            let key = keys.text_key(text);
            if shared.contains(&key) {
                codes.entry(key).or_default().insert(&entry.code);
            }
        }
        codes
    };
    let (before, now) = (codes_by_text(unmatched.sides.old), codes_by_text(unmatched.sides.new));
    let mut evidence: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (key, from) in &before {
        if let (Some(from), Some(to)) = (single_code(from), now.get(key).and_then(single_code)) {
            *evidence.entry((from, to)).or_default() += evidence_weight(removed[key]).max(evidence_weight(added[key]));
        }
    }
    let agree = |o: &Entry, n: &Entry| has_same_status(o, n) && count_agreeing_texts(o, n).is_some();
    evidence.retain(|(from, to), evidence_weight| {
        *evidence_weight >= MIN_IDENTIFYING_WEIGHT && unmatched.any_pair(from, to, agree)
    });
    let (mut rivals_from, mut rivals_to) = (BTreeMap::new(), BTreeMap::new());
    for (from, to) in evidence.keys() {
        *rivals_from.entry(*from).or_insert(0) += 1;
        *rivals_to.entry(*to).or_insert(0) += 1;
    }
    evidence.into_keys().filter(|(from, to)| rivals_from[from] == 1 && rivals_to[to] == 1).collect()
}

fn single_code<'a>(codes: &BTreeSet<&'a str>) -> Option<&'a str> {
    (codes.len() == 1).then(|| codes.first().copied()).flatten()
}

/// Returns the texts of the unmatched rows by their keys.
fn texts_by_key<'a>(
    unmatched: &Unmatched,
    side: &BTreeMap<&str, Vec<usize>>,
    entries: &'a [Entry],
) -> BTreeMap<String, &'a str> {
    let texts = side.values().flatten().flat_map(|row| identifying_texts(&entries[*row]));
    texts.map(|text| (unmatched.sides.keys.text_key(text), text)).collect()
}

fn identifying_texts(entry: &Entry) -> impl Iterator<Item = &str> {
    IDENTIFYING_FIELDS
        .iter()
        .flat_map(move |field| Lang::ALL.map(|lang| field_text(entry, *field, lang)))
        .filter(|text| !text.is_empty())
}
