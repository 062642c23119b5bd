//! The guard: no page that looks wrong ever replaces good data. Each check gives a reason, a sentence; no reason, no
//! quarantine. A false alarm costs a maintainer a look, a miss costs users their data: in doubt, quarantine.

use docdrift_model::{Bilingual, Drift, Entry, Field, Lang, Reading, Snapshot, Source, WarningKind};

/// Losing up to so many rows or texts is a vendor's everyday edit, whatever the size of the table.
const FEW: usize = 2;
/// Losing more than this share, in percent, of rows or of a field's texts is no everyday edit.
const LOSS_PERCENT: usize = 20;

/// Why the new state of a source must not replace the last one; empty when it may.
pub(crate) fn reasons(
    source: &Source,
    last: Option<&Snapshot>,
    new: &Snapshot,
    readings: &Bilingual<Option<Reading>>,
    drift: &Drift,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for lang in Lang::ALL {
        match readings.get(lang) {
            Some(reading) => reasons.extend(page_reasons(lang, reading, last, drift)),
            None => reasons.extend(lost_page(source, lang, last)),
        }
    }
    if let (true, Some(last)) = (reasons.is_empty(), last) {
        reasons.extend(losses(last, new, drift));
    }
    reasons
}

/// What one page says of itself.
fn page_reasons(lang: Lang, reading: &Reading, last: Option<&Snapshot>, drift: &Drift) -> Vec<String> {
    let mut reasons: Vec<String> = reading
        .warnings
        .iter()
        .filter(|warning| match warning.kind {
            WarningKind::Empty
            | WarningKind::Binary
            | WarningKind::NoTable
            | WarningKind::TooDeep
            | WarningKind::Wall => true,
            // A page that ends early but says all it said before has lost nothing yet.
            WarningKind::Truncated => last.is_none() || !drift.removed.is_empty() || !drift.changed.is_empty(),
            WarningKind::Charset | WarningKind::Doubled | WarningKind::UncertainRow | WarningKind::WrongLanguage => {
                false
            }
        })
        .map(|warning| format!("{lang} page: {}", warning.detail))
        .collect();
    if let Some(seen) = reading.lang.filter(|seen| *seen != lang && !reading.tables.is_empty()) {
        reasons.push(format!("{lang} page: its error tables are written in {seen}"));
    }
    reasons
}

/// A page that the last snapshot was read from and this run has none of.
fn lost_page(source: &Source, lang: Lang, last: Option<&Snapshot>) -> Option<String> {
    last?.pages.get(lang).as_ref()?;
    Some(match source.pages.get(lang) {
        Some(_) => format!("{lang} page: there is no copy of it, but the last snapshot had one"),
        None => format!("{lang} page: sources.toml names none any more, but the last snapshot had one"),
    })
}

/// What is there no longer, counted against what was.
fn losses(last: &Snapshot, new: &Snapshot, drift: &Drift) -> Vec<String> {
    let mut reasons = Vec::new();
    let mut weigh = |what: String, lost: usize, before: usize| {
        if is_suspicious(lost, before) {
            reasons.push(format!("{what}: {lost} of {before} are gone"));
        }
    };
    weigh("error codes".to_owned(), drift.removed.len(), last.entries.len());
    for lang in Lang::ALL {
        let count = |snapshot: &Snapshot| snapshot.entries.iter().filter(|entry| entry.has(lang)).count();
        weigh(format!("rows of the {lang} page"), count(last).saturating_sub(count(new)), count(last));
        for field in [Field::Message, Field::Description, Field::Solution] {
            let count =
                |snapshot: &Snapshot| snapshot.entries.iter().filter(|entry| has_text(entry, field, lang)).count();
            let what = format!("texts in the {} column of the {lang} page", field.as_str());
            weigh(what, count(last).saturating_sub(count(new)), count(last));
        }
    }
    let statuses = |snapshot: &Snapshot| snapshot.entries.iter().filter(|entry| !entry.status.is_empty()).count();
    weigh("HTTP statuses".to_owned(), statuses(last).saturating_sub(statuses(new)), statuses(last));
    reasons
}

fn has_text(entry: &Entry, field: Field, lang: Lang) -> bool {
    entry.text(field).is_some_and(|text| !text.get(lang).is_empty())
}

fn is_suspicious(lost: usize, before: usize) -> bool {
    lost > FEW && lost * 100 > before * LOSS_PERCENT
}
