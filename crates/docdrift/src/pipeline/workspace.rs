//! A folder that docdrift works in, with its configuration.

use std::path::{Path, PathBuf};

use docdrift_model::{Publish, Report, Source, SourceId, config::Config, decision::Decision};
use jiff::civil::Date;

use super::{
    Error,
    cache::Cache,
    evaluate::Evaluation,
    input::{Gathered, NoProgress, Origin, Progress, gather, saved_folder},
    options::RefreshOptions,
    run::{EvaluatedSource, Run},
    settings,
    storage::Storage,
};

/// A folder with `sources.toml`, `snapshots/` and `output/`.
///
/// ```no_run
/// use docdrift::{RefreshOptions, Workspace};
///
/// let workspace = Workspace::open(".".as_ref())?;
/// let refreshed = workspace.refresh(&RefreshOptions::new(jiff::Timestamp::now()))?;
/// assert!(refreshed.report.is_whole());
/// # Ok::<(), docdrift::Error>(())
/// ```
pub struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) config: Config,
    pub(crate) decisions: Vec<Decision>,
    progress: Box<dyn Progress>,
}

impl Workspace {
    /// Reads the configuration in `root`: `sources.toml` and, where there is one, `overrides.toml`.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let (config, decisions) = settings::load_settings(root)?;
        Ok(Self { root: root.to_path_buf(), config, decisions, progress: Box::new(NoProgress) })
    }

    /// Reports the progress of fetching to `progress`.
    #[must_use]
    pub fn with_progress(self, progress: impl Progress + 'static) -> Self {
        Self { progress: Box::new(progress), ..self }
    }

    /// Publishes every field, whatever `[publish]` in `sources.toml` says.
    #[must_use]
    pub fn publishing_all_fields(mut self) -> Self {
        self.config.publish = Publish::all();
        self
    }

    /// Returns the sources whose `vendor/service` matches any of the patterns, or all where there are none.
    pub(crate) fn select_sources(&self, patterns: &[String], origin: &Origin) -> Result<Vec<&Source>, Error> {
        settings::select_sources(&self.config, patterns, saved_folder(origin))
    }

    pub(crate) fn gather<'a>(
        &'a self,
        storage: &Storage,
        origin: &Origin,
        sources: &[&'a Source],
    ) -> Result<Gathered<'a>, Error> {
        gather(origin, storage, &self.config, sources, self.progress.as_ref())
    }

    /// Returns a run over this workspace; nothing is evaluated yet.
    pub(crate) fn new_run<'a>(
        &'a self,
        storage: &'a Storage,
        cache: &'a Cache,
        options: &'a RefreshOptions,
        today: Date,
    ) -> Run<'a> {
        let Self { config, decisions, .. } = self;
        Run { storage, config, decisions, accept: &options.accept, origin: &options.origin, cache, today }
    }

    /// Evaluates one source without the cache and without a write. Returns its evaluation and its report, or `None` where
    /// there is no page of it.
    pub(crate) fn evaluate_source(
        &self,
        id: &SourceId,
        origin: &Origin,
        now: jiff::Timestamp,
    ) -> Result<Option<(Evaluation, Report)>, Error> {
        let source = settings::find_source(&self.config, id)?;
        let storage = Storage::open_read_only(&self.root)?;
        let gathered = self.gather(&storage, origin, &[source])?;
        let options = RefreshOptions { origin: origin.clone(), ..RefreshOptions::new(now) };
        let (cache, today) = (Cache::disabled(), options.today());
        let run = self.new_run(&storage, &cache, &options, today);
        let mut evaluated = run.evaluate_all(gathered.sources);
        run.apply_run_checks(&mut evaluated)?;
        let report = run.report(&evaluated, None);
        Ok(evaluated.into_iter().next().map(|EvaluatedSource { evaluation, .. }| (evaluation, report)))
    }
}
