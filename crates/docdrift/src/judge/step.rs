//! One state of a source, made of its pages and held against the state before.

use std::collections::BTreeSet;

use docdrift_diff::{assign_ids, diff_with};
use docdrift_model::{Accepted, Bilingual, Drift, Entry, Key, Lang, Reading, Return, Snapshot, Source, Warning};
use docdrift_parse::READER;
use docdrift_store::{Gone, settled_entries};

use super::{Standing, Told, dates};
use crate::guard::{self, Check};

/// A state, how it differs from the one before, and what speaks against it.
pub(super) struct Step {
    pub(super) snapshot: Snapshot,
    pub(super) drift: Drift,
    /// Why it must not replace the one before; empty where it may.
    pub(super) reasons: Vec<String>,
    /// All that the guard looked at.
    pub(super) checks: Vec<Check>,
    pub(super) warnings: Vec<(Lang, Warning)>,
    pub(super) stale: Vec<String>,
}

/// The state that the pages tell, after `last`. An error where the earlier snapshots cannot be read.
pub(super) fn step(
    source: &Source,
    told: Told,
    last: Option<&Snapshot>,
    standing: &Standing<'_>,
) -> anyhow::Result<Step> {
    let old = last.map_or(&[][..], |last| &last.entries);
    let Told { pages, readings, mut entries, stale } = told;
    let gone = (standing.gone)(&codes_beside(&entries, old))?;
    // Ids first: they are chosen by the texts, which publishing may hide.
    assign_ids(&source.id, old, &gone.iter().map(|gone| gone.entry.clone()).collect::<Vec<_>>(), &mut entries);
    let mut new = Snapshot {
        source: source.id.clone(),
        // A clock that went wrong must not put it before the last one.
        date: last.map_or(standing.today, |last| standing.today.max(&last.date)).to_owned(),
        reader: READER,
        pages,
        accepted: None,
        entries: settled_entries(entries, standing.publish),
    };
    let mut drift = diff_with(old, &new.entries, &source.severities);
    drift.returned = returned(&drift, &gone);
    let checks = guard::checks(source, last, &new, &readings, &drift);
    let mut reasons = guard::reasons(&checks);
    // Nothing read is nothing to accept.
    if let Some(reason) = standing.accept.filter(|_| !reasons.is_empty() && !new.entries.is_empty()) {
        new.accepted = Some(Accepted { reason: reason.to_owned(), against: std::mem::take(&mut reasons) });
    }
    dates::date(&mut new, last, &drift, &gone);
    Ok(Step { snapshot: new, drift, reasons, checks, warnings: warnings(readings), stale })
}

impl Step {
    /// The step from this state to itself: nothing changed.
    pub(super) fn again(&self) -> Self {
        Self {
            snapshot: self.snapshot.clone(),
            drift: Drift::default(),
            reasons: Vec::new(),
            checks: self.checks.clone(),
            warnings: self.warnings.clone(),
            stale: self.stale.clone(),
        }
    }

    /// The step as one that only the reader made: its pages are those of `last`, and so is what a maintainer said of
    /// them. Nothing on the pages changed, so no error did.
    pub(super) fn into_reread(mut self, last: &Snapshot) -> Self {
        self.snapshot.pages = Bilingual {
            zh: self.snapshot.pages.zh.or_else(|| last.pages.zh.clone()),
            en: self.snapshot.pages.en.or_else(|| last.pages.en.clone()),
        };
        self.snapshot.accepted = self.snapshot.accepted.or_else(|| last.accepted.clone());
        dates::keep(&mut self.snapshot, last);
        self
    }
}

/// The codes that no old entry has.
fn codes_beside<'a>(entries: &'a [Entry], old: &[Entry]) -> BTreeSet<&'a str> {
    let known: BTreeSet<&str> = old.iter().map(|entry| entry.code.as_str()).collect();
    entries.iter().map(|entry| entry.code.as_str()).filter(|code| !known.contains(code)).collect()
}

/// Those of the added errors that are back.
fn returned(drift: &Drift, gone: &[Gone]) -> Vec<Return> {
    let back = |key: &Key| {
        let gone = gone.iter().find(|gone| gone.entry.id == key.id)?;
        Some(Return { key: key.clone(), removed_on: gone.removed_on.clone()? })
    };
    drift.added.iter().filter_map(back).collect()
}

fn warnings(readings: Bilingual<Option<Reading>>) -> Vec<(Lang, Warning)> {
    let of = |lang, reading: Option<Reading>| {
        reading.into_iter().flat_map(|r| r.warnings).map(move |warning| (lang, warning))
    };
    of(Lang::Zh, readings.zh).chain(of(Lang::En, readings.en)).collect()
}
