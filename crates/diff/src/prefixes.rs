//! A prefix of codes that was exchanged for another throughout, the rest of each code kept.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::Entry;

use crate::{
    matching::is_code,
    renames::Open,
    texts::{Texts, agreement, same_status, weight},
};

/// A prefix is exchanged where so many codes with the same rest agree in status and texts.
const AGREEING: usize = 3;

/// Where the texts were reworded, so many must resemble those of the same rest more than those of the next one.
const RESEMBLING: usize = 6;

/// So many times as many as those that resemble the next one more.
const CLEARLY: usize = 4;

/// Where the texts say nothing, so many marks of the codes' order must be the same.
const MARKS: usize = 6;

/// A rest of so many letters is a word of its own.
const WORD: usize = 6;

/// Codes with the same rest after more than so many prefixes say nothing about any of them.
const SHARED_REST: usize = 16;

type Prefixes<'a> = (&'a str, &'a str);

/// Codes with the same rest, the old and the new one.
type Codes<'a> = Vec<(&'a str, &'a str)>;

/// Codes whose prefix was exchanged throughout, told by their texts.
pub(crate) fn prefixed<'a>(open: &Open<'a>) -> Codes<'a> {
    exchanges(open, Exchanged::agreeing)
}

/// Codes whose prefix was exchanged throughout although their texts were reworded.
pub(crate) fn prefixed_and_reworded<'a>(open: &Open<'a>) -> Codes<'a> {
    exchanges(open, Exchanged::standing)
}

/// The codes of all prefixes for which there is `evidence`: the number of codes that tell.
fn exchanges<'a>(
    open: &Open<'a>,
    evidence: impl Fn(&Exchanged<'a>, &Open<'a>, Prefixes<'a>, &[(&'a str, &'a str)]) -> Option<usize>,
) -> Codes<'a> {
    let sides = Exchanged::of(open);
    let mut found: Vec<_> = by_prefix(&sides.old, &sides.new)
        .into_iter()
        .filter(|(prefixes, codes)| sides.is_throughout(*prefixes, codes.len()))
        .filter_map(|(prefixes, codes)| Some((evidence(&sides, open, prefixes, &codes)?, prefixes, codes)))
        .collect();
    // The shortest prefix takes most codes along. The same order whichever side is old.
    found.sort_by_key(|(count, (from, to), _)| (Reverse(*count), from.len() + to.len(), *from.min(to), *from.max(to)));
    let mut taken = BTreeSet::new();
    let mut renames = Codes::new();
    for (from, to) in found.into_iter().flat_map(|(_, _, codes)| codes) {
        let likely = open.any(from, to, |o, n| same_status(o, n) || agreement(o, n).is_some_and(|count| count > 0));
        if likely && !taken.contains(&(true, from)) && !taken.contains(&(false, to)) {
            taken.extend([(true, from), (false, to)]);
            renames.push((from, to));
        }
    }
    renames
}

/// Pairs of codes with the same rest, by their prefixes.
fn by_prefix<'a>(old: &BTreeSet<&'a str>, new: &BTreeSet<&'a str>) -> BTreeMap<Prefixes<'a>, Codes<'a>> {
    let (old, new) = (by_rest(old), by_rest(new));
    let mut found: BTreeMap<Prefixes, Codes> = BTreeMap::new();
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

/// The codes that only one side has, and those that both have.
struct Exchanged<'a> {
    old: BTreeSet<&'a str>,
    new: BTreeSet<&'a str>,
    kept: BTreeSet<&'a str>,
}

impl<'a> Exchanged<'a> {
    fn of(open: &Open<'a>) -> Self {
        let (old, new) = open.exchanged();
        Self { old: old.into_iter().collect(), new: new.into_iter().collect(), kept: open.kept().collect() }
    }

    /// How many codes stand under the prefix that has more.
    fn most(&self, (from, to): Prefixes) -> usize {
        under(&self.old, from).max(under(&self.new, to))
    }

    /// Whether `count` codes are enough and most of what stands under the prefixes, neither of which was used on.
    fn is_throughout(&self, (from, to): Prefixes, count: usize) -> bool {
        let is_used_on = || under(&self.kept, from) + under(&self.kept, to) > 0;
        count >= AGREEING && 2 * count > self.most((from, to)) && !is_used_on()
    }

    /// How many of `codes` agree in status and texts, if enough.
    fn agreeing(&self, open: &Open, prefixes: Prefixes, codes: &[(&str, &str)]) -> Option<usize> {
        let agree = |o: &Entry, n: &Entry| same_status(o, n) && agreement(o, n).is_some_and(|count| count > 0);
        let count = codes.iter().filter(|(from, to)| open.any(from, to, agree)).count();
        self.is_throughout(prefixes, count).then_some(count)
    }

    /// How many of `codes` kept their status, if nearly all did that stand under the prefixes, and their texts or the
    /// codes themselves tell that the rest is no coincidence.
    fn standing(&self, open: &Open, prefixes: Prefixes, codes: &[(&str, &str)]) -> Option<usize> {
        let steady: Vec<_> = codes.iter().copied().filter(|(from, to)| open.any(from, to, same_status)).collect();
        let is_nearly_all = 10 * steady.len() >= 9 * codes.len() && 5 * steady.len() >= 4 * self.most(prefixes);
        let is_told = || resemble(open, &steady) || has_marks(open, prefixes, &steady);
        (is_nearly_all && 10 * renumbered(open, prefixes) <= steady.len() && is_told()).then_some(steady.len())
    }
}

/// How many codes under the prefixes are known to have become others than those of the same rest.
fn renumbered(open: &Open, (from, to): Prefixes) -> usize {
    let rests = open.renamed().map(|(old, new)| (old.strip_prefix(from), new.strip_prefix(to)));
    rests.filter(|(old, new)| (old.is_some() || new.is_some()) && old != new).count()
}

fn under(codes: &BTreeSet<&str>, prefix: &str) -> usize {
    codes.range(prefix..).take_while(|code| code.starts_with(prefix)).count()
}

/// Whether texts resemble those of the same rest more than those of the next one, as rewordings do and other errors
/// that only have the same numbers do not.
fn resemble(open: &Open, codes: &[(&str, &str)]) -> bool {
    let keys = open.sides.keys;
    let texts: Vec<(Vec<Texts>, Vec<Texts>)> = codes
        .iter()
        .map(|(from, to)| {
            (
                open.olds(from).map(|entry| Texts::of(entry, keys)).collect(),
                open.news(to).map(|entry| Texts::of(entry, keys)).collect(),
            )
        })
        .collect();
    let (mut own, mut others) = (0, 0);
    for ((old, new), (next_old, next_new)) in texts.iter().zip(texts.iter().cycle().skip(1)) {
        let (same, other) = (closest(old, new), closest(old, next_new).max(closest(next_old, new)));
        own += usize::from(same > other);
        others += usize::from(same < other);
    }
    own >= RESEMBLING && own >= CLEARLY * others
}

fn closest(old: &[Texts], new: &[Texts]) -> f64 {
    let all = old.iter().flat_map(|old| new.iter().map(|new| old.similarity(new)));
    all.fold(0.0, f64::max)
}

/// Whether the rests alone tell: words, gaps in the numbers, turns of the statuses. Numbers without a gap, and numbers
/// made of the status, are the same in any numbering.
fn has_marks(open: &Open, (prefix, _): Prefixes, codes: &[(&str, &str)]) -> bool {
    let (mut words, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for (from, to) in codes {
        let rest = from.strip_prefix(prefix).unwrap_or_default();
        let mut statuses = [open.olds(from).next(), open.news(to).next()].map(|row| row.map_or("", |row| &row.status));
        // The same whichever side is old.
        statuses.sort_unstable();
        if let Ok(number) = rest.parse::<u64>() {
            numbers.insert((number, statuses));
        } else if weight(rest) >= WORD {
            words.insert(rest.trim_end_matches(|c: char| !c.is_alphabetic()));
        }
    }
    numbers.retain(|(number, statuses)| {
        !statuses.iter().any(|status| !status.is_empty() && number.to_string().starts_with(status))
    });
    let next = numbers.iter().skip(1);
    let is_mark = |((number, statuses), after): &(&(u64, _), &(u64, _))| after.0 > number + 1 || after.1 != *statuses;
    words.len() + numbers.iter().zip(next).filter(is_mark).count() >= MARKS
}
