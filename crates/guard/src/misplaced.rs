//! Detects content in the wrong place: cells that slipped into other rows or columns, and rows that are there twice.

use std::{borrow::Cow, collections::HashMap};

use docdrift_model::{
    Entry, Field, Lang, Snapshot,
    check::Check,
    reason::{Damage, Subject},
    text::{is_digest, published, same},
    thresholds::{Threshold, Thresholds},
};

use super::{
    check::Share,
    comparison::{EntryComparison, PROSE, meaningful_text},
};

/// Checks a page for misplaced texts and for doubled rows.
pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let texts = |snapshot: &'_ Snapshot| -> Vec<String> {
        let texts =
            snapshot.entries.iter().flat_map(|entry| PROSE.map(|field| meaningful_text(entry, field, lang))).flatten();
        texts.map(str::to_owned).collect()
    };
    let last = texts(comparison.last);
    // Where the last snapshot has digests in place of texts, digests are compared.
    let key = if last.iter().any(|text| is_digest(text)) { digest_key } else { text_key };
    let owner_counts = count_each(last.iter().map(|text| key(text)));
    let misplaced = PROSE.into_iter().filter_map(|field| misplaced_texts(comparison, field, lang, &owner_counts, key));
    let misplaced = misplaced.map(|share| share.into_check(thresholds, Threshold::StrayedPercent));
    misplaced.chain([doubled_rows(comparison, lang).into_check(thresholds, Threshold::LostPercent)]).collect()
}

/// Returns the form in which texts are compared.
type Key = for<'t> fn(&'t str) -> Cow<'t, str>;

fn text_key(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn digest_key(text: &str) -> Cow<'_, str> {
    Cow::Owned(published(text))
}

/// Finds texts that belonged to another error or another column before. One text for all rows is the same damage.
fn misplaced_texts<'a>(
    comparison: &EntryComparison<'a>,
    field: Field,
    lang: Lang,
    owner_counts: &HashMap<Cow<'_, str>, usize>,
    key: Key,
) -> Option<Share<'a>> {
    let texts: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| {
            Some((old, now, key(meaningful_text(old, field, lang)?), key(meaningful_text(now, field, lang)?)))
        })
        .collect();
    let (before, after) = (count_each(texts.iter().map(|text| &text.2)), count_each(texts.iter().map(|text| &text.3)));
    let most_before = before.values().copied().max().unwrap_or_default();
    let is_misplaced = |(entry, row, old, now): &&(&Entry, &Entry, Cow<'_, str>, Cow<'_, str>)| {
        // A text that many errors share may gain one more; a text that a single error had was moved.
        let is_from_elsewhere = || owner_counts.get(now) == Some(&1) || was_in_other_column(entry, field, now, lang);
        let count = after.get(now).copied().unwrap_or_default();
        let is_for_all = count * 2 > texts.len() && count > most_before * 2;
        old != now && (is_for_all || (is_from_elsewhere() && !is_repeated(entry, row, field, now, lang)))
    };
    (!texts.is_empty()).then(|| Share {
        name: "texts-strayed",
        lang: Some(lang),
        subject: Subject::Texts(field, lang),
        damage: Damage::Misplaced,
        total: texts.len(),
        codes: texts.iter().filter(is_misplaced).map(|(entry, ..)| entry.printed(lang).1).collect(),
    })
}

/// Whether another column of the row had this text.
fn was_in_other_column(entry: &Entry, field: Field, text: &str, lang: Lang) -> bool {
    PROSE
        .into_iter()
        .any(|other| other != field && meaningful_text(entry, other, lang).is_some_and(|other| same(other, text)))
}

/// Whether the text repeats another column of the row, which had it before and still has it.
fn is_repeated(old: &Entry, now: &Entry, field: Field, text: &str, lang: Lang) -> bool {
    let has = |entry: &Entry, other: Field| meaningful_text(entry, other, lang).is_some_and(|other| same(other, text));
    PROSE.into_iter().any(|other| other != field && has(old, other) && has(now, other))
}

/// Counts how often each value occurs.
fn count_each<T: Eq + std::hash::Hash>(texts: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts
}

/// The status, the code and the texts of a row, without its table.
type Row<'a> = (&'a str, &'a str, [&'a str; PROSE.len()]);

/// Finds rows that occur at least twice as often as before, word for word: the page contains most of itself twice.
fn doubled_rows<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let rows = |snapshot: &'a Snapshot| {
        let mut rows: HashMap<Row<'a>, usize> = HashMap::new();
        for entry in snapshot.entries.iter().filter(|entry| entry.has(lang)) {
            let texts = PROSE.map(|field| entry.text(field).map_or("", |text| text.get(lang)));
            let (status, code) = entry.printed(lang);
            *rows.entry((status, code, texts)).or_default() += 1;
        }
        rows
    };
    let (before, now) = (rows(comparison.last), rows(comparison.new));
    let doubled = before.iter().filter(|(row, count)| now.get(*row).is_some_and(|now| now >= &(*count * 2)));
    let mut codes: Vec<&str> = doubled.map(|(row, _)| row.1).collect();
    codes.sort_unstable();
    Share {
        name: "rows-doubled",
        lang: Some(lang),
        subject: Subject::Rows(lang),
        damage: Damage::Doubled,
        total: before.len(),
        codes,
    }
}
