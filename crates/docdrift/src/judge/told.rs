//! What the pages of a source tell by themselves, whatever was there before.

use docdrift_align::{agree_on_keys, align_with, merge};
use docdrift_model::{Bilingual, Decision, Entry, ErrorTable, Lang, Page, PageFacts, ReadRules, Reading, Source};

use crate::settings;

/// What the pages of a source tell.
#[derive(Clone)]
pub(crate) struct Told {
    pub(super) pages: Bilingual<Option<PageFacts>>,
    pub(super) readings: Bilingual<Option<Reading>>,
    /// The entries with all texts in full and without ids.
    pub(super) entries: Vec<Entry>,
    /// Decisions that no longer apply, each a sentence.
    pub(super) stale: Vec<String>,
}

impl Told {
    /// Reads the pages. Most of the work of a run is here, and it depends on nothing else.
    pub(crate) fn of(
        source: &Source,
        pages: &Bilingual<Option<Page>>,
        rules: &ReadRules,
        decisions: &[Decision],
    ) -> Self {
        Self::new(source, pages, read(pages, rules), decisions)
    }

    /// The same of pages that were read already.
    pub(crate) fn new(
        source: &Source,
        pages: &Bilingual<Option<Page>>,
        readings: Bilingual<Option<Reading>>,
        decisions: &[Decision],
    ) -> Self {
        let (entries, stale) = merged(&readings, decisions);
        Self { pages: facts(source, pages, &readings), readings, entries, stale }
    }
}

/// What is read from each page.
pub(crate) fn read(pages: &Bilingual<Option<Page>>, rules: &ReadRules) -> Bilingual<Option<Reading>> {
    let read = |page: &Page| docdrift_parse::read(page, rules);
    Bilingual { zh: pages.zh.as_ref().map(read), en: pages.en.as_ref().map(read) }
}

/// The entries of both pages with all texts in full, and the decisions that no longer apply.
pub(crate) fn merged(readings: &Bilingual<Option<Reading>>, decisions: &[Decision]) -> (Vec<Entry>, Vec<String>) {
    let tables = |lang| -> Vec<ErrorTable> {
        readings.get(lang).as_ref().map_or_else(Vec::new, |reading: &Reading| reading.tables.clone())
    };
    let (mut zh, mut en) = (tables(Lang::Zh), tables(Lang::En));
    agree_on_keys(&mut zh, &mut en);
    let (alignment, stale) = align_with(&zh, &en, decisions);
    let stale = stale.iter().map(|stale| format!("{}:{}: {}", settings::OVERRIDES, stale.line, stale.why));
    (merge(&zh, &en, &alignment), stale.collect())
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
            bytes: u64::try_from(page.body.len()).ok(),
        })
    };
    Bilingual { zh: of(Lang::Zh), en: of(Lang::En) }
}
