//! The evaluation of one source: what was read from its pages, compared with its last snapshot. Pure.

mod dates;
mod reading;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use docdrift_model::{
    Bilingual, Drift, Entry, Lang, Outcome, PageFacts, Publish, Reason, Snapshot, Source, Warning,
    check::Check,
    report::{Doubt, ReaderDrift},
    snapshot::are_same_pages,
};
use docdrift_parse::READER;
use docdrift_store::RemovedEntry;
use jiff::civil::Date;

pub(crate) use reading::{SourceReading, merge_readings, read_pages};
use step::Step;

/// The result for one source.
pub(crate) struct Evaluation {
    pub(crate) outcome: Outcome,
    /// What the vendor changed.
    pub(crate) drift: Drift,
    /// What another version of the reader changed.
    pub(crate) reader: Option<ReaderDrift>,
    /// The pages that were read; empty where none was.
    pub(crate) pages: Bilingual<Option<PageFacts>>,
    pub(crate) warnings: Vec<(Lang, Warning)>,
    /// The snapshots to write, the oldest first: the last one as this version of the reader reads its pages, where the
    /// result differs, and the state of the new pages, where it differs from that.
    pub(crate) snapshots: Vec<Snapshot>,
    /// The pairs that a person should review.
    pub(crate) doubts: Vec<Doubt>,
    /// Decisions that no longer apply, a sentence each.
    pub(crate) stale: Vec<String>,
    /// The guard's checks; empty where it did not run.
    pub(crate) checks: Vec<Check>,
}

impl Evaluation {
    fn with_outcome(outcome: Outcome) -> Self {
        Self {
            outcome,
            drift: Drift::default(),
            reader: None,
            pages: Bilingual::default(),
            warnings: Vec::new(),
            snapshots: Vec::new(),
            doubts: Vec::new(),
            stale: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Returns the evaluation of a source that could not be read.
    pub(crate) fn failed(reason: Reason) -> Self {
        Self::with_outcome(Outcome::Failed(reason))
    }

    /// Returns the evaluation of a source that equals its last snapshot, which was read from `pages`.
    pub(crate) fn unchanged(pages: Bilingual<Option<PageFacts>>) -> Self {
        Self { pages, ..Self::with_outcome(Outcome::Unchanged) }
    }

    /// Whether the new state was accepted.
    pub(crate) fn is_accepted(&self) -> bool {
        self.outcome.reasons().is_none()
    }

    /// Turns an accepted evaluation into a quarantined one, or adds reasons to one that is quarantined.
    pub(crate) fn quarantine(&mut self, reasons: &[Reason]) {
        let mut all = match &self.outcome {
            Outcome::Quarantined(known) => known.clone(),
            _ => Vec::new(),
        };
        all.extend_from_slice(reasons);
        self.outcome = Outcome::Quarantined(all);
        self.snapshots.clear();
        self.doubts.clear();
        self.stale.clear();
    }
}

/// What a source's pages are evaluated against.
#[derive(Clone, Copy)]
pub(crate) struct EvaluationContext<'a> {
    /// The last snapshot, if there is one.
    pub(crate) last: Option<&'a Snapshot>,
    /// The pages of the last snapshot as this version of the reader reads them. Needed where
    /// [`needs_last_reading`] says so; `None` where the pages are not at hand.
    pub(crate) last_reading: Option<&'a SourceReading>,
    /// The entries that earlier snapshots lost, of the codes that [`codes_to_look_up`] returns. The latest removal is
    /// the first.
    pub(crate) removed: &'a [RemovedEntry],
    pub(crate) publish: &'a Publish,
    /// Why a maintainer accepts the pages although the guard holds them back.
    pub(crate) accept: Option<&'a str>,
    /// The day of the run, in UTC.
    pub(crate) today: Date,
}

/// Whether the evaluation needs the pages of the last snapshot read again: another version of the reader read them, and
/// the pages are others now.
pub(crate) fn needs_last_reading(last: &Snapshot, reading: &SourceReading) -> bool {
    last.reader != READER && !are_same_pages(&last.pages, &reading.pages)
}

/// Returns the codes whose removed entries the evaluation has to know: those that are new beside the last snapshot, and
/// those that only one version of the reader finds.
pub(crate) fn codes_to_look_up(
    last: Option<&Snapshot>,
    last_reading: Option<&SourceReading>,
    reading: &SourceReading,
) -> BTreeSet<String> {
    let codes = |entries: &[Entry]| -> BTreeSet<String> { entries.iter().map(|entry| entry.code.clone()).collect() };
    let known = last.map_or_else(BTreeSet::new, |last| codes(&last.entries));
    let new = codes(&reading.entries);
    let mut wanted: BTreeSet<String> = new.difference(&known).cloned().collect();
    if let Some(last_reading) = last_reading {
        let reread = codes(&last_reading.entries);
        wanted.extend(new.difference(&reread).cloned());
        wanted.extend(reread.difference(&known).cloned());
    }
    wanted
}

/// Compares what was read from a source's pages with its last snapshot and decides whether it may replace it.
///
/// Where another version of the reader read the last snapshot, or a decision or hint changed what its pages say, that
/// change is computed first and reported apart: it is not the vendor's.
pub(crate) fn evaluate(source: &Source, reading: SourceReading, context: &EvaluationContext<'_>) -> Evaluation {
    let (reread, now) = compute_steps(source, reading, context);
    let reader = reader_drift(context.last, reread.as_ref());
    let reasons = collect_reasons(reread.as_ref(), &now);
    let Step { snapshot, drift, warnings, stale, checks, .. } = now;
    let pages = snapshot.pages.clone();
    let evaluation =
        Evaluation { drift, reader, pages, warnings, checks, ..Evaluation::with_outcome(Outcome::Unchanged) };
    if !reasons.is_empty() {
        // The pairs and stale decisions of a page that looks wrong are not reported.
        return Evaluation { outcome: Outcome::Quarantined(reasons), ..evaluation };
    }
    let outcome = match context.last {
        None => Outcome::First(snapshot.entries.len()),
        Some(_) if evaluation.drift.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    let doubts = collect_doubts(&snapshot.entries);
    let snapshots = snapshots_to_write(context.last, reread.map(|reread| reread.snapshot), snapshot);
    Evaluation { outcome, snapshots, doubts, stale, ..evaluation }
}

/// Returns the step that reader, hints and decisions made, where it is known, and the step that the vendor made after it.
fn compute_steps(source: &Source, reading: SourceReading, context: &EvaluationContext<'_>) -> (Option<Step>, Step) {
    if let Some(last) = context.last.filter(|last| are_same_pages(&last.pages, &reading.pages)) {
        let same = reread_step(source, reading, last, context);
        let now = same.repeated();
        return (Some(same), now);
    }
    let reread = match (context.last, context.last_reading) {
        (Some(last), Some(reading)) if last.reader != READER => {
            Some(reread_step(source, reading.clone(), last, context))
        }
        _ => None,
    };
    let base = reread.as_ref().map(|reread| &reread.snapshot).or(context.last);
    let removed = add_unread(context, reread.as_ref());
    let now = Step::new(source, reading, base, &EvaluationContext { removed: &removed, ..*context });
    (reread, now)
}

/// Returns the last snapshot as its pages are read and paired now. An earlier acceptance of these pages still holds.
fn reread_step(source: &Source, reading: SourceReading, last: &Snapshot, context: &EvaluationContext<'_>) -> Step {
    let accept = context.accept.or(last.accepted.as_ref().map(|accepted| accepted.reason.as_str()));
    let context = EvaluationContext { today: last.date, accept, ..*context };
    Step::new(&source_at(source, last), reading, Some(last), &context).into_reread(last)
}

/// Returns the source with the page addresses that a snapshot was read from.
pub(crate) fn source_at(source: &Source, snapshot: &Snapshot) -> Source {
    Source { pages: snapshot.pages.clone().map(|page| page.map(|page| page.url)), ..source.clone() }
}

/// Adds the entries that this version of the reader does not find on the last pages to the removed ones. Where the new
/// pages have them, they keep their ids.
fn add_unread(context: &EvaluationContext<'_>, reread: Option<&Step>) -> Vec<RemovedEntry> {
    let (Some(last), Some(reread)) = (context.last, reread) else { return context.removed.to_vec() };
    let found: BTreeSet<&str> = reread.snapshot.entries.iter().map(|entry| entry.id.as_str()).collect();
    let unread =
        last.entries.iter().filter(|entry| !found.contains(entry.id.as_str())).cloned().map(RemovedEntry::undated);
    // The latest first.
    unread.chain(context.removed.iter().cloned()).collect()
}

fn reader_drift(last: Option<&Snapshot>, reread: Option<&Step>) -> Option<ReaderDrift> {
    let last = last?;
    let drift = reread.map(|reread| reread.drift.clone());
    let is_reported = last.reader != READER || drift.as_ref().is_some_and(|drift| !drift.is_empty());
    is_reported.then_some(ReaderDrift { from: last.reader, to: READER, drift })
}

/// Returns the reasons not to accept the pages, or the last ones as they are read now.
fn collect_reasons(reread: Option<&Step>, now: &Step) -> Vec<Reason> {
    let reread = reread.into_iter().flat_map(|reread| &reread.reasons);
    let reread = reread.map(|reason| Reason::Reread(Box::new(reason.clone())));
    reread.chain(now.reasons.iter().cloned()).collect()
}

/// Returns the snapshots that differ from what is there. A snapshot whose reader alone is new is written as well, so that
/// the next run does not compute the same difference again.
fn snapshots_to_write(last: Option<&Snapshot>, reread: Option<Snapshot>, now: Snapshot) -> Vec<Snapshot> {
    let differs = |before: Option<&Snapshot>, after: &Snapshot| {
        before.is_none_or(|before| !dates::say_the_same(&before.entries, &after.entries))
    };
    // Where only the new pages are at hand, this version of the reader confirms the same entries by them.
    let is_unread = reread.is_none() && last.is_some_and(|last| last.reader != READER);
    let is_changed = is_unread || differs(reread.as_ref().or(last), &now);
    let is_new = |reread: &Snapshot| last.is_none_or(|last| last.reader != reread.reader) || differs(last, reread);
    reread.filter(is_new).into_iter().chain(is_changed.then_some(now)).collect()
}

fn collect_doubts(entries: &[Entry]) -> Vec<Doubt> {
    let doubtful = entries.iter().filter(|entry| entry.pairing.needs_review());
    doubtful
        .map(|entry| Doubt { status: entry.status.clone(), code: entry.code.clone(), pairing: entry.pairing.clone() })
        .collect()
}
