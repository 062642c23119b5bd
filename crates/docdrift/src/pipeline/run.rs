//! One run: each source evaluated, new snapshots added to its history, and the report.

use docdrift_model::{
    Bilingual, Lang, Outcome, Page, PageFacts, Reason, Report, Snapshot, Source,
    config::Config,
    decision::Decision,
    report::{Evidence, PageEvidence, SourceReport},
};
use docdrift_parse::READER;
use docdrift_store::{Histories, History};
use jiff::civil::Date;
use rayon::prelude::*;

use super::{
    cache::{Cache, SourceSettings},
    evaluate::{self, Evaluation, EvaluationContext, SourceReading, codes_to_look_up, needs_last_reading},
    evidence::{build_evidence, quote_command},
    feeds::{self, Feeds},
    input::{FetchedPages, Origin, load_snapshot_pages, saved_folder},
    lost_codes::Loss,
    options::Acceptance,
    settings,
    storage::Storage,
};

/// What the sources of one run are evaluated with.
pub(crate) struct Run<'a> {
    pub(crate) storage: &'a Storage,
    pub(crate) config: &'a Config,
    pub(crate) decisions: &'a [Decision],
    pub(crate) accept: &'a Acceptance,
    pub(crate) origin: &'a Origin,
    pub(crate) cache: &'a Cache,
    /// The day of the run, in UTC.
    pub(crate) today: Date,
}

/// A source of a run with its pages and its evaluation.
pub(crate) struct EvaluatedSource<'a> {
    pub(crate) source: &'a Source,
    pub(crate) pages: FetchedPages,
    pub(crate) evaluation: Evaluation,
    /// The pages of its last snapshot.
    pub(crate) last_pages: Option<Bilingual<Option<PageFacts>>>,
    /// Whether the evaluation comes from the cache.
    pub(crate) is_cached: bool,
}

impl<'a> Run<'a> {
    /// Evaluates each source apart: one broken page never stops another source.
    pub(crate) fn evaluate_all(&self, fetched: Vec<(&'a Source, FetchedPages)>) -> Vec<EvaluatedSource<'a>> {
        fetched.into_par_iter().map(|(source, pages)| self.evaluate_source(source, pages)).collect()
    }

    fn evaluate_source(&self, source: &'a Source, pages: FetchedPages) -> EvaluatedSource<'a> {
        let decisions = settings::select_decisions(self.decisions, &source.id);
        if let Some(evaluation) = self.cached_evaluation(source, &decisions, &pages) {
            let last_pages = Some(evaluation.pages.clone());
            return EvaluatedSource { source, pages, evaluation, last_pages, is_cached: true };
        }
        let last = self.storage.store.last_snapshot(&source.id);
        let evaluation = match (&last, pages.load(&self.storage.archive)) {
            (_, Err(errors)) => Evaluation::failed(Reason::All(errors)),
            (Err(error), _) => Evaluation::failed(Reason::LastSnapshotUnreadable(format!("{error:#}"))),
            (Ok(Some(last)), _) if last.reader > READER => {
                Evaluation::failed(Reason::NewerReader { snapshot: last.reader, ours: READER })
            }
            (Ok(last), Ok(loaded)) => self.evaluate_pages(source, &decisions, &loaded, last.as_ref()),
        };
        let last_pages = last.ok().flatten().map(|last| last.pages);
        EvaluatedSource { source, pages, evaluation, last_pages, is_cached: false }
    }

    fn cached_evaluation(&self, source: &Source, decisions: &[Decision], pages: &FetchedPages) -> Option<Evaluation> {
        let last = self.storage.store.snapshots(&source.id).ok()?.pop()?;
        let evaluation = self.cache.get_unchanged(&self.source_settings(source, decisions), pages, &last);
        evaluation.filter(|_| pages.errors.is_empty())
    }

    fn source_settings<'r>(&'r self, source: &'r Source, decisions: &'r [Decision]) -> SourceSettings<'r> {
        SourceSettings { source, vendors: &self.config.vendors, publish: &self.config.publish, decisions }
    }

    fn evaluate_pages(
        &self,
        source: &Source,
        decisions: &[Decision],
        pages: &Bilingual<Option<Page>>,
        last: Option<&Snapshot>,
    ) -> Evaluation {
        let rules = settings::read_rules(self.config, source);
        let reading = SourceReading::from_pages(source, pages, &rules, decisions);
        let last_reading = last.filter(|last| needs_last_reading(last, &reading)).and_then(|last| {
            // A damaged page counts as missing: the reader's changes are then reported as unknown.
            let pages = load_snapshot_pages(&self.storage.archive, last, pages).ok().flatten()?;
            Some(SourceReading::from_pages(&evaluate::source_at(source, last), &pages, &rules, decisions))
        });
        let codes = codes_to_look_up(last, last_reading.as_ref(), &reading);
        let codes = codes.iter().map(String::as_str).collect();
        let removed = self
            .storage
            .store
            .snapshots(&source.id)
            .and_then(|snapshots| docdrift_store::removed_entries(&snapshots, &codes));
        let removed = match removed {
            Ok(removed) => removed,
            Err(error) => return Evaluation::failed(Reason::EarlierSnapshotsUnreadable(format!("{error:#}"))),
        };
        let context = EvaluationContext {
            last,
            last_reading: last_reading.as_ref(),
            removed: &removed,
            publish: &self.config.publish,
            accept: self.accept.reason_for(source),
            today: self.today,
        };
        let mut evaluation = evaluate::evaluate(source, reading, &context);
        if let (Outcome::Quarantined(reasons), Some(last)) = (&mut evaluation.outcome, last) {
            let loss = Loss { source, last, pages, rules: &rules, decisions };
            reasons.extend(loss.explain(&evaluation.checks));
        }
        evaluation
    }

    /// Whether there may be something to write.
    pub(crate) fn has_changes(&self, evaluated: &[EvaluatedSource<'_>]) -> bool {
        evaluated.iter().any(|source| !source.evaluation.snapshots.is_empty())
            || !self.cache.is_published(&self.storage.store, self.config)
    }

    /// Returns the histories of all sources with the new snapshots, and their feeds.
    pub(crate) fn extend_histories(&self, evaluated: &[EvaluatedSource<'_>]) -> anyhow::Result<(Histories, Feeds)> {
        let mut histories = self.storage.store.histories(self.config)?;
        for snapshot in evaluated.iter().flat_map(|source| &source.evaluation.snapshots) {
            histories.add(snapshot.clone())?;
        }
        let feeds = Feeds::build(&self.storage.store, &self.config.sources, &histories)?;
        Ok((histories, feeds))
    }

    /// Adds the accepted sources to the cache. Their snapshots are written before.
    pub(crate) fn fill_cache(&self, evaluated: &[EvaluatedSource<'_>], cache: &mut Cache) -> anyhow::Result<()> {
        for EvaluatedSource { source, pages, evaluation, .. } in
            evaluated.iter().filter(|source| !source.is_cached && source.evaluation.is_accepted())
        {
            if let Some(last) = self.storage.store.snapshots(&source.id)?.pop() {
                let decisions = settings::select_decisions(self.decisions, &source.id);
                cache.insert_unchanged(&self.source_settings(source, &decisions), pages, &last, evaluation);
            }
        }
        Ok(())
    }

    /// Builds the report of the run. `histories` are those that were written.
    pub(crate) fn report(&self, evaluated: &[EvaluatedSource<'_>], histories: Option<&Histories>) -> Report {
        let report = |evaluated: &EvaluatedSource<'_>| {
            let Evaluation { outcome, drift, reader, warnings, doubts, stale, .. } = &evaluated.evaluation;
            SourceReport {
                source: evaluated.source.id.to_string(),
                evidence: self.evidence(evaluated, histories),
                outcome: outcome.clone(),
                drift: drift.clone(),
                reader: reader.clone(),
                warnings: warnings.iter().chain(&evaluated.pages.warnings).cloned().collect(),
                doubts: doubts.clone(),
                stale: stale.clone(),
            }
        };
        Report { sources: evaluated.iter().map(report).collect() }
    }

    fn evidence(&self, evaluated: &EvaluatedSource<'_>, histories: Option<&Histories>) -> Evidence {
        let reproduce = self.reproducing_command(evaluated, histories);
        let pages = &evaluated.evaluation.pages;
        let mut evidence = build_evidence(evaluated.last_pages.as_ref(), Some(pages), reproduce);
        for lang in Lang::ALL {
            // The address of a page is known even where the page is missing.
            let url = || evaluated.source.pages.get(lang).clone();
            let page = evidence.pages.get_mut(lang);
            *page = page.take().or_else(|| Some(PageEvidence { url: url()?, ..PageEvidence::default() }));
        }
        evidence
    }

    /// Returns the command that shows the same drift again: from the two snapshots or, where the new one is not kept,
    /// from the pages.
    fn reproducing_command(&self, evaluated: &EvaluatedSource<'_>, histories: Option<&Histories>) -> String {
        let id = &evaluated.source.id;
        let slots = histories.and_then(|histories| histories.get(id).ok()).map_or(&[][..], History::slots);
        if let (Outcome::Changed, [.., old, new]) = (&evaluated.evaluation.outcome, slots) {
            return feeds::diff_command(&old.at, &new.at);
        }
        let id = id.to_string();
        let folder = saved_folder(self.origin).map(|dir| dir.to_string_lossy());
        match &folder {
            Some(dir) => quote_command(["docdrift", "check", "--source", &id, "--pages", dir]),
            None => quote_command(["docdrift", "check", "--source", &id, "--offline"]),
        }
    }
}
