//! The freshness of sources: the last success, the last change, and since when a source fails.

use std::collections::BTreeMap;

use docdrift_archive::Archive;
use docdrift_model::{Report, Source, SourceId};
use docdrift_report::english_reasons;
use docdrift_store::{Store, state::RefreshFailure};
use jiff::civil::Date;
use serde::Serialize;

use super::{Error, input::Origin, storage::Storage, workspace::Workspace};

/// The freshness of a source. Times are RFC 3339 in UTC.
#[derive(Serialize)]
pub(crate) struct Freshness {
    pub(crate) source: SourceId,
    /// When all its pages were last received, if ever.
    pub(crate) last_success: Option<String>,
    /// The date of its last snapshot, if it has one.
    pub(crate) last_change: Option<Date>,
    /// Since when it could not be refreshed, and why.
    pub(crate) failing: Option<RefreshFailure>,
}

/// Reads the freshness of each source.
fn read_freshness(storage: &Storage, sources: &[&Source]) -> anyhow::Result<Vec<Freshness>> {
    let mut failing = storage.store.state().failures()?;
    let read = |source: &&Source| -> anyhow::Result<Freshness> {
        let failing = failing.remove(&source.id);
        let last_success = match &failing {
            Some(failing) => failing.last_success.clone(),
            None => last_success(&storage.archive, source)?,
        };
        let last_change = storage.store.snapshots(&source.id)?.pop().map(|snapshot| snapshot.date);
        Ok(Freshness { source: source.id.clone(), last_success, last_change, failing })
    };
    sources.iter().map(read).collect()
}

/// Returns the time of the oldest last visit among the pages of a source.
fn last_success(archive: &Archive, source: &Source) -> anyhow::Result<Option<String>> {
    let mut oldest: Option<String> = None;
    for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
        let Some(visit) = archive.last_visit(&source.id, lang)? else { return Ok(None) };
        let visit = visit.fetched_at;
        oldest = Some(oldest.map_or(visit.clone(), |oldest| oldest.min(visit)));
    }
    Ok(oldest)
}

/// Returns the last success of each source. Must be called before the run adds to the archive.
pub(crate) fn last_successes<'a>(
    archive: &Archive,
    sources: impl Iterator<Item = &'a Source>,
) -> BTreeMap<String, Option<String>> {
    // A damaged archive is reported where its pages are needed.
    sources.map(|source| (source.id.to_string(), last_success(archive, source).ok().flatten())).collect()
}

/// Saves which sources of the run failed. Sources outside the run stay as they are.
pub(crate) fn save_failing(
    store: &Store,
    report: &Report,
    successes: &BTreeMap<String, Option<String>>,
    now: jiff::Timestamp,
) -> anyhow::Result<()> {
    let now = format!("{now:.0}");
    let mut failing = store.state().failures().unwrap_or_default();
    for source in &report.sources {
        let Ok(id) = source.source.parse::<SourceId>() else { continue };
        let Some(reasons) = source.outcome.reasons() else {
            failing.remove(&id);
            continue;
        };
        let last_success = successes.get(&source.source).cloned().flatten();
        let known = failing.entry(id).or_insert_with(|| RefreshFailure {
            since: now.clone(),
            last_success,
            reasons: Vec::new(),
        });
        known.reasons = english_reasons(reasons);
    }
    Ok(store.state().store_failures(&failing)?)
}

impl Workspace {
    /// Reads the freshness of the sources that match any of the patterns, or of all where there are none.
    pub(crate) fn freshness(&self, patterns: &[String]) -> Result<Vec<Freshness>, Error> {
        let sources = self.select_sources(patterns, &Origin::Archive)?;
        Ok(read_freshness(&Storage::open_read_only(&self.root)?, &sources)?)
    }
}
