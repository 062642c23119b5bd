//! Replays: the history of a source rebuilt from the archive. The pages of each snapshot are read and evaluated by this
//! version of docdrift. States that the guard or a maintainer rejected stay out. Of a source without any snapshot, every
//! state that its visits show is evaluated.

mod error;
mod states;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use anyhow::anyhow;
use docdrift_archive::{Archive, Visit, Visits};
use docdrift_diff::diff_with;
use docdrift_model::{
    Bilingual, Drift, Entry, Outcome, Publish, ReadRules, Reason, Report, Snapshot, Source,
    decision::Decision,
    report::{ReaderDrift, SourceReport},
};
use docdrift_store::{Histories, RemovedEntry, SnapshotRef, Store};
use jiff::civil::Date;
use rayon::prelude::*;

use super::{
    Error,
    evaluate::{self, Evaluation, EvaluationContext, SourceReading, codes_to_look_up, needs_last_reading},
    evidence::build_evidence,
    feeds::Feeds,
    input::{Origin, load_snapshot_pages},
    settings,
    storage::Storage,
    workspace::Workspace,
};
use error::ReplayError;
use states::State;

/// The number of states that are read at a time, on all cores. Their pages are in memory together.
const STATES_AT_A_TIME: usize = 64;

/// What to replay.
pub(crate) struct ReplayOptions {
    /// Only the snapshots from this day on.
    pub(crate) from: Option<Date>,
    /// Patterns of `vendor/service`; none for all sources.
    pub(crate) sources: Vec<String>,
    pub(crate) dry_run: bool,
}

/// The result of a replay.
pub(crate) struct Replayed {
    pub(crate) report: Report,
    /// How many states of pages were read.
    pub(crate) state_count: usize,
    /// How many files were written, or would be.
    pub(crate) written_count: usize,
    /// How many files were removed, or would be.
    pub(crate) removed_count: usize,
    /// The numbers of damaged lines in the archive's index, which were skipped.
    pub(crate) damaged_lines: Vec<usize>,
    /// The reasons why some feeds were not updated, a sentence each.
    pub(crate) damaged_feeds: Vec<String>,
}

impl Workspace {
    /// Rebuilds snapshots and dataset from the archived pages. A source whose data would be lost stays as it is.
    pub(crate) fn replay(&self, options: &ReplayOptions) -> Result<Replayed, Error> {
        let sources = self.select_sources(&options.sources, &Origin::Archive)?;
        let open = if options.dry_run { Storage::open_read_only } else { Storage::open };
        let storage = open(&self.root)?;
        let store = &storage.store;
        let visits = storage.archive.visits()?;
        let from = options.from.unwrap_or(Date::MIN);
        let replay = Replay { workspace: self, storage: &storage, visits: &visits, from };
        let mut histories = store.histories(&self.config)?;
        let (mut report, mut state_count) = (Report::default(), 0);
        for source in sources {
            let (source_report, states) = replay.replay_source(source, &mut histories);
            state_count += states;
            report.sources.extend(source_report);
        }
        if report.sources.is_empty() {
            return Err(nothing_replayed());
        }
        let feeds = Feeds::build(store, &self.config.sources, &histories)?;
        let write = if options.dry_run { Store::preview } else { Store::publish };
        let changed = write(store, &histories, &self.config, &feeds.files)?;
        Ok(Replayed {
            report,
            state_count,
            written_count: changed.written.len(),
            removed_count: changed.removed.len(),
            damaged_lines: visits.damaged.iter().map(|line| line.number).collect(),
            damaged_feeds: feeds.damaged,
        })
    }
}

fn nothing_replayed() -> Error {
    Error::usage(anyhow!(
        "there is nothing to replay: these sources have no snapshot from that day on, and the archive has no pages of \
         those without any"
    ))
}

/// What the sources are replayed with.
struct Replay<'a> {
    workspace: &'a Workspace,
    storage: &'a Storage,
    visits: &'a Visits,
    /// The first day to replay.
    from: Date,
}

/// What replaying a source made.
struct ReplayedSource {
    /// The last snapshot before.
    old: Option<Snapshot>,
    state_count: usize,
}

impl Replay<'_> {
    /// Replays a source into its history, which stays as it is where anything would be lost. Returns its report, unless
    /// it has neither snapshots nor pages, and the number of states that were read.
    fn replay_source(&self, source: &Source, histories: &mut Histories) -> (Option<SourceReport>, usize) {
        match self.replace_history(source, histories) {
            Ok(None) => (None, 0),
            Ok(Some(ReplayedSource { old, state_count })) => {
                let new = histories.get(&source.id).ok().and_then(|history| history.newest());
                (Some(report_source(source, old.as_ref(), new)), state_count)
            }
            Err(error) => {
                let outcome = Outcome::Failed(Reason::NotReplayed(Box::new(error.into())));
                (Some(SourceReport { outcome, ..report_source(source, None, None) }), 0)
            }
        }
    }

    fn replace_history(
        &self,
        source: &Source,
        histories: &mut Histories,
    ) -> Result<Option<ReplayedSource>, ReplayError> {
        let (old, kept): (Vec<SnapshotRef>, Vec<SnapshotRef>) =
            self.storage.store.snapshots(&source.id)?.into_iter().partition(|at| at.date >= self.from);
        let old = old.iter().map(SnapshotRef::read).collect::<Result<Vec<_>, _>>()?;
        let Workspace { config, decisions, .. } = self.workspace;
        let replay = SourceReplay {
            archive: &self.storage.archive,
            source,
            rules: &settings::read_rules(config, source),
            decisions: &settings::select_decisions(decisions, &source.id),
            publish: &config.publish,
        };
        let (snapshots, state_count) = replay.run(&self.visits.good, &kept, &old)?;
        if state_count == 0 {
            return Ok(None);
        }
        histories.replace(&source.id, self.from, snapshots)?;
        Ok(Some(ReplayedSource { old: old.into_iter().next_back(), state_count }))
    }
}

/// Reports how the replay changed the newest state of a source. The reader alone made that change: the pages are the same.
fn report_source(source: &Source, old: Option<&Snapshot>, new: Option<&Snapshot>) -> SourceReport {
    let reader = old.zip(new).map(|(old, new)| ReaderDrift {
        from: old.reader,
        to: new.reader,
        drift: Some(diff_with(&old.entries, &new.entries, &source.severities)),
    });
    let entry_count = new.map_or(0, |new| new.entries.len());
    SourceReport {
        source: source.id.to_string(),
        evidence: build_evidence(old.map(|old| &old.pages), new.map(|new| &new.pages), String::new()),
        outcome: if old.is_none() { Outcome::First(entry_count) } else { Outcome::Unchanged },
        drift: Drift::default(),
        reader,
        warnings: Vec::new(),
        doubts: Vec::new(),
        stale: Vec::new(),
    }
}

/// What the states of one source are replayed with.
struct SourceReplay<'a> {
    archive: &'a Archive,
    source: &'a Source,
    rules: &'a ReadRules,
    decisions: &'a [Decision],
    publish: &'a Publish,
}

impl SourceReplay<'_> {
    /// Rebuilds the snapshots after `kept`, the oldest first. They take over the dates, ids and acceptances of `old`,
    /// which they replace; where any of these would be lost, the replay fails. Returns the number of states as well.
    fn run(
        &self,
        visits: &[Visit],
        kept: &[SnapshotRef],
        old: &[Snapshot],
    ) -> Result<(Vec<Snapshot>, usize), ReplayError> {
        let states = match (kept, old) {
            ([], []) => states::collect_from_visits(visits, self.source),
            _ => states::collect_from_snapshots(visits, self.source, old)?,
        };
        let mut last = kept.last().map(SnapshotRef::read).transpose()?;
        let (mut snapshots, mut reasons) = (Vec::new(), Vec::new());
        let mut past = Past { kept, removed: BTreeMap::new() };
        for chunk in states.chunks(STATES_AT_A_TIME) {
            let readings = chunk.par_iter().map(|state| self.read(state)).collect::<anyhow::Result<Vec<_>>>()?;
            for (state, reading) in chunk.iter().zip(readings) {
                let evaluation = self.evaluate(state, reading, last.as_ref(), &past)?;
                if let Outcome::Quarantined(rejected) = evaluation.outcome {
                    reasons = rejected;
                }
                for snapshot in evaluation.snapshots {
                    past.advance(last.as_ref(), &snapshot);
                    snapshots.push(snapshot.clone());
                    last = Some(snapshot);
                }
            }
        }
        if last.is_none() && !states.is_empty() {
            return Err(Reason::NothingAcceptable(reasons).into());
        }
        Ok((snapshots, states.len()))
    }

    fn read(&self, state: &State<'_>) -> anyhow::Result<SourceReading> {
        let page = |visit: Option<&Visit>| visit.map(|visit| self.archive.page_at(visit)).transpose();
        let pages = Bilingual { zh: page(state.visits.zh)?, en: page(state.visits.en)? };
        Ok(SourceReading::from_pages(&self.source_at(state), &pages, self.rules, self.decisions))
    }

    /// Returns the source with the page addresses of a state.
    fn source_at(&self, state: &State<'_>) -> Source {
        state.snapshot.map_or_else(|| self.source.clone(), |snapshot| evaluate::source_at(self.source, snapshot))
    }

    fn evaluate(
        &self,
        state: &State<'_>,
        reading: SourceReading,
        last: Option<&Snapshot>,
        past: &Past<'_>,
    ) -> Result<Evaluation, ReplayError> {
        let accepted = state.snapshot.and_then(|snapshot| snapshot.accepted.as_ref());
        let last_reading = self.read_last(last, &reading)?;
        let codes = codes_to_look_up(last, last_reading.as_ref(), &reading);
        let removed = past.find_removed(&codes, last, state.snapshot)?;
        let context = EvaluationContext {
            last,
            last_reading: last_reading.as_ref(),
            removed: &removed,
            publish: self.publish,
            accept: accepted.map(|accepted| accepted.reason.as_str()),
            today: state.date,
        };
        let mut evaluation = evaluate::evaluate(&self.source_at(state), reading, &context);
        if let (Outcome::Quarantined(reasons), Some(snapshot)) = (&evaluation.outcome, state.snapshot) {
            let (date, reasons) = (snapshot.date, reasons.clone());
            return Err(Reason::SnapshotRejected { date, reasons }.into());
        }
        if let Some(snapshot) = evaluation.snapshots.last_mut() {
            // Another source of that run may be the reason why it had to be accepted.
            snapshot.accepted = snapshot.accepted.take().or_else(|| accepted.cloned());
        }
        Ok(evaluation)
    }

    /// Reads the pages of a snapshot that another version of the reader made and that is not replayed.
    fn read_last(&self, last: Option<&Snapshot>, reading: &SourceReading) -> anyhow::Result<Option<SourceReading>> {
        let Some(last) = last.filter(|last| needs_last_reading(last, reading)) else {
            return Ok(None);
        };
        let pages = load_snapshot_pages(self.archive, last, &Bilingual::default())?;
        let source = evaluate::source_at(self.source, last);
        Ok(pages.map(|pages| SourceReading::from_pages(&source, &pages, self.rules, self.decisions)))
    }
}

/// The entries that were removed before the state being evaluated.
struct Past<'a> {
    /// The snapshots that are not replayed.
    kept: &'a [SnapshotRef],
    /// The entries removed in the replayed ones, by id.
    removed: BTreeMap<String, RemovedEntry>,
}

impl Past<'_> {
    /// Finds the removed entries with these codes, the latest first. The entries of the replaced snapshot come last, so
    /// that they keep their ids.
    fn find_removed(
        &self,
        codes: &BTreeSet<String>,
        last: Option<&Snapshot>,
        replaced: Option<&Snapshot>,
    ) -> anyhow::Result<Vec<RemovedEntry>> {
        let has_code = |entry: &&Entry| codes.contains(&entry.code);
        let mut all: Vec<RemovedEntry> = self.removed.values().filter(|gone| has_code(&&gone.entry)).cloned().collect();
        all.sort_by_key(|removed| Reverse(removed.removed_on));
        all.extend(docdrift_store::removed_entries(self.kept, &codes.iter().map(String::as_str).collect())?);
        for entry in replaced.iter().flat_map(|replaced| &replaced.entries).filter(has_code) {
            let is_same = |other: &Entry| other.id == entry.id;
            let is_in_last = last.is_some_and(|last| last.entries.iter().any(is_same));
            if !is_in_last && !all.iter().any(|gone| is_same(&gone.entry)) {
                all.push(RemovedEntry::undated(entry.clone()));
            }
        }
        Ok(all)
    }

    /// Notes which entries the next state lacks, and which it has again.
    fn advance(&mut self, last: Option<&Snapshot>, next: &Snapshot) {
        let ids: BTreeSet<&str> = next.entries.iter().map(|entry| entry.id.as_str()).collect();
        self.removed.retain(|id, _| !ids.contains(id.as_str()));
        for entry in last.iter().flat_map(|last| &last.entries).filter(|entry| !ids.contains(entry.id.as_str())) {
            let removed = RemovedEntry { entry: entry.clone(), removed_on: Some(next.date) };
            self.removed.insert(entry.id.clone(), removed);
        }
    }
}
