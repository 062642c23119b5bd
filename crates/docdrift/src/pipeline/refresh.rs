//! A refresh: get the pages, evaluate each source, publish what is accepted as one change, report.

use std::path::PathBuf;

use docdrift_archive::{Archive, VisitOutcome};
use docdrift_model::{Lang, Report, Source};
use docdrift_report::MARKDOWN_LIMIT;
use docdrift_store::{Published, Store};

use super::{
    Error,
    cache::Cache,
    feeds::Feeds,
    freshness,
    input::{FetchedPage, FetchedPages, NetworkSummary, Origin},
    options::RefreshOptions,
    run::{EvaluatedSource, Run},
    storage::Storage,
    workspace::Workspace,
};

/// The result of a refresh.
pub struct Refreshed {
    /// What was found in each source.
    pub report: Report,
    /// How many files were written, or would be.
    pub written_count: usize,
    /// How many files were removed, or would be.
    pub removed_count: usize,
    /// The report for a pull request, where files were written.
    pub report_file: Option<PathBuf>,
    /// What was requested from the network.
    pub network: NetworkSummary,
    /// The reasons why some feeds were not updated, a sentence each.
    pub damaged_feeds: Vec<String>,
}

impl Refreshed {
    fn new(report: Report, network: NetworkSummary, (published, damaged_feeds): (Published, Vec<String>)) -> Self {
        let (written_count, removed_count) = (published.written.len(), published.removed.len());
        Self { report, written_count, removed_count, report_file: None, network, damaged_feeds }
    }
}

impl Workspace {
    /// Refreshes the sources and publishes what the guard accepts. All files change at once or none does.
    pub fn refresh(&self, options: &RefreshOptions) -> Result<Refreshed, Error> {
        let sources = self.select_sources(&options.sources, &options.origin)?;
        let storage = Storage::open(&self.root)?;
        let Storage { store, archive } = &storage;
        let gathered = self.gather(&storage, &options.origin, &sources)?;
        let successes = freshness::last_successes(archive, gathered.sources.iter().map(|(source, _)| *source));
        let has_new_pages = options.origin != Origin::Archive;
        if has_new_pages {
            archive_pages(archive, &gathered.sources, options.now)?;
        }
        let (cache, today) = (Cache::load(store), options.today());
        let run = self.new_run(&storage, &cache, options, today);
        let mut evaluated = run.evaluate_all(gathered.sources);
        let pending = run.apply_run_checks(&mut evaluated)?;
        let mut new_cache = cache.clone();
        let (report, published) = publish(&run, &evaluated, &mut new_cache)?;
        if has_new_pages {
            store.state().store_pending_removals(&pending)?;
        }
        run.fill_cache(&evaluated, &mut new_cache)?;
        new_cache.save(store)?;
        if options.origin == Origin::Network {
            freshness::save_failing(store, &report, &successes, options.now)?;
        }
        let report_file = Some(write_reports(store, &report, options.report_lang)?);
        Ok(Refreshed { report_file, ..Refreshed::new(report, gathered.network, published) })
    }

    /// Does the same without a write, and counts the files that a refresh would change.
    pub fn preview(&self, options: &RefreshOptions) -> Result<Refreshed, Error> {
        let storage = Storage::open_read_only(&self.root)?;
        let store = &storage.store;
        let sources = self.select_sources(&options.sources, &options.origin)?;
        let gathered = self.gather(&storage, &options.origin, &sources)?;
        let (cache, today) = (Cache::load(store), options.today());
        let run = self.new_run(&storage, &cache, options, today);
        let mut evaluated = run.evaluate_all(gathered.sources);
        run.apply_run_checks(&mut evaluated)?;
        let published = if run.has_changes(&evaluated) {
            let (histories, feeds) = run.extend_histories(&evaluated)?;
            (store.preview(&histories, &self.config, &feeds.files)?, feeds.damaged)
        } else {
            Default::default()
        };
        Ok(Refreshed::new(run.report(&evaluated, None), gathered.network, published))
    }
}

/// Publishes the new snapshots. Returns the report, with the commands that reproduce it, and what was written.
fn publish(
    run: &Run<'_>,
    evaluated: &[EvaluatedSource<'_>],
    cache: &mut Cache,
) -> anyhow::Result<(Report, (Published, Vec<String>))> {
    if !run.has_changes(evaluated) {
        return Ok((run.report(evaluated, None), Default::default()));
    }
    let (histories, Feeds { files, damaged }) = run.extend_histories(evaluated)?;
    let published = run.storage.store.publish(&histories, run.config, &files)?;
    if histories.are_complete() && damaged.is_empty() {
        cache.insert_published(&run.storage.store, run.config);
    }
    Ok((run.report(evaluated, Some(&histories)), (published, damaged)))
}

/// Writes the report in every form that a job or a reviewer may want. Returns the file for a pull request.
fn write_reports(store: &Store, report: &Report, lang: Lang) -> anyhow::Result<PathBuf> {
    let short = store.write_report("report.md", &docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT)))?;
    store.write_report("report-full.md", &docdrift_report::markdown(report, lang, None))?;
    store.write_report("report.html", &docdrift_report::html(report, lang))?;
    store.write_report("report.xml", &docdrift_report::junit(report, lang))?;
    store.write_report("report.json", &format!("{:#}\n", docdrift_report::json(report)))?;
    Ok(short)
}

/// Archives every page of the run, also those of sources that lack another page.
fn archive_pages(archive: &Archive, sources: &[(&Source, FetchedPages)], now: jiff::Timestamp) -> anyhow::Result<()> {
    let now = format!("{now:.0}");
    let mut outcomes = Vec::new();
    for (source, pages) in sources {
        for (lang, page) in pages.pages.iter() {
            outcomes.extend(page.as_ref().map(|page| {
                let outcome = match page {
                    FetchedPage::Fresh(page) => VisitOutcome::Page(page),
                    FetchedPage::NotModified(_) => VisitOutcome::Unchanged(&now),
                };
                (&source.id, lang, outcome)
            }));
        }
    }
    Ok(archive.add_all(&outcomes)?)
}
