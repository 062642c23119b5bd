//! The same errors under other codes, told by evidence that leaves no doubt: a code respelled, a prefix exchanged for
//! another throughout, or a text that stood under one code only and now stands under another only.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Entry, Lang, text::fold};

use crate::{
    matching::{Rows, is_code},
    prefixes::{prefixed, prefixed_and_reworded},
    repeats::{self, Sides},
    texts::{TELLING, agreement, same_status, text, weight},
};

/// How much texts must say ([`weight`]) before they tell an error: a short sentence.
const TELLING_WEIGHT: usize = 16;

/// Of the rows of one code so many are looked at.
const ROWS: usize = 16;

type Codes<'a> = BTreeMap<&'a str, Rows>;

/// Pairs entries among `gone` (old) and `fresh` (new), which no entry of the same code matched.
pub(crate) fn find(sides: &Sides, codes: &Codes, gone: &[usize], fresh: &[usize]) -> Vec<(usize, usize)> {
    let mut open = Open::new(sides, codes, gone, fresh);
    if open.is_done() {
        return Vec::new();
    }
    for renames in [respelled, prefixed, retold, prefixed_and_reworded] {
        for (from, to) in renames(&open) {
            open.pair(from, to);
        }
    }
    open.pairs
}

/// What is still to be matched, by code.
pub(crate) struct Open<'a> {
    pub(crate) sides: &'a Sides<'a>,
    codes: &'a Codes<'a>,
    old: BTreeMap<&'a str, Vec<usize>>,
    new: BTreeMap<&'a str, Vec<usize>>,
    pairs: Vec<(usize, usize)>,
}

impl<'a> Open<'a> {
    fn new(sides: &'a Sides, codes: &'a Codes, gone: &[usize], fresh: &[usize]) -> Self {
        let group = |entries: &'a [Entry], rows: &[usize]| {
            let mut by_code: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for &row in rows.iter().filter(|row| is_code(&entries[**row].code)) {
                by_code.entry(&entries[row].code).or_default().push(row);
            }
            by_code
        };
        Self { sides, codes, old: group(sides.old, gone), new: group(sides.new, fresh), pairs: Vec::new() }
    }

    fn is_done(&self) -> bool {
        self.old.is_empty() || self.new.is_empty()
    }

    /// The old codes that no new entry has, and the new codes that no old entry had.
    pub(crate) fn exchanged(&self) -> (Vec<&'a str>, Vec<&'a str>) {
        let old = self.old.keys().filter(|code| self.codes[*code].new.is_empty());
        let new = self.new.keys().filter(|code| self.codes[*code].old.is_empty());
        (old.copied().collect(), new.copied().collect())
    }

    /// The codes that both sides have.
    pub(crate) fn kept(&self) -> impl Iterator<Item = &'a str> {
        let kept = self.codes.iter().filter(|(_, rows)| !rows.old.is_empty() && !rows.new.is_empty());
        kept.map(|(code, _)| *code)
    }

    /// The first open rows of an old code.
    pub(crate) fn olds(&self, code: &str) -> impl Iterator<Item = &'a Entry> {
        let entries = self.sides.old;
        self.old.get(code).into_iter().flatten().take(ROWS).map(|row| &entries[*row])
    }

    /// The first open rows of a new code.
    pub(crate) fn news(&self, code: &str) -> impl Iterator<Item = &'a Entry> {
        let entries = self.sides.new;
        self.new.get(code).into_iter().flatten().take(ROWS).map(|row| &entries[*row])
    }

    /// Any old and any new row of the two codes for which `test` holds.
    pub(crate) fn any(&self, from: &str, to: &str, test: impl Fn(&Entry, &Entry) -> bool) -> bool {
        self.olds(from).any(|old| self.news(to).any(|new| test(old, new)))
    }

    /// The codes of the rows paired so far.
    pub(crate) fn renamed(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (olds, news) = (self.sides.old, self.sides.new);
        self.pairs.iter().map(|&(o, n)| (olds[o].code.as_str(), news[n].code.as_str()))
    }

    fn pair(&mut self, from: &str, to: &str) {
        let (Some(old), Some(new)) = (self.old.remove(from), self.new.remove(to)) else { return };
        self.pairs.extend(repeats::pair(self.sides, &old, &new, 0.0));
    }
}

/// Codes that differ in letter case, width or white space only.
fn respelled<'a>(open: &Open<'a>) -> Vec<(&'a str, &'a str)> {
    let (old, new) = open.exchanged();
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

/// Codes that exchanged a text no other code has, with nothing against it.
fn retold<'a>(open: &Open<'a>) -> Vec<(&'a str, &'a str)> {
    let keys = open.sides.keys;
    let (gone, fresh) = (bearers(open, &open.old, open.sides.old), bearers(open, &open.new, open.sides.new));
    let shared: BTreeSet<&String> = gone.keys().filter(|key| fresh.contains_key(*key)).collect();
    if shared.is_empty() {
        return Vec::new();
    }
    let everywhere = |entries: &'a [Entry]| {
        let mut codes: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (entry, told) in entries.iter().flat_map(|entry| telling(entry).map(move |told| (entry, told))) {
            let key = keys.key(told);
            if shared.contains(&key) {
                codes.entry(key).or_default().insert(&entry.code);
            }
        }
        codes
    };
    let (before, now) = (everywhere(open.sides.old), everywhere(open.sides.new));
    let mut evidence: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (key, from) in &before {
        if let (Some(from), Some(to)) = (only(from), now.get(key).and_then(only)) {
            *evidence.entry((from, to)).or_default() += weight(gone[key]).max(weight(fresh[key]));
        }
    }
    let agree = |o: &Entry, n: &Entry| same_status(o, n) && agreement(o, n).is_some();
    evidence.retain(|(from, to), weight| *weight >= TELLING_WEIGHT && open.any(from, to, agree));
    let (mut rivals_from, mut rivals_to) = (BTreeMap::new(), BTreeMap::new());
    for (from, to) in evidence.keys() {
        *rivals_from.entry(*from).or_insert(0) += 1;
        *rivals_to.entry(*to).or_insert(0) += 1;
    }
    evidence.into_keys().filter(|(from, to)| rivals_from[from] == 1 && rivals_to[to] == 1).collect()
}

fn only<'a>(codes: &BTreeSet<&'a str>) -> Option<&'a str> {
    (codes.len() == 1).then(|| codes.first().copied()).flatten()
}

/// The texts of the open rows by their keys.
fn bearers<'a>(open: &Open, side: &BTreeMap<&str, Vec<usize>>, entries: &'a [Entry]) -> BTreeMap<String, &'a str> {
    let texts = side.values().flatten().flat_map(|row| telling(&entries[*row]));
    texts.map(|told| (open.sides.keys.key(told), told)).collect()
}

fn telling(entry: &Entry) -> impl Iterator<Item = &str> {
    TELLING
        .iter()
        .flat_map(move |field| Lang::ALL.map(|lang| text(entry, *field, lang)))
        .filter(|told| !told.is_empty())
}
