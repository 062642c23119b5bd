//! How fresh each source is: when it was refreshed last, when it changed, since when it fails.

use std::collections::BTreeMap;

use docdrift_model::{Report, Source, SourceId};
use docdrift_store::{Failing, Store};

use crate::pages::Pages;

/// How fresh a source is. Times are RFC 3339 in UTC.
pub(crate) struct Freshness {
    pub(crate) source: SourceId,
    /// When all its pages were had last, if ever.
    pub(crate) last_success: Option<String>,
    /// The date of its last snapshot, `YYYY-MM-DD`, if it has one.
    pub(crate) last_change: Option<String>,
    /// Since when it could not be refreshed, and why.
    pub(crate) failing: Option<Failing>,
}

/// How fresh each of `sources` is.
pub(crate) fn freshness(store: &Store, sources: &[&Source]) -> anyhow::Result<Vec<Freshness>> {
    let mut failing = store.failing()?;
    let of = |source: &&Source| -> anyhow::Result<Freshness> {
        let failing = failing.remove(&source.id);
        let last_success = match &failing {
            Some(failing) => failing.last_success.clone(),
            None => last_success(store, source)?,
        };
        let last_change = store.snapshots(&source.id)?.pop().map(|snapshot| snapshot.date);
        Ok(Freshness { source: source.id.clone(), last_success, last_change, failing })
    };
    sources.iter().map(of).collect()
}

/// When the page was had that was had the longest ago.
fn last_success(store: &Store, source: &Source) -> anyhow::Result<Option<String>> {
    let mut oldest: Option<String> = None;
    for (lang, _) in source.pages.iter().filter(|(_, url)| url.is_some()) {
        let Some(visit) = store.last_visit(&source.id, lang)? else { return Ok(None) };
        let visit = visit.fetched_at;
        oldest = Some(oldest.map_or(visit.clone(), |oldest| oldest.min(visit)));
    }
    Ok(oldest)
}

/// When each source of a run was refreshed last, before this run adds to the archive.
pub(crate) fn last_successes(store: &Store, pages: &[(&Source, Pages)]) -> BTreeMap<String, Option<String>> {
    // A damaged archive is told where its pages are needed.
    let of = |source: &Source| (source.id.to_string(), last_success(store, source).ok().flatten());
    pages.iter().map(|(source, _)| of(source)).collect()
}

/// Keeps which sources of the run could not be refreshed; those that it was not about stay as they are.
pub(crate) fn keep_failing(
    store: &Store,
    report: &Report,
    successes: &BTreeMap<String, Option<String>>,
) -> anyhow::Result<()> {
    let now = format!("{:.0}", jiff::Timestamp::now());
    let mut failing = store.failing().unwrap_or_default();
    for source in &report.sources {
        let Ok(id) = source.source.parse::<SourceId>() else { continue };
        let Some(reasons) = source.outcome.reasons() else {
            failing.remove(&id);
            continue;
        };
        let last_success = successes.get(&source.source).cloned().flatten();
        let known =
            failing.entry(id).or_insert_with(|| Failing { since: now.clone(), last_success, reasons: Vec::new() });
        known.reasons = reasons.to_vec();
    }
    store.keep_failing(&failing)
}
