//! Finds code prefixes that were replaced throughout while the rest of each code stayed.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::Entry;

use crate::{
    texts::{Texts, count_agreeing_texts, evidence_weight, has_same_status, is_code},
    unmatched::Unmatched,
};

/// A replaced prefix needs this many codes that agree in status and texts. Two codes with the same rest and a generic
/// message are a coincidence (`requires_convincing_evidence_for_a_rename`).
const MIN_AGREEING: usize = 3;

/// If the texts were reworded, this many must be closer to the text of the same rest than to that of the next one. Five
/// messages in a cycle, numbered alike in two unrelated lists, must not pass
/// (`a_different_numbering_is_no_exchanged_prefix`).
const MIN_RESEMBLING: usize = 6;

/// How many times more texts must be closer to their own counterpart than to the next one. Rewordings agree almost
/// throughout; unrelated lists are divided.
const RESEMBLING_RATIO: usize = 4;

/// If the texts prove nothing, the codes must have this many features in common that two independent numberings would
/// not share: words, gaps in the numbers, changes of status. The lists in
/// `finds_an_exchanged_prefix_with_reworded_texts` have 6 and more.
const MIN_DISTINCTIVE_RESTS: usize = 6;

/// The minimum share, in percent, of the codes with the same rest that kept their status. Vendors correct a few statuses
/// when they rename codes; two unrelated lists agree in no more than the share of their most frequent status.
const MIN_KEPT_PERCENT: usize = 90;

/// The minimum share, in percent, of all codes under the prefix that must have the same rest and status. A few errors are
/// added and removed at the same time (`finds_an_exchanged_prefix_with_reworded_texts`: 18 of 20).
const MIN_COVERED_PERCENT: usize = 80;

/// The maximum share, in percent, of codes that texts have already paired with another rest. More of them mean that the
/// codes were renumbered (`follows_the_texts_through_a_renumbering`).
const MAX_RENUMBERED_PERCENT: usize = 10;

/// The number of letters from which the rest of a code is a word rather than an abbreviation. Shorter ones, such as
/// `Error` or `Code`, recur in unrelated lists.
const MIN_WORD_LETTERS: usize = 6;

/// The maximum number of prefixes for one rest. A rest under more prefixes, such as `1`, says nothing about any of
/// them, and the number of their pairs would grow with its square.
const MAX_PREFIXES_PER_REST: usize = 16;

type PrefixPair<'a> = (&'a str, &'a str);

/// Pairs of an old and a new code with the same rest.
type CodePairs<'a> = Vec<(&'a str, &'a str)>;

/// Finds codes whose prefix was replaced throughout, with the texts as proof.
pub(crate) fn find_exchanged_prefixes<'a>(unmatched: &Unmatched<'a>) -> CodePairs<'a> {
    collect_exchanges(unmatched, CodeSets::count_agreeing)
}

/// Finds codes whose prefix was replaced throughout although their texts were reworded.
pub(crate) fn find_reworded_prefixes<'a>(unmatched: &Unmatched<'a>) -> CodePairs<'a> {
    collect_exchanges(unmatched, CodeSets::count_kept_status)
}

/// Collects the codes of all prefix pairs for which `evidence` returns a number of supporting codes.
fn collect_exchanges<'a>(
    unmatched: &Unmatched<'a>,
    evidence: impl Fn(&CodeSets<'a>, &Unmatched<'a>, PrefixPair<'a>, &[(&'a str, &'a str)]) -> Option<usize>,
) -> CodePairs<'a> {
    let sides = CodeSets::from_unmatched(unmatched);
    let mut found: Vec<_> = group_by_prefix(&sides.old, &sides.new)
        .into_iter()
        .filter(|(prefixes, codes)| sides.is_throughout(*prefixes, codes.len()))
        .filter_map(|(prefixes, codes)| Some((evidence(&sides, unmatched, prefixes, &codes)?, prefixes, codes)))
        .collect();
    // The shortest prefix covers the most codes. The order does not depend on which side is old.
    found.sort_by_key(|(count, (from, to), _)| (Reverse(*count), from.len() + to.len(), *from.min(to), *from.max(to)));
    let mut matched = BTreeSet::new();
    let mut renames = CodePairs::new();
    for (from, to) in found.into_iter().flat_map(|(_, _, codes)| codes) {
        let likely = unmatched.any_pair(from, to, |o, n| {
            has_same_status(o, n) || count_agreeing_texts(o, n).is_some_and(|count| count > 0)
        });
        if likely && !matched.contains(&(true, from)) && !matched.contains(&(false, to)) {
            matched.extend([(true, from), (false, to)]);
            renames.push((from, to));
        }
    }
    renames
}

/// Groups pairs of codes with the same rest by their prefixes.
fn group_by_prefix<'a>(old: &BTreeSet<&'a str>, new: &BTreeSet<&'a str>) -> BTreeMap<PrefixPair<'a>, CodePairs<'a>> {
    let (old, new) = (group_by_rest(old), group_by_rest(new));
    let mut found: BTreeMap<PrefixPair, CodePairs> = BTreeMap::new();
    for (rest, from) in old.iter().filter(|(_, codes)| codes.len() <= MAX_PREFIXES_PER_REST) {
        let to = new.get(rest).filter(|codes| codes.len() <= MAX_PREFIXES_PER_REST);
        for (from, to) in to.into_iter().flatten().flat_map(|to| from.iter().map(move |from| (from, to))) {
            found.entry((from.0, to.0)).or_default().push((from.1, to.1));
        }
    }
    found
}

/// Lists each code under its possible rests, together with the prefix.
fn group_by_rest<'a>(codes: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Vec<(&'a str, &'a str)>> {
    let mut found: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for code in codes {
        for (prefix, rest) in split_code(code) {
            found.entry(rest).or_default().push((prefix, code));
        }
    }
    found
}

/// Splits a code into prefix and rest in every possible way: after a separator, and before its last digits.
fn split_code(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let digits = code.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let separator = |(at, c): (usize, char)| matches!(c, '.' | '-' | '_' | ':' | '/').then_some(at + 1);
    let mut positions: Vec<usize> = code.char_indices().filter_map(separator).chain([digits]).collect();
    positions.sort_unstable();
    positions.dedup();
    positions.into_iter().filter(|at| *at > 0).map(|at| code.split_at(at)).filter(|(_, rest)| is_code(rest))
}

/// The codes that only one side has, and those that both have.
struct CodeSets<'a> {
    old: BTreeSet<&'a str>,
    new: BTreeSet<&'a str>,
    kept: BTreeSet<&'a str>,
}

impl<'a> CodeSets<'a> {
    fn from_unmatched(unmatched: &Unmatched<'a>) -> Self {
        let (old, new) = unmatched.exclusive_codes();
        Self {
            old: old.into_iter().collect(),
            new: new.into_iter().collect(),
            kept: unmatched.shared_codes().collect(),
        }
    }

    /// Returns the larger number of codes under either prefix.
    fn max_count(&self, (from, to): PrefixPair) -> usize {
        count_with_prefix(&self.old, from).max(count_with_prefix(&self.new, to))
    }

    /// Whether `count` codes are enough and are the majority under both prefixes, and neither prefix is used by a kept
    /// code.
    fn is_throughout(&self, (from, to): PrefixPair, count: usize) -> bool {
        let is_still_used = || count_with_prefix(&self.kept, from) + count_with_prefix(&self.kept, to) > 0;
        count >= MIN_AGREEING && 2 * count > self.max_count((from, to)) && !is_still_used()
    }

    /// Returns how many of `codes` agree in status and texts, if that is enough.
    fn count_agreeing(&self, unmatched: &Unmatched, prefixes: PrefixPair, codes: &[(&str, &str)]) -> Option<usize> {
        let agree =
            |o: &Entry, n: &Entry| has_same_status(o, n) && count_agreeing_texts(o, n).is_some_and(|count| count > 0);
        let count = codes.iter().filter(|(from, to)| unmatched.any_pair(from, to, agree)).count();
        self.is_throughout(prefixes, count).then_some(count)
    }

    /// Returns how many of `codes` kept their status. Returns `None` unless nearly all under the prefixes did, and the
    /// texts or the codes themselves show that the shared rests are no coincidence.
    fn count_kept_status(&self, unmatched: &Unmatched, prefixes: PrefixPair, codes: &[(&str, &str)]) -> Option<usize> {
        let kept_status: Vec<_> =
            codes.iter().copied().filter(|(from, to)| unmatched.any_pair(from, to, has_same_status)).collect();
        let is_nearly_all = 100 * kept_status.len() >= MIN_KEPT_PERCENT * codes.len()
            && 100 * kept_status.len() >= MIN_COVERED_PERCENT * self.max_count(prefixes);
        let is_proven =
            || texts_follow_rests(unmatched, &kept_status) || has_distinctive_rests(unmatched, prefixes, &kept_status);
        let is_renumbered = 100 * count_renumbered(unmatched, prefixes) > MAX_RENUMBERED_PERCENT * kept_status.len();
        (is_nearly_all && !is_renumbered && is_proven()).then_some(kept_status.len())
    }
}

/// Counts codes under the prefixes that were already paired with a code of another rest.
fn count_renumbered(unmatched: &Unmatched, (from, to): PrefixPair) -> usize {
    let rests = unmatched.renamed_codes().map(|(old, new)| (old.strip_prefix(from), new.strip_prefix(to)));
    rests.filter(|(old, new)| (old.is_some() || new.is_some()) && old != new).count()
}

fn count_with_prefix(codes: &BTreeSet<&str>, prefix: &str) -> usize {
    codes.range(prefix..).take_while(|code| code.starts_with(prefix)).count()
}

/// Whether the texts resemble those of the same rest more than those of the next rest. That holds for rewordings, but
/// not for different errors that happen to have the same numbers.
fn texts_follow_rests(unmatched: &Unmatched, codes: &[(&str, &str)]) -> bool {
    let keys = unmatched.sides.keys;
    let texts: Vec<(Vec<Texts>, Vec<Texts>)> = codes
        .iter()
        .map(|(from, to)| {
            (
                unmatched.old_rows(from).map(|entry| Texts::from_entry(entry, keys)).collect(),
                unmatched.new_rows(to).map(|entry| Texts::from_entry(entry, keys)).collect(),
            )
        })
        .collect();
    let (mut own, mut others) = (0, 0);
    for ((old, new), (next_old, next_new)) in texts.iter().zip(texts.iter().cycle().skip(1)) {
        let (same, other) =
            (max_similarity(old, new), max_similarity(old, next_new).max(max_similarity(next_old, new)));
        own += usize::from(same > other);
        others += usize::from(same < other);
    }
    own >= MIN_RESEMBLING && own >= RESEMBLING_RATIO * others
}

fn max_similarity(old: &[Texts], new: &[Texts]) -> f64 {
    let all = old.iter().flat_map(|old| new.iter().map(|new| old.similarity(new)));
    all.fold(0.0, f64::max)
}

/// Whether the rests alone are proof: words, gaps in the numbers, changes of status. Numbers without gaps and numbers
/// derived from the status are the same in any numbering.
fn has_distinctive_rests(unmatched: &Unmatched, (prefix, _): PrefixPair, codes: &[(&str, &str)]) -> bool {
    let (mut words, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    for (from, to) in codes {
        let rest = from.strip_prefix(prefix).unwrap_or_default();
        let mut statuses = [unmatched.old_rows(from).next(), unmatched.new_rows(to).next()]
            .map(|row| row.map_or("", |row| &row.status));
        // The result does not depend on which side is old.
        statuses.sort_unstable();
        if let Ok(number) = rest.parse::<u64>() {
            numbers.insert((number, statuses));
        } else if evidence_weight(rest) >= MIN_WORD_LETTERS {
            words.insert(rest.trim_end_matches(|c: char| !c.is_alphabetic()));
        }
    }
    numbers.retain(|(number, statuses)| {
        !statuses.iter().any(|status| !status.is_empty() && number.to_string().starts_with(status))
    });
    let next = numbers.iter().skip(1);
    let is_distinctive =
        |((number, statuses), after): &(&(u64, _), &(u64, _))| after.0 > number + 1 || after.1 != *statuses;
    words.len() + numbers.iter().zip(next).filter(is_distinctive).count() >= MIN_DISTINCTIVE_RESTS
}
