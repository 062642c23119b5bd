//! The path of one source: its pages in, a judged snapshot out. Pure.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_align::{align_with, merge};
use docdrift_diff::{assign_ids, diff_with};
use docdrift_model::{
    Accepted, Bilingual, Decision, Doubt, Drift, Entry, ErrorTable, Lang, Outcome, Page, PageFacts, Publish,
    ReaderDrift, Reading, Return, Snapshot, Source, Warning,
};
use docdrift_store::{Gone, sort_entries};

use crate::{guard, settings};

/// What became of one source.
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    pub(crate) drift: Drift,
    /// What another version of the reader changed.
    pub(crate) reader: Option<ReaderDrift>,
    /// The pages that it was told from; empty where none was read.
    pub(crate) pages: Bilingual<Option<PageFacts>>,
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
            reader: None,
            pages: Bilingual::default(),
            warnings: Vec::new(),
            snapshot: None,
            doubts: Vec::new(),
            stale: Vec::new(),
        }
    }
}

/// What a source's pages are judged by.
pub(crate) struct Standing<'a> {
    /// The last snapshot, if there is one.
    pub(crate) last: Option<&'a Snapshot>,
    /// The errors that went in earlier snapshots, given the codes asked about.
    pub(crate) gone: &'a dyn Fn(&BTreeSet<&str>) -> anyhow::Result<Vec<Gone>>,
    pub(crate) publish: &'a Publish,
    pub(crate) decisions: &'a [Decision],
    /// Why a maintainer takes the pages although they look wrong.
    pub(crate) accept: Option<&'a str>,
    /// `YYYY-MM-DD`.
    pub(crate) today: &'a str,
}

/// Reads a source's pages, compares them with the last snapshot and decides whether they may replace it. An error where
/// the earlier snapshots cannot be read.
pub(crate) fn judge(
    source: &Source,
    pages: &Bilingual<Option<Page>>,
    standing: &Standing<'_>,
) -> anyhow::Result<Judged> {
    let readings = read(pages);
    let old = standing.last.map_or(&[][..], |last| &last.entries);
    let (mut entries, stale) = merged(&readings, standing.decisions);
    let gone = (standing.gone)(&codes_beside(&entries, old))?;
    // Ids first: they are chosen by the texts, which publishing may hide.
    assign_ids(&source.id, old, &gone.iter().map(|gone| gone.entry.clone()).collect::<Vec<_>>(), &mut entries);
    let mut new = Snapshot {
        source: source.id.clone(),
        // A clock that went wrong must not put it before the last one.
        date: standing.last.map_or(standing.today, |last| standing.today.max(&last.date)).to_owned(),
        reader: docdrift_parse::READER,
        pages: facts(source, pages, &readings),
        accepted: None,
        entries: published_entries(entries, standing.publish),
    };
    let mut drift = diff_with(old, &new.entries, &source.severities);
    drift.returned = returned(&drift, &gone);
    let mut reasons = guard::reasons(source, standing.last, &new, &readings, &drift);
    // Nothing read is nothing to accept.
    if let Some(reason) = standing.accept.filter(|_| !reasons.is_empty() && !new.entries.is_empty()) {
        new.accepted = Some(Accepted { reason: reason.to_owned(), against: std::mem::take(&mut reasons) });
    }
    let outcome = match standing.last {
        _ if !reasons.is_empty() => Outcome::Quarantined(reasons),
        None => Outcome::First(new.entries.len()),
        Some(_) if drift.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    let (pages, warnings) = (new.pages.clone(), warnings(readings));
    if matches!(outcome, Outcome::Quarantined(_)) {
        // What a page that looks wrong says of pairs and decisions is worth nothing.
        return Ok(Judged {
            outcome,
            drift,
            reader: None,
            pages,
            warnings,
            snapshot: None,
            doubts: Vec::new(),
            stale: Vec::new(),
        });
    }
    let doubts = doubts(&new.entries);
    let is_new = standing.last.is_none_or(|last| !is_same(&last.entries, &new.entries));
    date(&mut new, standing.last, &drift, &gone);
    Ok(Judged { outcome, drift, reader: None, pages, warnings, snapshot: is_new.then_some(new), doubts, stale })
}

/// The codes that no old entry has.
fn codes_beside<'a>(entries: &'a [Entry], old: &[Entry]) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = old.iter().map(|entry| entry.code.as_str()).collect();
    entries.iter().map(|entry| entry.code.as_str()).filter(|code| !known.contains(code)).collect()
}

/// Those of the added errors that are back.
fn returned(drift: &Drift, gone: &[Gone]) -> Vec<Return> {
    let back = |key: &docdrift_model::Key| {
        let gone = gone.iter().find(|gone| gone.entry.id == key.id)?;
        Some(Return { key: key.clone(), removed_on: gone.removed_on.clone() })
    };
    drift.added.iter().filter_map(back).collect()
}

/// Whether entries say the same, whatever their dates.
fn is_same(dated: &[Entry], undated: &[Entry]) -> bool {
    let without_dates =
        |entry: &Entry| Entry { first_seen: String::new(), last_changed: String::new(), ..entry.clone() };
    dated.len() == undated.len() && dated.iter().zip(undated).all(|(dated, other)| without_dates(dated) == *other)
}

/// Dates each entry: since when it is there, and since when it reads as it does.
fn date(new: &mut Snapshot, last: Option<&Snapshot>, drift: &Drift, gone: &[Gone]) {
    let old = last.map_or(&[][..], |last| &last.entries);
    let old: BTreeMap<&str, &Entry> = old.iter().map(|entry| (entry.id.as_str(), entry)).collect();
    let back: BTreeMap<&str, &Entry> = gone.iter().map(|gone| (gone.entry.id.as_str(), &gone.entry)).collect();
    let renamed = drift.renamed.iter().map(|rename| rename.to.id.as_str());
    let edited: BTreeSet<&str> = drift.changed.iter().map(|change| change.key.id.as_str()).chain(renamed).collect();
    let moved: BTreeSet<_> = drift.moved.iter().map(|moved| (&moved.status, &moved.code, &moved.to)).collect();
    // Entries of snapshots that have no dates yet were there that day.
    let or = |date: &str, other: &str| if date.is_empty() { other.to_owned() } else { date.to_owned() };
    for entry in &mut new.entries {
        let before = old.get(entry.id.as_str()).zip(last);
        let is_changed =
            edited.contains(entry.id.as_str()) || moved.contains(&(&entry.status, &entry.code, &entry.table));
        (entry.first_seen, entry.last_changed) = match before {
            Some((before, last)) if is_changed => (or(&before.first_seen, &last.date), new.date.clone()),
            Some((before, last)) => (or(&before.first_seen, &last.date), or(&before.last_changed, &last.date)),
            None => {
                let first = back.get(entry.id.as_str()).map_or("", |gone| &gone.first_seen);
                (or(first, &new.date), new.date.clone())
            }
        };
    }
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

fn published_entries(entries: Vec<Entry>, publish: &Publish) -> Vec<Entry> {
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
            bytes: u64::try_from(page.body.len()).ok(),
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
