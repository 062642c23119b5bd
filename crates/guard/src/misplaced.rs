//! What the new state has in the place of what was there: cells that slipped, rows told twice.

use std::{borrow::Cow, collections::HashMap};

use docdrift_model::{
    Entry, Field, Lang, Snapshot, Threshold, Thresholds,
    text::{is_digest, published, same},
};

use super::{
    check::{Check, Share},
    comparison::{EntryComparison, PROSE, meaningful_text},
};

/// Which cells of a page stand where others belong.
pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let texts = |snapshot: &'_ Snapshot| -> Vec<String> {
        let texts =
            snapshot.entries.iter().flat_map(|entry| PROSE.map(|field| meaningful_text(entry, field, lang))).flatten();
        texts.map(str::to_owned).collect()
    };
    let last = texts(comparison.last);
    // What was hidden before must be found in what can be read now, and the other way round.
    let key = if last.iter().any(|text| is_digest(text)) { hidden } else { plain };
    let owners = counted(last.iter().map(|text| key(text)));
    let strayed = PROSE.into_iter().filter_map(|field| strayed(comparison, field, lang, &owners, key));
    let strayed = strayed.map(|share| share.into_check(thresholds, Threshold::StrayedPercent));
    strayed.chain([doubled(comparison, lang).into_check(thresholds, Threshold::LostPercent)]).collect()
}

/// What a text is known by.
type Key = for<'t> fn(&'t str) -> Cow<'t, str>;

fn plain(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn hidden(text: &str) -> Cow<'_, str> {
    Cow::Owned(published(text))
}

/// Texts that stood with another error, or in another column, before: cells that slipped. One text for all is the same
/// damage.
fn strayed<'a>(
    comparison: &EntryComparison<'a>,
    field: Field,
    lang: Lang,
    owners: &HashMap<Cow<'_, str>, usize>,
    key: Key,
) -> Option<Share<'a>> {
    let texts: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| {
            Some((old, now, key(meaningful_text(old, field, lang)?), key(meaningful_text(now, field, lang)?)))
        })
        .collect();
    let (before, after) = (counted(texts.iter().map(|text| &text.2)), counted(texts.iter().map(|text| &text.3)));
    let most_before = before.values().copied().max().unwrap_or_default();
    let is_strayed = |(entry, row, old, now): &&(&Entry, &Entry, Cow<'_, str>, Cow<'_, str>)| {
        // A text that many errors share is shared by one more; one that a single error had was moved.
        let is_anothers = || owners.get(now) == Some(&1) || stood_beside(entry, field, now, lang);
        let count = after.get(now).copied().unwrap_or_default();
        let is_for_all = count * 2 > texts.len() && count > most_before * 2;
        old != now && (is_for_all || (is_anothers() && !is_repeated(entry, row, field, now, lang)))
    };
    (!texts.is_empty()).then(|| Share {
        name: "texts-strayed",
        lang: Some(lang),
        what: format!("texts in the {} column of the {lang} page", field.as_str()),
        became: "are now those of other errors or columns, or all alike",
        before: texts.len(),
        codes: texts.iter().filter(is_strayed).map(|(entry, ..)| entry.printed(lang).1).collect(),
    })
}

/// Whether a text of the row stood in another of its columns.
fn stood_beside(entry: &Entry, field: Field, text: &str, lang: Lang) -> bool {
    PROSE
        .into_iter()
        .any(|other| other != field && meaningful_text(entry, other, lang).is_some_and(|other| same(other, text)))
}

/// Whether the row says a text of another column, which still has it, once more.
fn is_repeated(old: &Entry, now: &Entry, field: Field, text: &str, lang: Lang) -> bool {
    let has = |entry: &Entry, other: Field| meaningful_text(entry, other, lang).is_some_and(|other| same(other, text));
    PROSE.into_iter().any(|other| other != field && has(old, other) && has(now, other))
}

fn counted<T: Eq + std::hash::Hash>(texts: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts
}

/// What a row says, whichever table it stands in.
type Row<'a> = (&'a str, &'a str, [&'a str; PROSE.len()]);

/// Rows that stand on the page once more than before, word for word: the page, or most of it, was put there twice.
fn doubled<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
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
        what: format!("rows of the {lang} page"),
        became: "stand there twice",
        before: before.len(),
        codes,
    }
}
