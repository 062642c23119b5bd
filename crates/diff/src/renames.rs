//! The same errors under other codes, told by evidence that leaves no doubt: a code respelled, a prefix exchanged for
//! another throughout, or a text that stood under one code only and now stands under another only.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::{Entry, Lang, text::fold};

use crate::{
    matching::{Rows, is_code},
    repeats::{self, Sides},
    texts::{TELLING, agreement, same_status, text, weight},
};

/// A prefix is exchanged where so many codes with the same rest agree in status and texts.
const PREFIX_CODES: usize = 3;

/// How much texts must say ([`weight`]) before they tell an error: a short sentence.
const TELLING_WEIGHT: usize = 16;

/// Codes with the same rest after more than so many prefixes say nothing about any of them.
const SHARED_REST: usize = 16;

type Codes<'a> = BTreeMap<&'a str, Rows>;

/// Pairs entries among `gone` (old) and `fresh` (new), which no entry of the same code matched.
pub(crate) fn find(sides: &Sides, codes: &Codes, gone: &[usize], fresh: &[usize]) -> Vec<(usize, usize)> {
    let mut open = Open::new(sides, codes, gone, fresh);
    if open.is_done() {
        return Vec::new();
    }
    for renames in [respelled, prefixed, retold] {
        for (from, to) in renames(&open) {
            open.pair(from, to);
        }
    }
    open.pairs
}

/// What is still to be matched, by code.
struct Open<'a> {
    sides: &'a Sides<'a>,
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
    fn exchanged(&self) -> (Vec<&'a str>, Vec<&'a str>) {
        let old = self.old.keys().filter(|code| self.codes[*code].new.is_empty());
        let new = self.new.keys().filter(|code| self.codes[*code].old.is_empty());
        (old.copied().collect(), new.copied().collect())
    }

    /// Any old and any new row of the two codes for which `test` holds.
    fn any(&self, from: &str, to: &str, test: impl Fn(&Entry, &Entry) -> bool) -> bool {
        let rows = |side: &BTreeMap<&str, Vec<usize>>, code: &str| {
            side.get(code).map(|rows| rows.iter().take(SHARED_REST).copied().collect::<Vec<_>>()).unwrap_or_default()
        };
        let new = rows(&self.new, to);
        let (olds, news) = (self.sides.old, self.sides.new);
        rows(&self.old, from).into_iter().any(|o| new.iter().any(|&n| test(&olds[o], &news[n])))
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

/// Codes whose prefix was exchanged throughout, the rest kept.
fn prefixed<'a>(open: &Open<'a>) -> Vec<(&'a str, &'a str)> {
    let (old, new) = open.exchanged();
    let kept: BTreeSet<&str> = open
        .codes
        .iter()
        .filter(|(_, rows)| !rows.old.is_empty() && !rows.new.is_empty())
        .map(|(code, _)| *code)
        .collect();
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = (old.into_iter().collect(), new.into_iter().collect());
    let mut found: Vec<_> = by_prefix(&old, &new)
        .into_iter()
        .filter_map(|(prefixes, codes)| Some((support(open, &codes)?, prefixes, codes)))
        .filter(|(count, (from, to), _)| {
            let most = under(&old, from).max(under(&new, to));
            2 * count > most && under(&kept, from) == 0 && under(&kept, to) == 0
        })
        .collect();
    // The shortest prefix takes most codes along. The same order whichever side is old.
    found.sort_by_key(|(count, (from, to), _)| (Reverse(*count), from.len() + to.len(), *from.min(to), *from.max(to)));
    let mut taken = BTreeSet::new();
    let mut renames = Vec::new();
    for (_, _, codes) in found {
        for (from, to) in codes {
            let likely = open.any(from, to, |o, n| same_status(o, n) || agreement(o, n).is_some_and(|count| count > 0));
            if likely && !taken.contains(&(true, from)) && !taken.contains(&(false, to)) {
                taken.extend([(true, from), (false, to)]);
                renames.push((from, to));
            }
        }
    }
    renames
}

type Prefixes<'a> = (&'a str, &'a str);

/// Pairs of codes with the same rest, by their prefixes.
fn by_prefix<'a>(old: &BTreeSet<&'a str>, new: &BTreeSet<&'a str>) -> BTreeMap<Prefixes<'a>, Vec<(&'a str, &'a str)>> {
    let (old, new) = (by_rest(old), by_rest(new));
    let mut found: BTreeMap<Prefixes, Vec<(&str, &str)>> = BTreeMap::new();
    for (rest, from) in old.iter().filter(|(_, codes)| codes.len() <= SHARED_REST) {
        let to = new.get(rest).filter(|codes| codes.len() <= SHARED_REST);
        for (from, to) in to.into_iter().flatten().flat_map(|to| from.iter().map(move |from| (from, to))) {
            found.entry((from.0, to.0)).or_default().push((from.1, to.1));
        }
    }
    found
}

/// Each code under its possible rests, with the prefix before.
fn by_rest<'a>(codes: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Vec<(&'a str, &'a str)>> {
    let mut found: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for code in codes {
        for (prefix, rest) in cuts(code) {
            found.entry(rest).or_default().push((prefix, code));
        }
    }
    found
}

/// The places where a code may be cut into prefix and rest: after a separator, before its last digits.
fn cuts(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let digits = code.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let separator = |(at, c): (usize, char)| matches!(c, '.' | '-' | '_' | ':' | '/').then_some(at + 1);
    let mut places: Vec<usize> = code.char_indices().filter_map(separator).chain([digits]).collect();
    places.sort_unstable();
    places.dedup();
    places.into_iter().filter(|at| *at > 0).map(|at| code.split_at(at)).filter(|(_, rest)| is_code(rest))
}

/// How many of `codes` agree in status and texts, if enough.
fn support(open: &Open, codes: &[(&str, &str)]) -> Option<usize> {
    let agree = |o: &Entry, n: &Entry| same_status(o, n) && agreement(o, n).is_some_and(|count| count > 0);
    let count = codes.iter().filter(|(from, to)| open.any(from, to, agree)).count();
    (count >= PREFIX_CODES).then_some(count)
}

fn under(codes: &BTreeSet<&str>, prefix: &str) -> usize {
    codes.range(prefix..).take_while(|code| code.starts_with(prefix)).count()
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
