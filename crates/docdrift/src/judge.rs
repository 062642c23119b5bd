//! The path of one source: its pages in, judged snapshots out. Pure.

mod dates;
mod step;
mod told;

use std::collections::BTreeSet;

use docdrift_model::{
    Bilingual, Decision, Doubt, Drift, Entry, Lang, Outcome, Page, PageFacts, Publish, ReadRules, ReaderDrift,
    Snapshot, Source, Warning, are_same_pages,
};
use docdrift_parse::READER;
use docdrift_store::Gone;

use crate::guard::Check;
use step::{Step, step};
pub(crate) use told::{Told, merged, read};

/// What became of one source.
pub(crate) struct Judged {
    pub(crate) outcome: Outcome,
    /// What the vendor changed.
    pub(crate) drift: Drift,
    /// What another version of the reader changed.
    pub(crate) reader: Option<ReaderDrift>,
    /// The pages that it was told from; empty where none was read.
    pub(crate) pages: Bilingual<Option<PageFacts>>,
    pub(crate) warnings: Vec<(Lang, Warning)>,
    /// The snapshots to write, the oldest first: the last one as this version of the reader reads its pages, where that
    /// says something else, and what the pages say now, where that is not the same.
    pub(crate) snapshots: Vec<Snapshot>,
    /// The pairs that a person should look at.
    pub(crate) doubts: Vec<Doubt>,
    /// Decisions that no longer apply, each a sentence.
    pub(crate) stale: Vec<String>,
    /// What the guard looked at; empty where it was not asked.
    pub(crate) checks: Vec<Check>,
}

impl Judged {
    fn ended(outcome: Outcome) -> Self {
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

    pub(crate) fn failed(reason: String) -> Self {
        Self::ended(Outcome::Failed(reason))
    }

    /// A source that is as its last snapshot, which was read from `pages`, has it.
    pub(crate) fn unchanged(pages: Bilingual<Option<PageFacts>>) -> Self {
        Self { pages, ..Self::ended(Outcome::Unchanged) }
    }

    /// Whether what the pages say was taken.
    pub(crate) fn is_taken(&self) -> bool {
        self.outcome.reasons().is_none()
    }
}

/// What a source's pages are judged by.
pub(crate) struct Standing<'a> {
    /// The last snapshot, if there is one.
    pub(crate) last: Option<&'a Snapshot>,
    /// The pages that the last snapshot was read from, where they are at hand.
    pub(crate) pages_of_last: Option<&'a Bilingual<Option<Page>>>,
    /// The errors that went in earlier snapshots, given the codes asked about.
    pub(crate) gone: &'a dyn Fn(&BTreeSet<&str>) -> anyhow::Result<Vec<Gone>>,
    /// What pages are read by.
    pub(crate) rules: &'a ReadRules,
    pub(crate) publish: &'a Publish,
    pub(crate) decisions: &'a [Decision],
    /// Why a maintainer takes the pages although they look wrong.
    pub(crate) accept: Option<&'a str>,
    /// `YYYY-MM-DD`.
    pub(crate) today: &'a str,
}

/// Compares what a source's pages tell with the last snapshot and decides whether it may replace it. Where the last
/// snapshot was read by another version of the reader, or its very pages say something else now, as after a decision or a hint,
/// that is told first and by itself: it is not the vendor's doing. An error where the earlier snapshots cannot be read.
pub(crate) fn judge(source: &Source, told: Told, standing: &Standing<'_>) -> anyhow::Result<Judged> {
    let (reread, now) = steps(source, told, standing)?;
    let reader = reader_drift(standing.last, reread.as_ref());
    let reasons = reasons(reread.as_ref(), &now);
    let Step { snapshot, drift, warnings, stale, checks, .. } = now;
    let judged =
        Judged { drift, reader, pages: snapshot.pages.clone(), warnings, checks, ..Judged::ended(Outcome::Unchanged) };
    if !reasons.is_empty() {
        // What a page that looks wrong says of pairs and decisions is worth nothing.
        return Ok(Judged { outcome: Outcome::Quarantined(reasons), ..judged });
    }
    let outcome = match standing.last {
        None => Outcome::First(snapshot.entries.len()),
        Some(_) if judged.drift.is_empty() => Outcome::Unchanged,
        Some(_) => Outcome::Changed,
    };
    let doubts = doubts(&snapshot.entries);
    let snapshots = news(standing.last, reread.map(|reread| reread.snapshot), snapshot);
    Ok(Judged { outcome, snapshots, doubts, stale, ..judged })
}

/// The step that only reader, hints and decisions made, where that can be told, and the step that the vendor made after it.
fn steps(source: &Source, told: Told, standing: &Standing<'_>) -> anyhow::Result<(Option<Step>, Step)> {
    if let Some(last) = standing.last.filter(|last| are_same_pages(&last.pages, &told.pages)) {
        let same = reread(source, told, last, standing)?;
        let now = same.again();
        return Ok((Some(same), now));
    }
    let then = match (standing.last, standing.pages_of_last) {
        (Some(last), Some(pages)) if last.reader != READER => {
            let told = Told::of(&as_of(source, last), pages, standing.rules, standing.decisions);
            Some(reread(source, told, last, standing)?)
        }
        _ => None,
    };
    let base = then.as_ref().map(|then| &then.snapshot).or(standing.last);
    let gone = |codes: &BTreeSet<&str>| unread(standing, then.as_ref(), codes);
    let now = step(source, told, base, &Standing { gone: &gone, ..*standing })?;
    Ok((then, now))
}

/// The last snapshot as its pages are read and paired now. Whoever accepted them then accepts them still.
fn reread(source: &Source, told: Told, last: &Snapshot, standing: &Standing<'_>) -> anyhow::Result<Step> {
    let accept = standing.accept.or(last.accepted.as_ref().map(|accepted| accepted.reason.as_str()));
    let standing = Standing { today: &last.date, accept, ..*standing };
    Ok(step(&as_of(source, last), told, Some(last), &standing)?.into_reread(last))
}

/// The source with the pages that a snapshot was read from, whatever it names today.
pub(crate) fn as_of(source: &Source, snapshot: &Snapshot) -> Source {
    Source { pages: snapshot.pages.clone().map(|page| page.map(|page| page.url)), ..source.clone() }
}

/// The errors that went, and those that only this version of the reader does not find on the last pages: where the new
/// ones have them, they are the same.
fn unread(standing: &Standing<'_>, reread: Option<&Step>, codes: &BTreeSet<&str>) -> anyhow::Result<Vec<Gone>> {
    let gone = (standing.gone)(codes)?;
    let (Some(last), Some(reread)) = (standing.last, reread) else { return Ok(gone) };
    let found: BTreeSet<&str> = reread.snapshot.entries.iter().map(|entry| entry.id.as_str()).collect();
    let unfound = last.entries.iter().filter(|entry| !found.contains(entry.id.as_str()));
    let unfound = unfound.filter(|entry| codes.contains(entry.code.as_str())).cloned().map(Gone::never);
    // The latest first.
    Ok(unfound.chain(gone).collect())
}

fn reader_drift(last: Option<&Snapshot>, reread: Option<&Step>) -> Option<ReaderDrift> {
    let last = last?;
    let drift = reread.map(|reread| reread.drift.clone());
    let is_told = last.reader != READER || drift.as_ref().is_some_and(|drift| !drift.is_empty());
    is_told.then_some(ReaderDrift { from: last.reader, to: READER, drift })
}

/// Why the pages, or the last ones as they are read now, must not be taken.
fn reasons(reread: Option<&Step>, now: &Step) -> Vec<String> {
    let of_reader = reread.into_iter().flat_map(|reread| &reread.reasons);
    let of_reader = of_reader.map(|reason| format!("the last pages, read anew by this version of docdrift: {reason}"));
    of_reader.chain(now.reasons.iter().cloned()).collect()
}

/// The snapshots that tell anything new. A last snapshot that only another version of the reader read is new as well:
/// whoever comes next must not wonder about it.
fn news(last: Option<&Snapshot>, reread: Option<Snapshot>, now: Snapshot) -> Vec<Snapshot> {
    let is_new = |before: Option<&Snapshot>, after: &Snapshot| {
        before.is_none_or(|before| !dates::is_same(&before.entries, &after.entries))
    };
    // Where only these pages are at hand, this version vouches for the same entries by them from now on.
    let is_unread = reread.is_none() && last.is_some_and(|last| last.reader != READER);
    let is_changed = is_unread || is_new(reread.as_ref().or(last), &now);
    let is_told = |reread: &Snapshot| last.is_none_or(|last| last.reader != reread.reader) || is_new(last, reread);
    reread.filter(is_told).into_iter().chain(is_changed.then_some(now)).collect()
}

fn doubts(entries: &[Entry]) -> Vec<Doubt> {
    let doubtful = entries.iter().filter(|entry| entry.pairing.needs_review());
    doubtful
        .map(|entry| Doubt { status: entry.status.clone(), code: entry.code.clone(), pairing: entry.pairing.clone() })
        .collect()
}
