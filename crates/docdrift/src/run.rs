//! The sources of one run: each judged, what is new put into its history, all of it told in a report.

mod together;

use std::collections::BTreeSet;

use docdrift_model::{
    Bilingual, Config, Decision, Evidence, Lang, Outcome, Page, PageEvidence, PageFacts, Report, Snapshot, Source,
    SourceReport,
};
use docdrift_parse::READER;
use docdrift_store::{Histories, History, Store};
use rayon::prelude::*;

use crate::{
    evidence::{command_line, evidence},
    feeds::{self, Feeds},
    judge::{self, Judged, Standing, Told},
    lost_codes::Loss,
    memo::{Memo, Rules},
    pages::{self, Origin, Pages},
    refresh::Accept,
    settings,
};

/// What the sources of one run are judged with.
pub(crate) struct Run<'a> {
    pub(crate) store: &'a Store,
    pub(crate) config: &'a Config,
    pub(crate) decisions: &'a [Decision],
    pub(crate) accept: &'a Accept,
    pub(crate) origin: &'a Origin,
    pub(crate) memo: &'a Memo,
}

/// A source of a run, and what became of it.
pub(crate) struct Looked<'a> {
    source: &'a Source,
    pages: &'a Pages,
    pub(crate) judged: Judged,
    /// The pages of its last snapshot.
    pages_of_last: Option<Bilingual<Option<PageFacts>>>,
    /// Whether that was known before.
    is_known: bool,
}

impl<'a> Run<'a> {
    /// Judges each source by itself: one broken page never stops another source.
    pub(crate) fn judge_all(&self, pages: &'a [(&'a Source, Pages)]) -> Vec<Looked<'a>> {
        pages.par_iter().map(|(source, pages)| self.look_at(source, pages)).collect()
    }

    fn look_at(&self, source: &'a Source, pages: &'a Pages) -> Looked<'a> {
        let decisions = settings::about(self.decisions, &source.id);
        if let Some(judged) = self.known(source, &decisions, pages) {
            return Looked { source, pages, pages_of_last: Some(judged.pages.clone()), judged, is_known: true };
        }
        let last = self.store.last_snapshot(&source.id);
        let judged = match (&last, pages.load(self.store)) {
            (_, Err(missed)) => Judged::failed(missed.join("; ")),
            (Err(error), _) => Judged::failed(format!("its last snapshot cannot be read: {error:#}")),
            (Ok(Some(last)), _) if last.reader > READER => Judged::failed(format!(
                "its last snapshot was read by version {} of the reader, this docdrift has version {READER}: update it",
                last.reader
            )),
            (Ok(last), Ok(loaded)) => self.judge(source, &decisions, &loaded, last.as_ref()),
        };
        let pages_of_last = last.ok().flatten().map(|last| last.pages);
        Looked { source, pages, judged, pages_of_last, is_known: false }
    }

    fn known(&self, source: &Source, decisions: &[Decision], pages: &Pages) -> Option<Judged> {
        let last = self.store.snapshots(&source.id).ok()?.pop()?;
        self.memo.unchanged(&self.rules(source, decisions), pages, &last).filter(|_| pages.missed.is_empty())
    }

    fn rules<'r>(&'r self, source: &'r Source, decisions: &'r [Decision]) -> Rules<'r> {
        Rules { source, vendors: &self.config.vendors, publish: &self.config.publish, decisions }
    }

    fn judge(
        &self,
        source: &Source,
        decisions: &[Decision],
        pages: &Bilingual<Option<Page>>,
        last: Option<&Snapshot>,
    ) -> Judged {
        let gone = |codes: &BTreeSet<&str>| docdrift_store::gone(&self.store.snapshots(&source.id)?, codes);
        let last_read_otherwise = last.filter(|last| last.reader != READER);
        // A damaged page is none: what the reader changed is then told as not known.
        let pages_of_last =
            last_read_otherwise.and_then(|last| pages::of_snapshot(self.store, last, pages).ok().flatten());
        let rules = settings::read_rules(self.config, source);
        let standing = Standing {
            last,
            pages_of_last: pages_of_last.as_ref(),
            gone: &gone,
            rules: &rules,
            publish: &self.config.publish,
            decisions,
            accept: self.accept.reason_for(source),
            today: &jiff::Timestamp::now().to_string().chars().take(10).collect::<String>(),
        };
        let mut judged = judge::judge(source, Told::of(source, pages, &rules, decisions), &standing)
            .unwrap_or_else(|error| Judged::failed(format!("its earlier snapshots cannot be read: {error:#}")));
        if let (Outcome::Quarantined(reasons), Some(last)) = (&mut judged.outcome, last) {
            let loss = Loss { source, last, pages, rules: &rules, decisions };
            reasons.extend(loss.explain(&judged.checks));
        }
        judged
    }

    /// Whether anything may have to be written.
    pub(crate) fn has_news(&self, looked: &[Looked<'_>]) -> bool {
        looked.iter().any(|looked| !looked.judged.snapshots.is_empty())
            || !self.memo.is_published(self.store, self.config)
    }

    /// The histories of all sources with what is new, and the feeds of them.
    pub(crate) fn histories(&self, looked: &[Looked<'_>]) -> anyhow::Result<(Histories, Feeds)> {
        let mut histories = self.store.histories(self.config)?;
        for snapshot in looked.iter().flat_map(|looked| &looked.judged.snapshots) {
            histories.add(snapshot.clone())?;
        }
        let feeds = feeds::feeds(self.store, &self.config.sources, &histories)?;
        feeds.tell_damage();
        Ok((histories, feeds))
    }

    /// Learns what need not be found out again of the sources whose pages were taken; their snapshots are written.
    pub(crate) fn learn(&self, looked: &[Looked<'_>], memo: &mut Memo) -> anyhow::Result<()> {
        for Looked { source, pages, judged, .. } in looked.iter().filter(|of| !of.is_known && of.judged.is_taken()) {
            if let Some(last) = self.store.snapshots(&source.id)?.pop() {
                let decisions = settings::about(self.decisions, &source.id);
                memo.learn_source(&self.rules(source, &decisions), pages, &last, judged);
            }
        }
        Ok(())
    }

    /// What the run found; `histories` are those that are written.
    pub(crate) fn report(&self, looked: &[Looked<'_>], histories: Option<&Histories>) -> Report {
        let of = |looked: &Looked<'_>| {
            let Judged { outcome, drift, reader, warnings, doubts, stale, .. } = &looked.judged;
            SourceReport {
                source: looked.source.id.to_string(),
                evidence: self.evidence(looked, histories),
                outcome: outcome.clone(),
                drift: drift.clone(),
                reader: reader.clone(),
                warnings: warnings.iter().chain(&looked.pages.notes).cloned().collect(),
                doubts: doubts.clone(),
                stale: stale.clone(),
            }
        };
        Report { sources: looked.iter().map(of).collect() }
    }

    fn evidence(&self, looked: &Looked<'_>, histories: Option<&Histories>) -> Evidence {
        let reproduce = self.reproduce(looked, histories);
        let mut evidence = evidence(looked.pages_of_last.as_ref(), Some(&looked.judged.pages), reproduce);
        for lang in Lang::ALL {
            // Of a page that could not be had its address is known at least.
            let url = || looked.source.pages.get(lang).clone();
            let page = evidence.pages.get_mut(lang);
            *page = page.take().or_else(|| Some(PageEvidence { url: url()?, ..PageEvidence::default() }));
        }
        evidence
    }

    /// The command that tells the same drift again: of the two snapshots, or where the new one is not kept, of the
    /// pages.
    fn reproduce(&self, looked: &Looked<'_>, histories: Option<&Histories>) -> String {
        let id = &looked.source.id;
        let placed = histories.and_then(|histories| histories.of(id).ok()).map_or(&[][..], History::placed);
        if let (Outcome::Changed, [.., old, new]) = (&looked.judged.outcome, placed) {
            return feeds::reproduce(&old.at, &new.at);
        }
        let id = id.to_string();
        let from = self.origin.pages.as_ref().map(|dir| dir.to_string_lossy());
        match &from {
            Some(dir) => command_line(["docdrift", "check", "--source", &id, "--pages", dir]),
            None => command_line(["docdrift", "check", "--source", &id, "--offline"]),
        }
    }
}
