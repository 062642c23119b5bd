//! The history of a source made anew from the archive: the pages of each of its snapshots, read and judged by this
//! version of docdrift. What the guard or a maintainer kept out of the history then stays out of it. Of a source without
//! any snapshot every state that its visits tell of is judged.

mod states;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use anyhow::bail;
use docdrift_model::{Bilingual, Decision, Entry, Outcome, Publish, ReadRules, Snapshot, Source};
use docdrift_parse::READER;
use docdrift_store::{Gone, SnapshotRef, Store, Visit};
use rayon::prelude::*;

use crate::{
    judge::{self, Judged, Standing, Told},
    pages,
};
use states::State;

/// So many states are read at a time, on all cores; their pages are in memory together.
const AT_A_TIME: usize = 64;

/// What a source is replayed with.
pub(crate) struct Replay<'a> {
    pub(crate) store: &'a Store,
    pub(crate) source: &'a Source,
    pub(crate) rules: &'a ReadRules,
    pub(crate) decisions: &'a [Decision],
    pub(crate) publish: &'a Publish,
}

/// What a replay made.
pub(crate) struct Replayed {
    /// The snapshots, the oldest first.
    pub(crate) snapshots: Vec<Snapshot>,
    /// How many states the pages were in.
    pub(crate) states: usize,
}

impl Replay<'_> {
    /// Makes the snapshots after those in `kept` anew; `old` are those that they take the place of, whose dates, ids and
    /// acceptances they take over. An error where any of these would be lost.
    pub(crate) fn run(&self, visits: &[Visit], kept: &[SnapshotRef], old: &[Snapshot]) -> anyhow::Result<Replayed> {
        let states = match (kept, old) {
            ([], []) => states::of_visits(visits, self.source),
            _ => states::of_snapshots(visits, self.source, old)?,
        };
        let mut last = kept.last().map(SnapshotRef::read).transpose()?;
        let (mut snapshots, mut refused) = (Vec::new(), Vec::new());
        let past = Past { kept, gone: RefCell::default() };
        for chunk in states.chunks(AT_A_TIME) {
            let told = chunk.par_iter().map(|state| self.told(state)).collect::<anyhow::Result<Vec<_>>>()?;
            for (state, told) in chunk.iter().zip(told) {
                let judged = self.judge(state, told, last.as_ref(), &past)?;
                if let Outcome::Quarantined(reasons) = judged.outcome {
                    refused = reasons;
                }
                for snapshot in judged.snapshots {
                    past.pass(last.as_ref(), &snapshot);
                    snapshots.push(snapshot.clone());
                    last = Some(snapshot);
                }
            }
        }
        if last.is_none() && !states.is_empty() {
            bail!("nothing that the archive has of it can be taken: {}", refused.join("; "));
        }
        Ok(Replayed { snapshots, states: states.len() })
    }

    fn told(&self, state: &State<'_>) -> anyhow::Result<Told> {
        let page = |visit: Option<&Visit>| visit.map(|visit| self.store.archived_at(visit)).transpose();
        let pages = Bilingual { zh: page(state.visits.zh)?, en: page(state.visits.en)? };
        Ok(Told::of(&self.source_of(state), &pages, self.rules, self.decisions))
    }

    /// The source as it was then.
    fn source_of(&self, state: &State<'_>) -> Source {
        state.snapshot.map_or_else(|| self.source.clone(), |snapshot| judge::as_of(self.source, snapshot))
    }

    fn judge(&self, state: &State<'_>, told: Told, last: Option<&Snapshot>, past: &Past<'_>) -> anyhow::Result<Judged> {
        let accepted = state.snapshot.and_then(|snapshot| snapshot.accepted.as_ref());
        let kept = last.filter(|last| last.reader != READER);
        let pages_of_last = kept.map(|kept| pages::of_snapshot(self.store, kept, &Bilingual::default()));
        let pages_of_last = pages_of_last.transpose()?.flatten();
        let standing = Standing {
            last,
            pages_of_last: pages_of_last.as_ref(),
            gone: &|codes| past.of(codes, last, state.snapshot),
            rules: self.rules,
            publish: self.publish,
            decisions: self.decisions,
            accept: accepted.map(|accepted| accepted.reason.as_str()),
            today: &state.date,
        };
        let mut judged = judge::judge(&self.source_of(state), told, &standing)?;
        if let (Outcome::Quarantined(reasons), Some(snapshot)) = (&judged.outcome, state.snapshot) {
            bail!(
                "its snapshot of {} would not be taken today: {}; replay from a later day with --from",
                snapshot.date,
                reasons.join("; ")
            );
        }
        if let Some(snapshot) = judged.snapshots.last_mut() {
            // Other sources of that run may have been why it had to be accepted.
            snapshot.accepted = snapshot.accepted.take().or_else(|| accepted.cloned());
        }
        Ok(judged)
    }
}

/// The errors that went before the state that is looked at.
struct Past<'a> {
    /// The snapshots that are not made anew.
    kept: &'a [SnapshotRef],
    /// What went in those that are, by id.
    gone: RefCell<BTreeMap<String, Gone>>,
}

impl Past<'_> {
    /// The errors that went, of these codes, those that went last first; then those that the replaced snapshot had, so
    /// that they keep their ids.
    fn of(
        &self,
        codes: &BTreeSet<&str>,
        last: Option<&Snapshot>,
        replaced: Option<&Snapshot>,
    ) -> anyhow::Result<Vec<Gone>> {
        let is_asked = |entry: &&Entry| codes.contains(entry.code.as_str());
        let mut all: Vec<Gone> = self.gone.borrow().values().filter(|gone| is_asked(&&gone.entry)).cloned().collect();
        all.sort_by(|a, b| b.removed_on.cmp(&a.removed_on));
        all.extend(docdrift_store::gone(self.kept, codes)?);
        for entry in replaced.iter().flat_map(|replaced| &replaced.entries).filter(is_asked) {
            let is_there = |of: &Entry| of.id == entry.id;
            let is_last = last.is_some_and(|last| last.entries.iter().any(is_there));
            if !is_last && !all.iter().any(|gone| is_there(&gone.entry)) {
                all.push(Gone::never(entry.clone()));
            }
        }
        Ok(all)
    }

    /// Notes what went from one state to the next, and what is back.
    fn pass(&self, last: Option<&Snapshot>, next: &Snapshot) {
        let mut gone = self.gone.borrow_mut();
        let ids: BTreeSet<&str> = next.entries.iter().map(|entry| entry.id.as_str()).collect();
        gone.retain(|id, _| !ids.contains(id.as_str()));
        for entry in last.iter().flat_map(|last| &last.entries).filter(|entry| !ids.contains(entry.id.as_str())) {
            let went = Gone { entry: entry.clone(), removed_on: Some(next.date.clone()) };
            gone.insert(entry.id.clone(), went);
        }
    }
}
