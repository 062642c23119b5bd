//! What the new state lacks: rows, texts, columns, statuses, tables.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{ColumnChange, Drift, Entry, Field, Lang, Snapshot, Threshold, Thresholds};

use super::{
    check::{Check, Share, Verdict, as_u64, in_brackets, sample_codes},
    comparison::{EntryComparison, PROSE, has_anywhere, is_blank, is_placeholder, meaningful_text},
    truncation::is_beginning,
};

/// The share of a single table that may go at least, in percent: what is small in the source may be much of one table.
const MOST: u64 = 50;
/// So many characters less at a text's end are a matter of style.
const STOP: usize = 3;

/// What a page lost in rows and texts.
pub(super) fn check_page(comparison: &EntryComparison<'_>, lang: Lang, thresholds: &Thresholds) -> Vec<Check> {
    let (before, codes) = comparison.rows_in(lang);
    let rows = Share {
        name: "rows-lost",
        lang: Some(lang),
        what: format!("rows of the {lang} page"),
        became: "are gone",
        before,
        codes,
    };
    let mut checks = vec![
        rows.into_check(thresholds, Threshold::LostPercent),
        uncoded(comparison, lang).into_check(thresholds, Threshold::EmptiedPercent),
        unfilled(comparison, lang),
        statuses(comparison, lang).into_check(thresholds, Threshold::LostPercent),
    ];
    let shares = PROSE.into_iter().chain([Field::Group]).filter_map(|field| texts(comparison, field, lang));
    let shares = shares.chain(PROSE.into_iter().filter_map(|field| clipped(comparison, field, lang)));
    checks.extend(shares.map(|share| share.into_check(thresholds, Threshold::EmptiedPercent)));
    checks
}

/// Rows that are still there without their code.
fn uncoded<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let had = || comparison.pairs_in(lang).filter(|(old, _)| !is_blank(old.printed(lang).1));
    let emptied = had().filter(|(_, now)| is_blank(now.printed(lang).1));
    Share {
        name: "codes-emptied",
        lang: Some(lang),
        what: format!("rows of the {lang} page"),
        became: "have no code any more",
        before: had().count(),
        codes: emptied.map(|(old, _)| old.printed(lang).1).collect(),
    }
}

/// Codes that only say that a code has not come, or not whole: no error is called so, not even one.
fn unfilled(comparison: &EntryComparison<'_>, lang: Lang) -> Check {
    let is_unfilled = |code: &&str| is_placeholder(code) || code.ends_with('…') || code.ends_with("...");
    let of = |snapshot: &'_ Snapshot| -> BTreeSet<String> {
        let codes = snapshot.entries.iter().filter(|entry| entry.has(lang)).map(|entry| entry.printed(lang).1);
        codes.filter(is_unfilled).map(str::to_owned).collect()
    };
    let (before, now) = (of(comparison.last), of(comparison.new));
    let new: Vec<&str> = now.difference(&before).map(String::as_str).collect();
    let reason =
        || format!("{lang} page: codes that have not come whole{}", in_brackets(&sample_codes(&new), new.len()));
    Check {
        what: format!("error codes of the {lang} page"),
        sample: sample_codes(&new),
        ..Check::from_reason(
            "codes-unfilled",
            Some(lang),
            &format!("{} not filled in", new.len()),
            (!new.is_empty()).then(reason),
        )
    }
}

/// The texts of one column of which only the beginning is left; `None` where it had none.
fn clipped<'a>(comparison: &EntryComparison<'a>, field: Field, lang: Lang) -> Option<Share<'a>> {
    let had: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| Some((old, meaningful_text(old, field, lang)?, meaningful_text(now, field, lang)?)))
        .collect();
    (!had.is_empty()).then(|| Share {
        name: "texts-clipped",
        lang: Some(lang),
        what: format!("texts in the {} column of the {lang} page", field.as_str()),
        became: "stop where they went on before",
        before: had.len(),
        codes: had.iter().filter(|(_, old, now)| is_clipped(old, now)).map(|(old, ..)| old.printed(lang).1).collect(),
    })
}

/// Whether a text is only the beginning of what it was. A full stop less is none.
fn is_clipped(old: &str, now: &str) -> bool {
    let whole = now.trim_end_matches(['…', '.', '。', ' ']);
    let rest = || old.chars().count().saturating_sub(whole.chars().count());
    let was_clipped = old.ends_with('…') || old.ends_with("...");
    let is_marked = now.ends_with('…') || now.ends_with("...");
    !was_clipped && rest() > STOP && (is_beginning(now, old) || (is_marked && is_beginning(whole, old)))
}

/// The texts of one column that rows lost which are still there; `None` where it had none.
fn texts<'a>(comparison: &EntryComparison<'a>, field: Field, lang: Lang) -> Option<Share<'a>> {
    let had: Vec<_> = comparison
        .pairs_in(lang)
        .filter_map(|(old, now)| Some((old, now, meaningful_text(old, field, lang)?)))
        .collect();
    // A column under another header may be read as another field: its texts are still there.
    let is_lost = |(_, now, text): &&(&Entry, &Entry, &str)| {
        meaningful_text(now, field, lang).is_none() && !has_anywhere(now, text, lang)
    };
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
pub(super) fn check_source(comparison: &EntryComparison<'_>, drift: &Drift, thresholds: &Thresholds) -> Vec<Check> {
    let codes = Share {
        name: "codes-lost",
        lang: None,
        what: "error codes of the source".into(),
        became: "are gone",
        before: comparison.last.entries.len(),
        codes: drift.removed.iter().map(|key| key.code.as_str()).collect(),
    };
    vec![
        codes.into_check(thresholds, Threshold::LostPercent),
        columns(comparison, drift),
        tables(comparison, thresholds),
    ]
}

fn statuses<'a>(comparison: &EntryComparison<'a>, lang: Lang) -> Share<'a> {
    let had: Vec<_> = comparison.pairs_in(lang).filter(|(old, _)| !is_blank(old.printed(lang).0)).collect();
    let is_lost =
        |(old, now): &&(&Entry, &Entry)| is_blank(now.printed(lang).0) && !has_anywhere(now, old.printed(lang).0, lang);
    Share {
        name: "statuses-lost",
        lang: Some(lang),
        what: format!("HTTP statuses of the {lang} page"),
        became: "are gone",
        before: had.len(),
        codes: had.iter().filter(is_lost).map(|(old, _)| old.printed(lang).1).collect(),
    }
}

/// Columns of single tables that went with their texts.
fn columns(comparison: &EntryComparison<'_>, drift: &Drift) -> Check {
    let lost = drift.columns.iter().filter(|change| !change.gained && is_lost(comparison, change));
    let lost: Vec<String> =
        lost.map(|change| format!("“{}” of the table “{}” ({})", change.column, change.table, change.lang)).collect();
    let reason = (!lost.is_empty()).then(|| format!("columns that are gone: {}", lost.join(", ")));
    Check {
        what: "columns".into(),
        ..Check::from_reason("columns-lost", None, &format!("{} gone", lost.len()), reason)
    }
}

/// Whether most of the column's texts are nowhere in their rows any more.
fn is_lost(comparison: &EntryComparison<'_>, change: &ColumnChange) -> bool {
    let lang = change.lang;
    let rows: Vec<_> = comparison.pairs_in(lang).filter(|(_, now)| now.table == change.table).collect();
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
fn tables(comparison: &EntryComparison<'_>, thresholds: &Thresholds) -> Check {
    let mut tables: BTreeMap<&str, (usize, Vec<&str>)> = BTreeMap::new();
    for (entry, now) in &comparison.entries {
        let (rows, gone) = tables.entry(entry.table.as_str()).or_default();
        *rows += 1;
        gone.extend(now.is_none().then_some(entry.code.as_str()));
    }
    let few = thresholds.get(Threshold::LostFew);
    let most = thresholds.get(Threshold::LostPercent).max(MOST);
    let is_lost = |(rows, gone): &(usize, Vec<&str>)| {
        let lost = as_u64(gone.len());
        lost > few && (lost * 100 > as_u64(*rows) * most)
    };
    let count = tables.len();
    let lost: Vec<_> = tables.into_iter().filter(|(_, table)| is_lost(table)).collect();
    let reason = |(title, (rows, gone)): &(&str, (usize, Vec<&str>))| {
        let codes = in_brackets(&sample_codes(gone), gone.len());
        let how_many =
            if gone.len() == *rows { format!("all its {rows}") } else { format!("{} of its {rows}", gone.len()) };
        format!("the table “{title}”: {how_many} rows are gone{codes}")
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
