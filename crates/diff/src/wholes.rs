//! What changed as a whole: a column or a language of a page that came or went.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{ChangeKind, ColumnChange, Drift, Entry, Field, Lang, LanguageChange, Severity};

/// A column of fewer rows is told row by row.
const MIN_ROWS: usize = 3;

/// Adds the columns and languages that came or went to a drift whose `changed` is complete, and weighs the edits that
/// they cover.
pub(crate) fn tell(pairs: &[(&Entry, &Entry)], drift: &mut Drift) {
    drift.languages = languages(pairs);
    drift.columns = columns(pairs, &drift.languages);
    if drift.languages.is_empty() && drift.columns.is_empty() {
        return;
    }
    weigh(drift);
}

fn languages(pairs: &[(&Entry, &Entry)]) -> Vec<LanguageChange> {
    let change = |lang: Lang| {
        let before = pairs.iter().any(|(old, _)| old.has(lang));
        let now = pairs.iter().any(|(_, new)| new.has(lang));
        (before != now).then_some(LanguageChange { lang, gained: now, severity: Severity::None })
    };
    Lang::ALL.into_iter().filter_map(change).collect()
}

/// How many rows of a column are filled before and now, and how many there are.
#[derive(Default)]
struct Filled {
    rows: usize,
    old: usize,
    new: usize,
}

impl Filled {
    /// Whether the column came (`true`) or went, if it did: there is none on one side, and most rows have it on the
    /// other.
    fn turned(&self) -> Option<bool> {
        let most = |filled: usize| self.rows >= MIN_ROWS && 2 * filled > self.rows;
        match (self.old, self.new) {
            (0, new) if most(new) => Some(true),
            (old, 0) if most(old) => Some(false),
            _ => None,
        }
    }
}

fn columns(pairs: &[(&Entry, &Entry)], languages: &[LanguageChange]) -> Vec<ColumnChange> {
    let mut tables: BTreeMap<(&str, Lang), Vec<(&Entry, &Entry)>> = BTreeMap::new();
    for &(old, new) in pairs {
        for lang in Lang::ALL.into_iter().filter(|lang| old.has(*lang) && new.has(*lang)) {
            tables.entry((&new.table, lang)).or_default().push((old, new));
        }
    }
    // A language that came or went brings or takes all its columns.
    tables.retain(|(_, lang), _| !languages.iter().any(|change| change.lang == *lang));
    let changes = tables.into_iter().flat_map(|((table, lang), pairs)| {
        let turned =
            columns_of(&pairs, lang).into_iter().filter_map(|(column, filled)| Some((column, filled.turned()?)));
        let change =
            |(column, gained)| ColumnChange { table: table.into(), lang, column, gained, severity: Severity::None };
        without_retitled(&pairs, lang, &turned.collect::<Vec<_>>()).into_iter().map(change).collect::<Vec<_>>()
    });
    changes.collect()
}

fn columns_of(pairs: &[(&Entry, &Entry)], lang: Lang) -> BTreeMap<String, Filled> {
    let mut columns: BTreeMap<String, Filled> = BTreeMap::new();
    for (old, new) in pairs {
        let (before, now) = (cells(old, lang), cells(new, lang));
        for column in before.keys().chain(now.keys()).copied().collect::<BTreeSet<_>>() {
            let filled = columns.entry(column.to_owned()).or_default();
            filled.old += usize::from(before.contains_key(column));
            filled.new += usize::from(now.contains_key(column));
        }
    }
    for filled in columns.values_mut() {
        filled.rows = pairs.len();
    }
    columns
}

/// The filled cells of a row by column.
fn cells(entry: &Entry, lang: Lang) -> BTreeMap<&str, &str> {
    let texts =
        Field::ALL.into_iter().filter_map(|field| Some((field.as_str(), entry.text(field)?.get(lang).as_str())));
    let extra = entry.extra.get(lang).iter().map(|(header, cell)| (header.as_str(), cell.as_str()));
    let status = ("status", entry.printed(lang).0);
    texts.chain(extra).chain([status]).filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Leaves out a column without a role whose cells only stand under another header now.
fn without_retitled(pairs: &[(&Entry, &Entry)], lang: Lang, turned: &[(String, bool)]) -> Vec<(String, bool)> {
    let is_retitled = |from: &str, to: &str| {
        let cell = |entry: &Entry, header: &str| entry.extra.get(lang).get(header).cloned();
        let same = pairs.iter().filter(|(old, new)| cell(old, from).is_some() && cell(old, from) == cell(new, to));
        2 * same.count() > pairs.len()
    };
    let is_kept = |(column, gained): &(String, bool)| {
        let mut others = turned.iter().filter(|(_, other)| other != gained);
        !others.any(|(other, _)| if *gained { is_retitled(other, column) } else { is_retitled(column, other) })
    };
    turned.iter().filter(|turn| is_kept(turn)).cloned().collect()
}

/// Weighs the edits that a column or language covers as sources.toml says of those, and those by their edits.
fn weigh(drift: &mut Drift) {
    let Drift { changed, languages, columns, severities, .. } = drift;
    for change in changed {
        let table = &change.key.table;
        for edit in &mut change.edits {
            let of_language = languages.iter_mut().filter(|whole| whole.covers(edit));
            let of_column = columns.iter_mut().filter(|whole| whole.covers(table, edit));
            let wholes: Vec<(ChangeKind, &mut Severity)> = of_language
                .map(|whole| (ChangeKind::Language, &mut whole.severity))
                .chain(of_column.map(|whole| (ChangeKind::Column, &mut whole.severity)))
                .collect();
            for (kind, gravest) in wholes {
                edit.severity = severities.said(kind).unwrap_or(edit.severity);
                *gravest = edit.severity.max(*gravest);
            }
        }
        change.severity = change.edits.iter().map(|edit| edit.severity).max().unwrap_or_default();
    }
}
