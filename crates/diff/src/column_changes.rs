//! Finds changes of a change column or a change language of a page.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{
    Drift, Entry, Field, Lang, Severity,
    drift::{ColumnChange, LanguageChange},
    severities::ChangeKind,
};

/// The minimum number of rows for a column change. In a table of one or two rows a single edited cell would already be
/// most of the column.
const MIN_COLUMN_ROWS: usize = 3;

/// Adds the added and dropped columns and languages to a drift whose `changed` is complete, and regrades the edits that
/// they cover.
pub(crate) fn add_to_drift(pairs: &[(&Entry, &Entry)], drift: &mut Drift) {
    drift.languages = find_language_changes(pairs);
    drift.columns = find_column_changes(pairs, &drift.languages);
    if drift.languages.is_empty() && drift.columns.is_empty() {
        return;
    }
    grade_covered_edits(drift);
}

fn find_language_changes(pairs: &[(&Entry, &Entry)]) -> Vec<LanguageChange> {
    let change = |lang: Lang| {
        let before = pairs.iter().any(|(old, _)| old.has(lang));
        let now = pairs.iter().any(|(_, new)| new.has(lang));
        (before != now).then_some(LanguageChange { lang, gained: now, severity: Severity::None })
    };
    Lang::ALL.into_iter().filter_map(change).collect()
}

/// The number of rows of a table, and in how many of them a column is filled before and after.
#[derive(Default)]
struct FilledCells {
    rows: usize,
    old: usize,
    new: usize,
}

impl FilledCells {
    /// Returns whether the column was added (`true`) or dropped (`false`). Returns `None` unless it is empty on one
    /// side and filled in most rows on the other.
    fn was_added(&self) -> Option<bool> {
        let is_majority = |filled: usize| self.rows >= MIN_COLUMN_ROWS && 2 * filled > self.rows;
        match (self.old, self.new) {
            (0, new) if is_majority(new) => Some(true),
            (old, 0) if is_majority(old) => Some(false),
            _ => None,
        }
    }
}

fn find_column_changes(pairs: &[(&Entry, &Entry)], languages: &[LanguageChange]) -> Vec<ColumnChange> {
    let mut tables: BTreeMap<(&str, Lang), Vec<(&Entry, &Entry)>> = BTreeMap::new();
    for &(old, new) in pairs {
        for lang in Lang::ALL.into_iter().filter(|lang| old.has(*lang) && new.has(*lang)) {
            tables.entry((&new.table, lang)).or_default().push((old, new));
        }
    }
    // All columns of an added or dropped language change with it.
    tables.retain(|(_, lang), _| !languages.iter().any(|change| change.lang == *lang));
    let changes = tables.into_iter().flat_map(|((table, lang), pairs)| {
        let changed_columns = count_filled_cells(&pairs, lang)
            .into_iter()
            .filter_map(|(column, filled)| Some((column, filled.was_added()?)));
        let change =
            |(column, gained)| ColumnChange { table: table.into(), lang, column, gained, severity: Severity::None };
        without_retitled(&pairs, lang, &changed_columns.collect::<Vec<_>>()).into_iter().map(change).collect::<Vec<_>>()
    });
    changes.collect()
}

fn count_filled_cells(pairs: &[(&Entry, &Entry)], lang: Lang) -> BTreeMap<String, FilledCells> {
    let mut columns: BTreeMap<String, FilledCells> = BTreeMap::new();
    for (old, new) in pairs {
        let (before, now) = (filled_cells(old, lang), filled_cells(new, lang));
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

/// Returns the filled cells of a row by column.
fn filled_cells(entry: &Entry, lang: Lang) -> BTreeMap<&str, &str> {
    let texts =
        Field::ALL.into_iter().filter_map(|field| Some((field.as_str(), entry.text(field)?.get(lang).as_str())));
    let extra = entry.extra.get(lang).iter().map(|(header, cell)| (header.as_str(), cell.as_str()));
    let status = ("status", entry.printed(lang).0);
    texts.chain(extra).chain([status]).filter(|(_, cell)| !cell.is_empty()).collect()
}

/// Drops columns without a role whose cells only moved under another header.
fn without_retitled(pairs: &[(&Entry, &Entry)], lang: Lang, changed: &[(String, bool)]) -> Vec<(String, bool)> {
    let is_retitled = |from: &str, to: &str| {
        let cell = |entry: &Entry, header: &str| entry.extra.get(lang).get(header).cloned();
        let same = pairs.iter().filter(|(old, new)| cell(old, from).is_some() && cell(old, from) == cell(new, to));
        2 * same.count() > pairs.len()
    };
    let is_kept = |(column, gained): &(String, bool)| {
        let mut others = changed.iter().filter(|(_, other)| other != gained);
        !others.any(|(other, _)| if *gained { is_retitled(other, column) } else { is_retitled(column, other) })
    };
    changed.iter().filter(|column| is_kept(column)).cloned().collect()
}

/// Gives covered edits the severity that sources.toml sets for column and language changes, and gives those changes the
/// highest severity of their edits.
fn grade_covered_edits(drift: &mut Drift) {
    let Drift { changed, languages, columns, severities, .. } = drift;
    for change in changed {
        let table = &change.key.table;
        for edit in &mut change.edits {
            let language_changes = languages.iter_mut().filter(|change| change.covers(edit));
            let column_changes = columns.iter_mut().filter(|change| change.covers(table, edit));
            let covering: Vec<(ChangeKind, &mut Severity)> = language_changes
                .map(|change| (ChangeKind::Language, &mut change.severity))
                .chain(column_changes.map(|change| (ChangeKind::Column, &mut change.severity)))
                .collect();
            for (kind, max_severity) in covering {
                edit.severity = severities.get_explicit(kind).unwrap_or(edit.severity);
                *max_severity = edit.severity.max(*max_severity);
            }
        }
        change.severity = change.edits.iter().map(|edit| edit.severity).max().unwrap_or_default();
    }
}
