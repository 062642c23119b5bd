//! Detects what the new state lacks: rows, texts, columns, statuses, tables.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{
    Drift, Entry, Field, Lang, Snapshot,
    check::{Check, Figure, Limit},
    drift::ColumnChange,
    reason::{Damage, LostColumn, LostTable, PageProblem, Reason, Subject},
    thresholds::{Threshold, Thresholds},
};

use super::{
    check::{Share, as_u64, check_without_limit, sample},
    comparison::{EntryComparison, PROSE, has_anywhere, is_blank, is_placeholder, meaningful_text},
    truncation::{ends_in_dots, is_beginning},
};

/// The share of a single table that may be lost at least, in percent. A small part of a source may be a large part of
/// one of its tables.
const MIN_TABLE_LIMIT_PERCENT: u64 = 50;
/// A text that is shorter by at most so many characters lost a full stop or dots, not words.
const MAX_STYLE_CHARS: usize = 3;

/// Checks a page for lost rows, codes, statuses and texts.
pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let (total, codes) = comparison.rows_in(lang);
    let rows =
        Share { name: "rows-lost", lang: Some(lang), subject: Subject::Rows(lang), damage: Damage::Gone, total, codes };
    let mut checks = vec![
        rows.into_check(thresholds, Threshold::LostPercent),
        emptied_codes(comparison, lang).into_check(thresholds, Threshold::EmptiedPercent),
        check_unfilled_codes(comparison, lang),
        lost_statuses(comparison, lang).into_check(thresholds, Threshold::LostPercent),
    ];
    let shares = PROSE.into_iter().chain([Field::Group]).filter_map(|field| lost_texts(comparison, field, lang));
    let shares = shares.chain(PROSE.into_iter().filter_map(|field| clipped_texts(comparison, field, lang)));
    checks.extend(shares.map(|share| share.into_check(thresholds, Threshold::EmptiedPercent)));
    checks
}

/// Finds rows that are still there without their code.
fn emptied_codes<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let with_code = || comparison.pairs_in(lang).filter(|(old, _)| !is_blank(old.printed(lang).1));
    let emptied = with_code().filter(|(_, now)| is_blank(now.printed(lang).1));
    Share {
        name: "codes-emptied",
        lang: Some(lang),
        subject: Subject::Rows(lang),
        damage: Damage::CodeGone,
        total: with_code().count(),
        codes: emptied.map(|(old, _)| old.printed(lang).1).collect(),
    }
}

/// Checks for codes that are placeholders or cut. No error has such a code, so one is enough to fail.
fn check_unfilled_codes(comparison: &EntryComparison<'_>, lang: Lang) -> Check {
    let is_unfilled = |code: &&str| is_placeholder(code) || ends_in_dots(code);
    let find = |snapshot: &'_ Snapshot| -> BTreeSet<String> {
        let codes = snapshot.entries.iter().filter(|entry| entry.has(lang)).map(|entry| entry.printed(lang).1);
        codes.filter(is_unfilled).map(str::to_owned).collect()
    };
    let (before, now) = (find(comparison.last), find(comparison.new));
    let new: Vec<&str> = now.difference(&before).map(String::as_str).collect();
    let codes = sample(&new);
    let reason = (!new.is_empty()).then(|| Reason::page(lang, PageProblem::CodesUnfilled(codes.clone())));
    Check {
        subject: Subject::Codes(Some(lang)),
        sample: codes.codes.clone(),
        ..check_without_limit("codes-unfilled", Some(lang), Figure::Unfilled(new.len()), reason)
    }
}

/// Finds texts of a column of which only the beginning is left; `None` where the column had no texts.
fn clipped_texts<'a>(comparison: &EntryComparison<'a>, field: Field, lang: Lang) -> Option<Share<'a>> {
    let texts: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| Some((old, meaningful_text(old, field, lang)?, meaningful_text(now, field, lang)?)))
        .collect();
    (!texts.is_empty()).then(|| Share {
        name: "texts-clipped",
        lang: Some(lang),
        subject: Subject::Texts(field, lang),
        damage: Damage::Clipped,
        total: texts.len(),
        codes: texts.iter().filter(|(_, old, now)| is_clipped(old, now)).map(|(old, ..)| old.printed(lang).1).collect(),
    })
}

/// Whether a text is only the beginning of what it was. A missing full stop does not count.
fn is_clipped(old: &str, now: &str) -> bool {
    let whole = now.trim_end_matches(['…', '.', '。', ' ']);
    let rest = || old.chars().count().saturating_sub(whole.chars().count());
    !ends_in_dots(old)
        && rest() > MAX_STYLE_CHARS
        && (is_beginning(now, old) || (ends_in_dots(now) && is_beginning(whole, old)))
}

/// Finds texts of a column that rows lost which are still there; `None` where the column had no texts.
fn lost_texts<'a>(comparison: &EntryComparison<'a>, field: Field, lang: Lang) -> Option<Share<'a>> {
    let texts: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| Some((old, now, meaningful_text(old, field, lang)?)))
        .collect();
    // A column under another header may be read as another field: its texts are still there.
    let is_lost = |(_, now, text): &&(&Entry, &Entry, &str)| {
        meaningful_text(now, field, lang).is_none() && !has_anywhere(now, text, lang)
    };
    (!texts.is_empty()).then(|| Share {
        name: "texts-lost",
        lang: Some(lang),
        subject: Subject::Texts(field, lang),
        damage: Damage::Gone,
        total: texts.len(),
        codes: texts.iter().filter(is_lost).map(|(old, ..)| old.printed(lang).1).collect(),
    })
}

/// Checks the source as a whole for lost codes, columns and tables.
pub(super) fn check_source(comparison: &EntryComparison<'_>, drift: &Drift, thresholds: &Thresholds) -> Vec<Check> {
    let codes = Share {
        name: "codes-lost",
        lang: None,
        subject: Subject::Codes(None),
        damage: Damage::Gone,
        total: comparison.last.entries.len(),
        codes: drift.removed.iter().map(|key| key.code.as_str()).collect(),
    };
    vec![
        codes.into_check(thresholds, Threshold::LostPercent),
        check_columns(comparison, drift),
        check_tables(comparison, thresholds),
    ]
}

/// Finds HTTP statuses that are gone from rows which are still there.
fn lost_statuses<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let with_status: Vec<_> = comparison.pairs_in(lang).filter(|(old, _)| !is_blank(old.printed(lang).0)).collect();
    let is_lost =
        |(old, now): &&(&Entry, &Entry)| is_blank(now.printed(lang).0) && !has_anywhere(now, old.printed(lang).0, lang);
    Share {
        name: "statuses-lost",
        lang: Some(lang),
        subject: Subject::Statuses(lang),
        damage: Damage::Gone,
        total: with_status.len(),
        codes: with_status.iter().filter(is_lost).map(|(old, _)| old.printed(lang).1).collect(),
    }
}

/// Checks for columns of single tables that are gone with their texts.
fn check_columns(comparison: &EntryComparison<'_>, drift: &Drift) -> Check {
    let is_column_lost = |change: &&ColumnChange| !change.gained && is_lost(comparison, change);
    let lost: Vec<LostColumn> = drift.columns.iter().filter(is_column_lost).map(lost_column).collect();
    let figure = Figure::Gone(lost.len());
    let reason = (!lost.is_empty()).then_some(Reason::ColumnsLost(lost));
    Check { subject: Subject::Columns, ..check_without_limit("columns-lost", None, figure, reason) }
}

fn lost_column(change: &ColumnChange) -> LostColumn {
    LostColumn { column: change.column.clone(), table: change.table.clone(), lang: change.lang }
}

/// Whether most of the column's texts are in no column of their rows any more.
fn is_lost(comparison: &EntryComparison<'_>, change: &ColumnChange) -> bool {
    let lang = change.lang;
    let rows: Vec<_> = comparison.pairs_in(lang).filter(|(_, now)| now.table == change.table).collect();
    let is_gone = |(old, now): &&(&Entry, &Entry)| {
        find_cell(old, &change.column, lang).is_some_and(|cell| !is_blank(cell) && !has_anywhere(now, cell, lang))
    };
    rows.iter().filter(is_gone).count() * 2 > rows.len()
}

/// Returns the cell of an entry in the column with this field name or header.
fn find_cell<'a>(entry: &'a Entry, column: &str, lang: Lang) -> Option<&'a str> {
    match Field::ALL.into_iter().find(|field| field.as_str() == column).and_then(|field| entry.text(field)) {
        Some(text) => Some(text.get(lang)),
        None if column == "status" => Some(entry.printed(lang).0),
        None => entry.extra.get(lang).get(column).map(String::as_str),
    }
}

/// Checks for tables that lost most of their rows while others are complete: they did not load, or were read as something
/// else.
fn check_tables(comparison: &EntryComparison<'_>, thresholds: &Thresholds) -> Check {
    let mut tables: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for (entry, now) in &comparison.entries {
        let (total, lost) = tables.entry(entry.table.as_str()).or_default();
        *total += 1;
        lost.extend(now.is_none().then_some(entry.code.as_str()));
    }
    let few = thresholds.get(Threshold::LostFew);
    let percent = thresholds.get(Threshold::LostPercent).max(MIN_TABLE_LIMIT_PERCENT);
    let is_lost = |(total, lost): &(usize, Vec<&str>)| {
        let lost = as_u64(lost.len());
        lost > few && (lost * 100 > as_u64(*total) * percent)
    };
    let whole = tables.len();
    let lost = tables.into_iter().filter(|(_, table)| is_lost(table));
    let lost: Vec<LostTable> = lost
        .map(|(title, (total, codes))| LostTable { title: title.to_owned(), codes: sample(&codes), total })
        .collect();
    Check {
        name: "tables-lost",
        lang: None,
        subject: Subject::Tables,
        figure: Figure::Tables { part: lost.len(), whole },
        limit: Some(Limit::ShareOfTable { percent, few }),
        sample: lost.iter().map(|table| table.title.clone()).collect(),
        reason: (!lost.is_empty()).then_some(Reason::TablesLost(lost)),
    }
}
