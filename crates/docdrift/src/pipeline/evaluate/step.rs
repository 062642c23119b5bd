//! One step in the history of a source: a new state, and how it differs from the state before.

use std::collections::BTreeSet;

use docdrift_diff::{assign_ids, diff_with};
use docdrift_model::{
    Bilingual, Drift, Entry, Lang, Reading, Reason, Snapshot, Source, Warning,
    check::Check,
    drift::{Key, Return},
    snapshot::Accepted,
};
use docdrift_parse::READER;
use docdrift_report::english_reasons;
use docdrift_store::{RemovedEntry, normalized_entries};

use super::{EvaluationContext, SourceReading, dates};

/// A new state with its drift and the guard's checks.
pub(super) struct Step {
    pub(super) snapshot: Snapshot,
    pub(super) drift: Drift,
    /// The reasons not to replace the state before; empty where it may be replaced.
    pub(super) reasons: Vec<Reason>,
    /// All checks of the guard.
    pub(super) checks: Vec<Check>,
    pub(super) warnings: Vec<(Lang, Warning)>,
    pub(super) stale: Vec<String>,
}

impl Step {
    /// Computes the state that the pages show after `last`.
    pub(super) fn new(
        source: &Source,
        reading: SourceReading,
        last: Option<&Snapshot>,
        context: &EvaluationContext<'_>,
    ) -> Self {
        let old = last.map_or(&[][..], |last| &last.entries);
        let SourceReading { pages, readings, mut entries, stale } = reading;
        let removed = select_removed(context.removed, &entries, old);
        // Ids come first: they depend on the texts, which publishing may hide.
        assign_ids(&source.id, old, &removed.iter().map(|gone| gone.entry.clone()).collect::<Vec<_>>(), &mut entries);
        let mut new = Snapshot {
            source: source.id.clone(),
            // A clock that was set back must not date it before the last one.
            date: last.map_or(context.today, |last| context.today.max(last.date)),
            reader: READER,
            pages,
            accepted: None,
            entries: normalized_entries(entries, context.publish),
        };
        let mut drift = diff_with(old, &new.entries, &source.severities);
        drift.returned = find_returned(&drift, &removed);
        let checks = docdrift_guard::check_source(source, last, &new, &readings, &drift);
        let mut reasons = docdrift_guard::collect_reasons(&checks);
        // A page without entries cannot be accepted.
        if let Some(reason) = context.accept.filter(|_| !reasons.is_empty() && !new.entries.is_empty()) {
            let against = english_reasons(&std::mem::take(&mut reasons));
            new.accepted = Some(Accepted { reason: reason.to_owned(), against });
        }
        dates::set_dates(&mut new, last, &drift, &removed);
        Self { snapshot: new, drift, reasons, checks, warnings: collect_warnings(readings), stale }
    }

    /// Returns the step from this state to itself, without drift.
    pub(super) fn repeated(&self) -> Self {
        Self {
            snapshot: self.snapshot.clone(),
            drift: Drift::default(),
            reasons: Vec::new(),
            checks: self.checks.clone(),
            warnings: self.warnings.clone(),
            stale: self.stale.clone(),
        }
    }

    /// Marks this step as reader-only: its pages, its acceptance and the dates of its entries are those of `last`.
    pub(super) fn into_reread(mut self, last: &Snapshot) -> Self {
        self.snapshot.pages = Bilingual {
            zh: self.snapshot.pages.zh.or_else(|| last.pages.zh.clone()),
            en: self.snapshot.pages.en.or_else(|| last.pages.en.clone()),
        };
        self.snapshot.accepted = self.snapshot.accepted.or_else(|| last.accepted.clone());
        dates::keep_dates(&mut self.snapshot, last);
        self
    }
}

/// Selects the removed entries whose codes the new entries have and the old ones lack.
fn select_removed(removed: &[RemovedEntry], entries: &[Entry], old: &[Entry]) -> Vec<RemovedEntry> {
    let known: BTreeSet<&str> = old.iter().map(|entry| entry.code.as_str()).collect();
    let codes = entries.iter().map(|entry| entry.code.as_str());
    let new: BTreeSet<&str> = codes.filter(|code| !known.contains(code)).collect();
    removed.iter().filter(|removed| new.contains(removed.entry.code.as_str())).cloned().collect()
}

/// Finds the added errors that an earlier snapshot had.
fn find_returned(drift: &Drift, removed: &[RemovedEntry]) -> Vec<Return> {
    let returned = |key: &Key| {
        let removed = removed.iter().find(|removed| removed.entry.id == key.id)?;
        Some(Return { key: key.clone(), removed_on: removed.removed_on? })
    };
    drift.added.iter().filter_map(returned).collect()
}

fn collect_warnings(readings: Bilingual<Option<Reading>>) -> Vec<(Lang, Warning)> {
    let warnings = |lang, reading: Option<Reading>| {
        reading.into_iter().flat_map(|reading| reading.warnings).map(move |warning| (lang, warning))
    };
    warnings(Lang::Zh, readings.zh).chain(warnings(Lang::En, readings.en)).collect()
}
