//! The path of one source: its pages in, a judged snapshot out. Pure.

use docdrift_align::{align_with, merge};
use docdrift_diff::{assign_ids, diff};
use docdrift_model::{
    Accepted, Bilingual, Decision, Doubt, Drift, Entry, ErrorTable, Lang, Outcome, Page, PageFacts, Publish, Reading,
    Snapshot, Source, Warning,
};
use docdrift_store::sort_entries;

use crate::{guard, settings};

/// What became of one source.
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    pub(crate) drift: Drift,
    pub(crate) warnings: Vec<(Lang, Warning)>,
    /// The snapshot to write, if its entries are not those of the last one.
    pub(crate) snapshot: Option<Snapshot>,
    /// The pairs that a person should look at.
    pub(crate) doubts: Vec<Doubt>,
    /// Decisions that no longer apply, each a sentence.
    pub(crate) stale: Vec<String>,
}

impl Judged {
    pub(crate) fn failed(reason: String) -> Self {
        Self {
            outcome: Outcome::Failed(reason),
            drift: Drift::default(),
            warnings: Vec::new(),
            snapshot: None,
            doubts: Vec::new(),
            stale: Vec::new(),
        }
    }
}

/// Reads a source's pages, compares them with the last snapshot and decides whether they may replace it.
pub(crate) fn judge(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    last: Option<&Snapshot>,
    publish: &Publish,
    decisions: &[Decision],
    accept: Option<&str>,
    today: &str,
) -> Judged {
    let readings = read(pages);
    let old = last.map_or(&[][..], |last| &last.entries);
    let (entries, stale) = merged(&readings, decisions);
    let mut new = Snapshot {
        source: source.id.clone(),
        date: today.to_owned(),
        reader: docdrift_parse::READER,
        pages: facts(source, pages, &readings),
        accepted: None,
        entries: published_entries(source, entries, old, publish),
    };
    let drift = diff(old, &new.entries);
    let mut reasons = guard::reasons(source, last, &new, &readings, &drift);
    // Nothing read is nothing to accept.
    if let Some(reason) = accept.filter(|_| !reasons.is_empty() && !new.entries.is_empty()) {
        new.accepted = Some(Accepted { reason: reason.to_owned(), against: std::mem::take(&mut reasons) });
    }
    let outcome = match last {
        _ if !reasons.is_empty() => Outcome::Quarantined(reasons),
        None => Outcome::First(new.entries.len()),
        Some(_) if drift.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    let warnings = warnings(readings);
    if matches!(outcome, Outcome::Quarantined(_)) {
        // What a page that looks wrong says of pairs and decisions is worth nothing.
        return Judged { outcome, drift, warnings, snapshot: None, doubts: Vec::new(), stale: Vec::new() };
    }
    let doubts = doubts(&new.entries);
    let is_new = last.is_none_or(|last| last.entries != new.entries);
    Judged { outcome, drift, warnings, snapshot: is_new.then_some(new), doubts, stale }
}

/// What is read from each page.
pub(crate) fn read(pages: &Bilingual<Option<Page>>) -> Bilingual<Option<Reading>> {
    Bilingual { zh: pages.zh.as_ref().map(docdrift_parse::read), en: pages.en.as_ref().map(docdrift_parse::read) }
}

/// The entries of both pages with all texts in full, and the decisions that no longer apply.
pub(crate) fn merged(readings: &Bilingual<Option<Reading>>, decisions: &[Decision]) -> (Vec<Entry>, Vec<String>) {
    let tables = |lang| {
        readings.get(lang).as_ref().map_or(&[][..], |reading: &Reading| reading.tables.as_slice()) as &[ErrorTable]
    };
    let (zh, en) = (tables(Lang::Zh), tables(Lang::En));
    let (alignment, stale) = align_with(zh, en, decisions);
    let stale = stale.iter().map(|stale| format!("{}:{}: {}", settings::OVERRIDES, stale.line, stale.why));
    (merge(zh, en, &alignment), stale.collect())
}

fn doubts(entries: &[Entry]) -> Vec<Doubt> {
    let doubtful = entries.iter().filter(|entry| entry.pairing.needs_review());
    doubtful
        .map(|entry| Doubt { status: entry.status.clone(), code: entry.code.clone(), pairing: entry.pairing.clone() })
        .collect()
}

fn published_entries(source: &Source, mut entries: Vec<Entry>, old: &[Entry], publish: &Publish) -> Vec<Entry> {
    // Ids first: they are chosen by the texts, which publishing may hide.
    assign_ids(&source.id, old, &mut entries);
    let mut entries: Vec<Entry> = entries.into_iter().map(|entry| entry.published(publish)).collect();
    sort_entries(&mut entries);
    entries
}

fn facts(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    readings: &Bilingual<Option<Reading>>,
) -> Bilingual<Option<PageFacts>> {
    let of = |lang: Lang| {
        let (page, reading) = (pages.get(lang).as_ref()?, readings.get(lang).as_ref()?);
        Some(PageFacts {
            url: source.pages.get(lang).clone().unwrap_or_else(|| page.url.clone()),
            digest: page.digest(),
            format: reading.format,
            lang: reading.lang,
            updated_on: reading.updated_on.clone(),
            ends_in_table: reading.ends_in_table,
        })
    };
    Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }
}

fn warnings(readings: Bilingual<Option<Reading>>) -> Vec<(Lang, Warning)> {
    let of = |lang, reading: Option<Reading>| {
        reading.into_iter().flat_map(|r| r.warnings).map(move |warning| (lang, warning))
    };
    of(Lang::Zh, readings.zh).chain(of(Lang::En, readings.en)).collect()
}
