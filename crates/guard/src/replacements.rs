//! Detects content that became something else: codes, statuses, all the texts of a row. Then the page is another one.

use std::collections::{BTreeMap, HashSet};

use docdrift_model::{
    Entry, Lang,
    check::Check,
    reason::{Damage, Subject},
    text::{fold, is_digest, same, status_numbers},
    thresholds::{Threshold, Thresholds},
};

use super::{
    check::Share,
    comparison::{EntryComparison, PROSE, meaningful_text},
};

/// A prefix counts as renamed where at least so many codes have the same new one. Fewer may be chance.
const MIN_ALIKE: usize = 3;
/// Texts that share a smaller part of their words say different things. The tests hold both sides: reworded columns pass,
/// and the rows of another service under the same codes are found.
const MIN_SHARED_WORDS: f64 = 0.3;

/// Checks a page for replaced codes, statuses and texts.
pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let into_check = |share: Share<'_>| share.into_check(thresholds, Threshold::ReplacedPercent);
    vec![
        into_check(replaced_codes(comparison, lang)),
        into_check(replaced_statuses(comparison, lang)),
        into_check(replaced_texts(comparison, lang)),
    ]
}

fn replaced_statuses<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let with_status = || comparison.pairs_in(lang).filter(|(old, _)| !status_numbers(old.printed(lang).0).is_empty());
    let changed = with_status().filter(|(old, now)| is_other_status(old, now, lang));
    Share {
        name: "statuses-replaced",
        lang: Some(lang),
        subject: Subject::Statuses(lang),
        damage: Damage::Replaced,
        total: with_status().count(),
        codes: changed.map(|(old, _)| old.printed(lang).1).collect(),
    }
}

fn is_other_status(old: &Entry, now: &Entry, lang: Lang) -> bool {
    let [before, after] = [old, now].map(|entry| status_numbers(entry.printed(lang).0));
    !after.is_empty() && !before.is_empty() && !before.iter().any(|number| after.contains(number))
}

/// Finds errors with the same texts under other codes. A renamed prefix and another spelling do not count.
fn replaced_codes<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let pairs: Vec<(&str, &str)> =
        comparison.pairs_in(lang).map(|(old, now)| (old.printed(lang).1, now.printed(lang).1)).collect();
    let other: Vec<(&str, &str)> =
        pairs.iter().copied().filter(|(old, now)| old != now && fold_code(old) != fold_code(now)).collect();
    let mut prefixes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for prefix in other.iter().filter_map(|(old, now)| renamed_prefix(old, now)) {
        *prefixes.entry(prefix).or_default() += 1;
    }
    let mut parts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for part in other.iter().map(|(old, now)| differing_parts(old, now)) {
        *parts.entry(part).or_default() += 1;
    }
    let is_renaming = |(old, now): &(&str, &str)| {
        let has_prefix = |prefix| prefixes.get(&prefix).is_some_and(|count| *count >= MIN_ALIKE);
        // In the middle of a code, a few may differ in the same part by chance, but not most of them.
        let is_common = |count: &usize| *count >= MIN_ALIKE && count * 2 > other.len();
        renamed_prefix(old, now).is_some_and(has_prefix) || parts.get(&differing_parts(old, now)).is_some_and(is_common)
    };
    Share {
        name: "codes-replaced",
        lang: Some(lang),
        subject: Subject::Codes(Some(lang)),
        damage: Damage::Replaced,
        total: pairs.len(),
        codes: other.iter().filter(|pair| !is_renaming(pair)).map(|(old, _)| *old).collect(),
    }
}

/// Returns the letters and digits of a code in lower case.
fn fold_code(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns the prefixes of two codes with the same rest, where both are split at a natural place.
fn renamed_prefix<'a>(old: &'a str, now: &'a str) -> Option<(&'a str, &'a str)> {
    prefix_splits(old).find_map(|(from, rest)| {
        let to = now.strip_suffix(rest)?;
        prefix_splits(now).any(|(prefix, _)| prefix == to).then_some((from, to))
    })
}

/// Returns the parts in which two codes differ, between their common beginning and end.
fn differing_parts<'a>(old: &'a str, now: &'a str) -> (&'a str, &'a str) {
    let same: usize = old.chars().zip(now.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, now) = (old.get(same..).unwrap_or_default(), now.get(same..).unwrap_or_default());
    let ends = old.chars().rev().zip(now.chars().rev()).take_while(|(a, b)| a == b);
    let same: usize = ends.map(|(a, _)| a.len_utf8()).sum();
    (old.get(..old.len() - same).unwrap_or_default(), now.get(..now.len() - same).unwrap_or_default())
}

/// Returns the ways to split a code into prefix and rest, the longest rest first: at its start, after a separator, before
/// its last digits.
fn prefix_splits(code: &str) -> impl Iterator<Item = (&str, &str)> {
    let digits = code.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let mut cuts: Vec<usize> = code
        .char_indices()
        .filter_map(|(at, c)| matches!(c, '.' | '-' | '_' | ':' | '/').then_some(at + 1))
        .chain([0, digits])
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts.into_iter().filter_map(|at| code.split_at_checked(at)).filter(|(_, rest)| !rest.is_empty())
}

/// Finds rows that have the same code and otherwise a different content: all their texts say something else, and there
/// is one more sign of it, which is a second text, another status or another table.
fn replaced_texts<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let rows: Vec<_> = comparison
        .pairs_in(lang)
        .filter(|(old, _)| PROSE.into_iter().any(|field| meaningful_text(old, field, lang).is_some()))
        .collect();
    let replaced = rows.iter().filter(|(old, now)| is_replaced(old, now, lang));
    Share {
        name: "texts-replaced",
        lang: Some(lang),
        subject: Subject::Rows(lang),
        damage: Damage::Rewritten,
        total: rows.len(),
        codes: replaced.map(|(old, _)| old.printed(lang).1).collect(),
    }
}

fn is_replaced(old: &Entry, now: &Entry, lang: Lang) -> bool {
    let texts = PROSE
        .into_iter()
        .filter_map(|field| Some((meaningful_text(old, field, lang)?, meaningful_text(now, field, lang)?)));
    let signs = usize::from(is_other_status(old, now, lang)) + usize::from(old.table != now.table);
    let (mut hidden, mut readable) = (0, 0);
    for (before, after) in texts {
        if !is_other(before, after) {
            return false;
        }
        let count = if is_digest(before) { &mut hidden } else { &mut readable };
        *count += 1;
    }
    // Any new word changes a digest, so three changed digests are no more evidence than one.
    signs + readable + hidden.min(1) > 1
}

/// Whether two texts say different things. Digests only show that texts differ.
fn is_other(before: &str, after: &str) -> bool {
    if same(before, after) || is_digest(before) || is_digest(after) {
        return !same(before, after);
    }
    let (old, new) = (words(before), words(after));
    let shared = old.intersection(&new).count();
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    let share = 2.0 * shared as f64 / (old.len() + new.len()).max(1) as f64;
    share < MIN_SHARED_WORDS
}

/// Returns the words of a text; for Chinese, every two successive characters.
fn words(text: &str) -> HashSet<String> {
    let folded: String = text.to_lowercase();
    let is_word = |word: &&str| !word.is_empty();
    let mut words = HashSet::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(is_word) {
        if word.is_ascii() {
            words.insert(word.to_owned());
        } else {
            let characters: Vec<char> = fold(word).chars().collect();
            words.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
    }
    words
}
