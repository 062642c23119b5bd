//! What the new state lacks: rows, texts, columns, statuses, tables.

use std::collections::BTreeMap;

use docdrift_model::{ColumnChange, Drift, Entry, Field, Lang, Threshold, Thresholds};

use super::{
    check::{Check, Share, Verdict, as_u64, in_brackets, sampled},
    kept::{Kept, PROSE, has_anywhere, is_blank, told},
};

/// The share of a single table that may go at least, in percent: what is small in the source may be much of one table.
const MOST: u64 = 50;

/// What a page lost in rows and texts.
pub(super) fn of_page(kept: &Kept<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let (before, codes) = kept.rows_of(lang);
    let rows = Share {
        name: "rows-lost",
        lang: Some(lang),
        what: format!("rows of the {lang} page"),
        became: "are gone",
        before,
        codes,
    };
    let texts = PROSE.into_iter().chain([Field::Group]).filter_map(|field| texts(kept, field, lang));
    let texts = texts.map(|share| share.weighed(thresholds, Threshold::EmptiedPercent));
    [rows.weighed(thresholds, Threshold::LostPercent)].into_iter().chain(texts).collect()
}

/// The texts of one column that rows lost which are still there; `None` where it had none.
fn texts<'a>(kept: &Kept<'a>, field: Field, lang: Lang) -> Option<Share<'a>> {
    let had: Vec<_> = kept.pairs_of(lang).filter_map(|(old, now)| Some((old, now, told(old, field, lang)?))).collect();
    // A column under another header may be read as another field: its texts are still there.
    let is_lost =
        |(_, now, text): &&(&Entry, &Entry, &str)| told(now, field, lang).is_none() && !has_anywhere(now, text, lang);
    (!had.is_empty()).then(|| Share {
        name: "texts-lost",
        lang: Some(lang),
        what: format!("texts in the {} column of the {lang} page", field.as_str()),
        became: "are gone",
        before: had.len(),
        codes: had.iter().filter(is_lost).map(|(old, ..)| old.printed(lang).1).collect(),
    })
}

/// What the source lost as a whole.
pub(super) fn of_source(kept: &Kept<'_>, drift: &Drift, thresholds: &Thresholds) -> Vec<Check> {
    let codes = Share {
        name: "codes-lost",
        lang: None,
        what: "error codes of the source".into(),
        became: "are gone",
        before: kept.last.entries.len(),
        codes: drift.removed.iter().map(|key| key.code.as_str()).collect(),
    };
    vec![
        codes.weighed(thresholds, Threshold::LostPercent),
        statuses(kept).weighed(thresholds, Threshold::LostPercent),
        columns(kept, drift),
        tables(kept, thresholds),
    ]
}

fn statuses<'a>(kept: &Kept<'a>) -> Share<'a> {
    let had: Vec<_> = kept.pairs().filter(|(old, _)| !is_blank(&old.status)).collect();
    let is_lost = |(old, now): &&(&Entry, &Entry)| {
        is_blank(&now.status) && !Lang::ALL.iter().any(|lang| has_anywhere(now, &old.status, *lang))
    };
    Share {
        name: "statuses-lost",
        lang: None,
        what: "HTTP statuses".into(),
        became: "are gone",
        before: had.len(),
        codes: had.iter().filter(is_lost).map(|(old, _)| old.code.as_str()).collect(),
    }
}

/// Columns of single tables that went with their texts.
fn columns(kept: &Kept<'_>, drift: &Drift) -> Check {
    let lost = drift.columns.iter().filter(|change| !change.gained && is_lost(kept, change));
    let lost: Vec<String> =
        lost.map(|change| format!("“{}” of the table “{}” ({})", change.column, change.table, change.lang)).collect();
    let reason = (!lost.is_empty()).then(|| format!("columns that are gone: {}", lost.join(", ")));
    Check { what: "columns".into(), ..Check::told("columns-lost", None, &format!("{} gone", lost.len()), reason) }
}

/// Whether most of the column's texts are nowhere in their rows any more.
fn is_lost(kept: &Kept<'_>, change: &ColumnChange) -> bool {
    let lang = change.lang;
    let rows: Vec<_> = kept.pairs_of(lang).filter(|(_, now)| now.table == change.table).collect();
    let is_gone = |(old, now): &&(&Entry, &Entry)| {
        column(old, &change.column, lang).is_some_and(|cell| !is_blank(cell) && !has_anywhere(now, cell, lang))
    };
    rows.iter().filter(is_gone).count() * 2 > rows.len()
}

fn column<'a>(entry: &'a Entry, column: &str, lang: Lang) -> Option<&'a str> {
    match Field::ALL.into_iter().find(|field| field.as_str() == column).and_then(|field| entry.text(field)) {
        Some(text) => Some(text.get(lang)),
        None if column == "status" => Some(entry.printed(lang).0),
        None => entry.extra.get(lang).get(column).map(String::as_str),
    }
}

/// Tables of which most is gone while others are whole: they did not load, or were taken for something else.
fn tables(kept: &Kept<'_>, thresholds: &Thresholds) -> Check {
    let mut tables: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for (entry, now) in &kept.entries {
        let (rows, gone) = tables.entry(entry.table.as_str()).or_default();
        *rows += 1;
        gone.extend(now.is_none().then_some(entry.code.as_str()));
    }
    let few = thresholds.of(Threshold::LostFew);
    let most = thresholds.of(Threshold::LostPercent).max(MOST);
    let is_lost = |(rows, gone): &(usize, Vec<&str>)| {
        let lost = as_u64(gone.len());
        lost > few && (lost * 100 > as_u64(*rows) * most)
    };
    let count = tables.len();
    let lost: Vec<_> = tables.into_iter().filter(|(_, table)| is_lost(table)).collect();
    let reason = |(title, (rows, gone)): &(&str, (usize, Vec<&str>))| {
        let told = in_brackets(&sampled(gone), gone.len());
        let how_many =
            if gone.len() == *rows { format!("all its {rows}") } else { format!("{} of its {rows}", gone.len()) };
        format!("the table “{title}”: {how_many} rows are gone{told}")
    };
    let reasons: Vec<String> = lost.iter().map(reason).collect();
    Check {
        name: "tables-lost",
        lang: None,
        what: "tables".into(),
        figure: format!("{} of {count}", lost.len()),
        limit: format!("{most} % of a table, or {few}"),
        sample: lost.iter().map(|(title, _)| (*title).to_owned()).collect(),
        verdict: if reasons.is_empty() { Verdict::Passed } else { Verdict::Failed(reasons.join("; ")) },
    }
}
