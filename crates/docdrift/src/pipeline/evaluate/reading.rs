//! Reading the pages of a source and pairing their rows. It depends on no earlier snapshot.

use docdrift_align::{agree_on_keys, align_with_decisions, merge_entries};
use docdrift_model::{
    Bilingual, Entry, ErrorTable, Lang, Page, PageFacts, ReadRules, Reading, Source, decision::Decision,
};

use crate::pipeline::settings::OVERRIDES;

/// What was read from the pages of a source.
#[derive(Clone)]
pub(crate) struct SourceReading {
    pub(super) pages: Bilingual<Option<PageFacts>>,
    pub(super) readings: Bilingual<Option<Reading>>,
    /// The entries with all texts in full and without ids.
    pub(super) entries: Vec<Entry>,
    /// Decisions that no longer apply, a sentence each.
    pub(super) stale: Vec<String>,
}

impl SourceReading {
    /// Reads the pages. Most of the work of a run happens here.
    pub(crate) fn from_pages(
        source: &Source,
        pages: &Bilingual<Option<Page>>,
        rules: &ReadRules,
        decisions: &[Decision],
    ) -> Self {
        Self::from_readings(source, pages, read_pages(pages, rules), decisions)
    }

    /// Pairs the rows of pages that were read already.
    pub(crate) fn from_readings(
        source: &Source,
        pages: &Bilingual<Option<Page>>,
        readings: Bilingual<Option<Reading>>,
        decisions: &[Decision],
    ) -> Self {
        let (entries, stale) = merge_readings(&readings, decisions);
        Self { pages: collect_facts(source, pages, &readings), readings, entries, stale }
    }
}

/// Reads each page.
pub(crate) fn read_pages(pages: &Bilingual<Option<Page>>, rules: &ReadRules) -> Bilingual<Option<Reading>> {
    let read = |page: &Page| docdrift_parse::read(page, rules);
    Bilingual { zh: pages.zh.as_ref().map(read), en: pages.en.as_ref().map(read) }
}

/// Returns the entries of both pages with all texts in full, and the decisions that no longer apply.
pub(crate) fn merge_readings(
    readings: &Bilingual<Option<Reading>>,
    decisions: &[Decision],
) -> (Vec<Entry>, Vec<String>) {
    let tables = |lang| -> Vec<ErrorTable> {
        readings.get(lang).as_ref().map_or_else(Vec::new, |reading: &Reading| reading.tables.clone())
    };
    let (mut zh, mut en) = (tables(Lang::Zh), tables(Lang::En));
    agree_on_keys(&mut zh, &mut en);
    let (alignment, stale) = align_with_decisions(&zh, &en, decisions);
    let stale = stale.iter().map(|stale| format!("{OVERRIDES}:{}: {}", stale.line, stale.reason));
    (merge_entries(&zh, &en, &alignment), stale.collect())
}

fn collect_facts(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    readings: &Bilingual<Option<Reading>>,
) -> Bilingual<Option<PageFacts>> {
    let facts = |lang: Lang| {
        let (page, reading) = (pages.get(lang).as_ref()?, readings.get(lang).as_ref()?);
        Some(PageFacts {
            url: source.pages.get(lang).clone().unwrap_or_else(|| page.url.clone()),
            digest: page.digest(),
            format: reading.format,
            lang: reading.lang,
            updated_on: reading.updated_on,
            ends_in_table: reading.ends_in_table,
            bytes: u64::try_from(page.body.len()).ok(),
        })
    };
    Bilingual { zh: facts(Lang::Zh), en: facts(Lang::En) }
}
