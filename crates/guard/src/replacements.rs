//! What became something else altogether: codes, statuses, all the texts of a row. Another page stands there.

use std::collections::{BTreeMap, HashSet};

use docdrift_model::{
    Entry, Lang, Threshold, Thresholds, status_numbers,
    text::{fold, is_digest, same},
};

use super::{
    check::{Check, Share},
    comparison::{EntryComparison, PROSE, meaningful_text},
};

/// A prefix is exchanged where so many codes exchanged the same one.
const ALIKE: usize = 3;
/// Texts that share a smaller part of their words say different things.
const SHARED: f64 = 0.3;

pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let into_check = |share: Share<'_>| share.into_check(thresholds, Threshold::ReplacedPercent);
    vec![
        into_check(codes(comparison, lang)),
        into_check(statuses(comparison, lang)),
        into_check(texts(comparison, lang)),
    ]
}

fn statuses<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let had = || comparison.pairs_in(lang).filter(|(old, _)| !status_numbers(old.printed(lang).0).is_empty());
    let changed = had().filter(|(old, now)| is_other_status(old, now, lang));
    Share {
        name: "statuses-replaced",
        lang: Some(lang),
        what: format!("HTTP statuses of the {lang} page"),
        became: "are others now",
        before: had().count(),
        codes: changed.map(|(old, _)| old.printed(lang).1).collect(),
    }
}

fn is_other_status(old: &Entry, now: &Entry, lang: Lang) -> bool {
    let [before, after] = [old, now].map(|entry| status_numbers(entry.printed(lang).0));
    !after.is_empty() && !before.is_empty() && !before.iter().any(|number| after.contains(number))
}

/// Errors with the same texts under other codes, unless these only exchanged their prefix or changed their spelling.
fn codes<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let pairs: Vec<(&str, &str)> =
        comparison.pairs_in(lang).map(|(old, now)| (old.printed(lang).1, now.printed(lang).1)).collect();
    let other: Vec<(&str, &str)> =
        pairs.iter().copied().filter(|(old, now)| old != now && letters(old) != letters(now)).collect();
    let mut prefixes: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for prefix in other.iter().filter_map(|(old, now)| exchanged(old, now)) {
        *prefixes.entry(prefix).or_default() += 1;
    }
    let mut parts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for part in other.iter().map(|(old, now)| differing(old, now)) {
        *parts.entry(part).or_default() += 1;
    }
    let is_alike = |(old, now): &(&str, &str)| {
        let has_prefix = |prefix| prefixes.get(&prefix).is_some_and(|count| *count >= ALIKE);
        // Anywhere in a code, a few may have a part exchanged by chance, but not most.
        let is_common = |count: &usize| *count >= ALIKE && count * 2 > other.len();
        exchanged(old, now).is_some_and(has_prefix) || parts.get(&differing(old, now)).is_some_and(is_common)
    };
    Share {
        name: "codes-replaced",
        lang: Some(lang),
        what: format!("error codes of the {lang} page"),
        became: "are others now",
        before: pairs.len(),
        codes: other.iter().filter(|pair| !is_alike(pair)).map(|(old, _)| *old).collect(),
    }
}

fn letters(code: &str) -> String {
    code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The prefixes of two codes whose rest is the same, where the rest is a whole piece of a code.
fn exchanged<'a>(old: &'a str, now: &'a str) -> Option<(&'a str, &'a str)> {
    pieces(old).find_map(|(from, rest)| {
        let to = now.strip_suffix(rest)?;
        pieces(now).any(|(prefix, _)| prefix == to).then_some((from, to))
    })
}

/// What is different in two codes, between what they begin and end with alike.
fn differing<'a>(old: &'a str, now: &'a str) -> (&'a str, &'a str) {
    let same: usize = old.chars().zip(now.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (old, now) = (old.get(same..).unwrap_or_default(), now.get(same..).unwrap_or_default());
    let ends = old.chars().rev().zip(now.chars().rev()).take_while(|(a, b)| a == b);
    let same: usize = ends.map(|(a, _)| a.len_utf8()).sum();
    (old.get(..old.len() - same).unwrap_or_default(), now.get(..now.len() - same).unwrap_or_default())
}

/// Where a code may be cut into prefix and rest, the longest rest first: before it, after a separator, before its last
/// digits.
fn pieces(code: &str) -> impl Iterator<Item = (&str, &str)> {
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

/// Rows that comparison nothing but their code: all their texts say something else, and another sign says so too, a second
/// text, their status or their table.
fn texts<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let rows: Vec<_> = comparison
        .pairs_in(lang)
        .filter(|(old, _)| PROSE.into_iter().any(|field| meaningful_text(old, field, lang).is_some()))
        .collect();
    let replaced = rows.iter().filter(|(old, now)| is_replaced(old, now, lang));
    Share {
        name: "texts-replaced",
        lang: Some(lang),
        what: format!("rows of the {lang} page"),
        became: "comparison their code and say something else altogether",
        before: rows.len(),
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
    // That digests differ says no more for three texts than for one: a word more in each is enough.
    signs + readable + hidden.min(1) > 1
}

/// Whether two texts say different things. Of texts that are not published only that they differ is known.
fn is_other(before: &str, after: &str) -> bool {
    if same(before, after) || is_digest(before) || is_digest(after) {
        return !same(before, after);
    }
    let (old, new) = (words(before), words(after));
    let shared = old.intersection(&new).count();
    #[expect(clippy::cast_precision_loss, reason = "no text has so many words")]
    let share = 2.0 * shared as f64 / (old.len() + new.len()).max(1) as f64;
    share < SHARED
}

/// The words of a text; of Chinese, each two characters that follow each other.
fn words(text: &str) -> HashSet<String> {
    let folded: String = text.to_lowercase();
    let spoken = |word: &&str| !word.is_empty();
    let mut words = HashSet::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(spoken) {
        if word.is_ascii() {
            words.insert(word.to_owned());
        } else {
            let characters: Vec<char> = fold(word).chars().collect();
            words.extend(characters.windows(2).map(|pair| pair.iter().collect::<String>()));
        }
    }
    words
}
