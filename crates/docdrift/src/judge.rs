//! The path of one source: its pages in, a judged snapshot out. Pure.

use docdrift_align::entries;
use docdrift_diff::{assign_ids, diff};
use docdrift_model::{
    Bilingual, Drift, Entry, ErrorTable, Lang, Outcome, Page, PageFacts, Publish, Reading, Snapshot, Source, Warning,
};
use docdrift_store::sort_entries;

use crate::guard;

/// What became of one source.
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    pub(crate) drift: Drift,
    pub(crate) warnings: Vec<(Lang, Warning)>,
    /// The snapshot to write, if its entries are not those of the last one.
    pub(crate) snapshot: Option<Snapshot>,
}

impl Judged {
    pub(crate) fn failed(reason: String) -> Self {
        Self { outcome: Outcome::Failed(reason), drift: Drift::default(), warnings: Vec::new(), snapshot: None }
    }
}

/// Reads a source's pages, compares them with the last snapshot and decides whether they may replace it.
pub(crate) fn judge(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    last: Option<&Snapshot>,
    publish: &Publish,
    today: &str,
) -> Judged {
    let readings =
        Bilingual { zh: pages.zh.as_ref().map(docdrift_parse::read), en: pages.en.as_ref().map(docdrift_parse::read) };
    let old = last.map_or(&[][..], |last| &last.entries);
    let new = Snapshot {
        source: source.id.clone(),
        date: today.to_owned(),
        reader: docdrift_parse::READER,
        pages: facts(source, pages, &readings),
        entries: published_entries(source, &readings, old, publish),
    };
    let drift = diff(old, &new.entries);
    let reasons = guard::reasons(source, last, &new, &readings, &drift);
    let outcome = match last {
        _ if !reasons.is_empty() => Outcome::Quarantined(reasons),
        None => Outcome::First(new.entries.len()),
        Some(_) if drift.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    let is_new = !matches!(outcome, Outcome::Quarantined(_)) && last.is_none_or(|last| last.entries != new.entries);
    Judged { outcome, drift, warnings: warnings(readings), snapshot: is_new.then_some(new) }
}

fn published_entries(
    source: &Source,
    readings: &Bilingual<Option<Reading>>,
    old: &[Entry],
    publish: &Publish,
) -> Vec<Entry> {
    let tables = |lang| {
        readings.get(lang).as_ref().map_or(&[][..], |reading: &Reading| reading.tables.as_slice()) as &[ErrorTable]
    };
    let mut entries = entries(tables(Lang::Zh), tables(Lang::En));
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
