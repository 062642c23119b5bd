//! The history of a source made anew: every state of its pages that the archive holds, in the order of the visits, read
//! and judged by this version of docdrift.

mod states;

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use docdrift_model::{Bilingual, Decision, Entry, Lang, Outcome, Page, Publish, Snapshot, Source};
use docdrift_store::{Gone, SnapshotRef, Store, Visit};
use rayon::prelude::*;

use crate::judge::{self, Judged, Standing, Told};
pub(crate) use states::{State, digests, states};

/// So many states are read at a time, on all cores; their pages are in memory together.
const AT_A_TIME: usize = 64;

/// What a source is replayed with.
pub(crate) struct Replay<'a> {
    pub(crate) store: &'a Store,
    pub(crate) source: &'a Source,
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
    /// Replays the states after the snapshots in `kept`; `replaced` are the snapshots that the new ones take the place
    /// of, whose dates, ids and acceptances they take over. An error where any of those would be lost.
    pub(crate) fn run(
        &self,
        states: &[State<'_>],
        kept: &[SnapshotRef],
        replaced: &[Snapshot],
    ) -> anyhow::Result<Replayed> {
        for snapshot in replaced {
            let is_there = states.iter().any(|state| state.is_of(std::slice::from_ref(snapshot)));
            anyhow::ensure!(is_there, "the archive lacks the pages of its snapshot of {}", snapshot.date);
        }
        let mut last = kept.last().map(SnapshotRef::read).transpose()?;
        let mut snapshots = Vec::new();
        let past = Past { kept, gone: RefCell::default() };
        for chunk in states.chunks(AT_A_TIME) {
            let told = chunk.par_iter().map(|state| self.told(state)).collect::<anyhow::Result<Vec<_>>>()?;
            for (state, told) in chunk.iter().zip(told) {
                let judged = self.judge(state, told, last.as_ref(), replaced, &past)?;
                for snapshot in judged.snapshots {
                    past.pass(last.as_ref(), &snapshot);
                    snapshots.push(snapshot.clone());
                    last = Some(snapshot);
                }
            }
        }
        Ok(Replayed { snapshots, states: states.len() })
    }

    fn told(&self, state: &State<'_>) -> anyhow::Result<Told> {
        let page = |visit: Option<&Visit>| visit.map(|visit| self.store.archived_at(visit)).transpose();
        let pages = Bilingual { zh: page(state.visits.zh)?, en: page(state.visits.en)? };
        Ok(Told::of(self.source, &pages, self.decisions))
    }

    fn judge(
        &self,
        state: &State<'_>,
        told: Told,
        last: Option<&Snapshot>,
        replaced: &[Snapshot],
        past: &Past<'_>,
    ) -> anyhow::Result<Judged> {
        let before: Vec<&Snapshot> =
            replaced.iter().filter(|snapshot| digests(&snapshot.pages) == state.digests()).collect();
        let accepted = before.iter().find_map(|snapshot| snapshot.accepted.as_ref());
        let known = before.iter().flat_map(|snapshot| &snapshot.entries).collect::<Vec<_>>();
        let pages_of_last = last.and_then(|last| self.pages_of(last));
        let standing = Standing {
            last,
            pages_of_last: pages_of_last.as_ref(),
            gone: &|codes| past.of(codes, last, &known),
            publish: self.publish,
            decisions: self.decisions,
            accept: accepted.map(|accepted| accepted.reason.as_str()),
            today: before.first().map_or(&state.date, |snapshot| &snapshot.date),
        };
        let judged = judge::judge(self.source, told, &standing)?;
        if let (Outcome::Quarantined(reasons), Some(snapshot)) = (&judged.outcome, before.first()) {
            anyhow::bail!("its snapshot of {} would not be taken today: {}", snapshot.date, reasons.join("; "));
        }
        Ok(judged)
    }

    /// The archived pages of a snapshot that is kept and was read by another version of the reader.
    fn pages_of(&self, snapshot: &Snapshot) -> Option<Bilingual<Option<Page>>> {
        if snapshot.reader == docdrift_parse::READER {
            return None;
        }
        let mut pages = Bilingual::default();
        for (lang, facts) in snapshot.pages.iter() {
            let Some(facts) = facts else { continue };
            *pages.get_mut(lang) = Some(self.store.archived_version(&snapshot.source, lang, &facts.digest).ok()??);
        }
        Some(pages)
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
    fn of(&self, codes: &BTreeSet<&str>, last: Option<&Snapshot>, known: &[&Entry]) -> anyhow::Result<Vec<Gone>> {
        let is_asked = |entry: &Entry| codes.contains(entry.code.as_str());
        let mut all: Vec<Gone> = self.gone.borrow().values().filter(|gone| is_asked(&gone.entry)).cloned().collect();
        all.sort_by(|a, b| b.removed_on.cmp(&a.removed_on));
        all.extend(docdrift_store::gone(self.kept, codes)?);
        for entry in known.iter().filter(|entry| is_asked(entry)) {
            let is_there = |of: &Entry| of.id == entry.id;
            let is_last = last.is_some_and(|last| last.entries.iter().any(is_there));
            if !is_last && !all.iter().any(|gone| is_there(&gone.entry)) {
                all.push(Gone { entry: (*entry).clone(), removed_on: String::new() });
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
            let went = Gone { entry: entry.clone(), removed_on: next.date.clone() };
            gone.insert(entry.id.clone(), went);
        }
    }
}

/// The languages that a source names.
fn named(source: &Source) -> impl Iterator<Item = Lang> {
    source.pages.iter().filter(|(_, url)| url.is_some()).map(|(lang, _)| lang)
}
