//! `docdrift refresh`: get the pages, judge each source by itself, publish what is good as one change, report.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use docdrift_model::{Config, Decision, Lang, Publish, Report, Source};
use docdrift_report::MARKDOWN_LIMIT;
use docdrift_store::{Arrival, Published, Store};
use globset::GlobSet;

use crate::{
    exit::{Ended, Exit, wrong},
    memo::Memo,
    output,
    pages::{self, Had, Origin, Pages},
    run::{Looked, Run},
    settings, status,
    telling::Telling,
};

/// Which sources are looked at, and where their pages come from.
#[derive(Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    pub(crate) origin: Origin,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// Publish this much of the vendors' texts, whatever sources.toml says
    #[arg(long, value_enum)]
    publish: Option<PublishAs>,
    #[command(flatten)]
    telling: Telling,
}

impl Selection {
    fn sources<'a>(&self, config: &'a Config) -> Result<Vec<&'a Source>, Ended> {
        settings::selected(config, &self.source, self.origin.pages.as_deref())
    }
}

/// What `--publish` can be.
#[derive(Clone, Copy, ValueEnum)]
enum PublishAs {
    /// Every field as it is.
    All,
}

/// What `refresh` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Say what would happen and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Take the pages of sources whose `vendor/service` matches although they look wrong; the reason is kept in their
    /// snapshots
    #[arg(long, value_name = "GLOB", requires = "reason")]
    accept: Vec<String>,
    /// Why the accepted pages are right
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
}

/// The sources whose pages are taken although they look wrong, and why.
#[derive(Default)]
pub(crate) struct Accept {
    globs: GlobSet,
    reason: String,
}

impl Accept {
    fn of(options: &Options) -> Result<Self, Ended> {
        let globs = settings::globs(&options.accept, "--accept").map_err(wrong)?;
        Ok(Self { globs, reason: options.reason.clone().unwrap_or_default() })
    }

    pub(crate) fn reason_for(&self, source: &Source) -> Option<&str> {
        self.globs.is_match(source.id.to_string()).then_some(self.reason.as_str())
    }
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let accept = Accept::of(options)?;
    let run = if options.dry_run { look } else { publish };
    let report = run(root, &options.selection, &accept)?;
    Ok(if report.is_whole() { Exit::Done } else { Exit::Incomplete })
}

/// The whole run without a write: what `check` and `--dry-run` do.
pub(crate) fn look(root: &Path, selection: &Selection, accept: &Accept) -> Result<Report, Ended> {
    let (config, decisions) = configured(root, selection)?;
    let store = Store::open_read_only(root)?;
    let sources = selection.sources(&config)?;
    let pages = pages::gather(&selection.origin, &store, &config, &sources)?;
    let memo = Memo::of(&store);
    let run =
        Run { store: &store, config: &config, decisions: &decisions, accept, origin: &selection.origin, memo: &memo };
    let mut looked = run.judge_all(&pages);
    run.weigh_together(&mut looked)?;
    let report = run.report(&looked, None);
    selection.telling.tell(&report)?;
    if run.has_news(&looked) {
        let (histories, feeds) = run.histories(&looked)?;
        let preview = store.preview(&histories, &config, &feeds.files)?;
        if preview.written.len() + preview.removed.len() > 0 {
            output::note(&format!(
                "nothing was written; a refresh would write {} and remove {} file(s)",
                preview.written.len(),
                preview.removed.len()
            ));
        }
    }
    Ok(report)
}

fn publish(root: &Path, selection: &Selection, accept: &Accept) -> Result<Report, Ended> {
    let (config, decisions) = configured(root, selection)?;
    let sources = selection.sources(&config)?;
    let store = Store::open(root)?;
    let pages = pages::gather(&selection.origin, &store, &config, &sources)?;
    let successes = status::last_successes(&store, &pages);
    if !selection.origin.offline {
        archive(&store, &pages)?;
    }
    let memo = Memo::of(&store);
    let run =
        Run { store: &store, config: &config, decisions: &decisions, accept, origin: &selection.origin, memo: &memo };
    let mut looked = run.judge_all(&pages);
    let waiting = run.weigh_together(&mut looked)?;
    let mut learned = memo.clone();
    let (report, published) = take(&run, &looked, &mut learned)?;
    if !selection.origin.offline {
        store.keep_pending(&waiting)?;
    }
    run.learn(&looked, &mut learned)?;
    learned.keep(&store)?;
    if selection.origin.is_network() {
        status::keep_failing(&store, &report, &successes)?;
    }
    let report_file = write_reports(&store, &report, selection.telling.lang.into())?;
    selection.telling.tell(&report)?;
    output::note(&format!(
        "{} file(s) written, {} removed; the report is {}",
        published.written.len(),
        published.removed.len(),
        report_file.display()
    ));
    Ok(report)
}

/// Publishes what is new, and reports it with the commands that tell it again.
fn take(run: &Run<'_>, looked: &[Looked<'_>], learned: &mut Memo) -> anyhow::Result<(Report, Published)> {
    if !run.has_news(looked) {
        return Ok((run.report(looked, None), Published::default()));
    }
    let (histories, feeds) = run.histories(looked)?;
    let published = run.store.publish(&histories, run.config, &feeds.files)?;
    if histories.are_whole() && feeds.damaged.is_empty() {
        learned.learn_published(run.store, run.config);
    }
    Ok((run.report(looked, Some(&histories)), published))
}

/// Writes the report in every form that a job or a reviewer may want; answers with the one for a pull request.
fn write_reports(store: &Store, report: &Report, lang: Lang) -> anyhow::Result<PathBuf> {
    let short = store.write_report("report.md", &docdrift_report::markdown(report, lang, Some(MARKDOWN_LIMIT)))?;
    store.write_report("report-full.md", &docdrift_report::markdown(report, lang, None))?;
    store.write_report("report.html", &docdrift_report::html(report, lang))?;
    store.write_report("report.xml", &docdrift_report::junit(report, lang))?;
    store.write_report("report.json", &format!("{:#}\n", docdrift_report::json(report)))?;
    Ok(short)
}

fn configured(root: &Path, selection: &Selection) -> Result<(Config, Vec<Decision>), Ended> {
    let (mut config, decisions) = settings::load(root)?;
    if let Some(PublishAs::All) = selection.publish {
        config.publish = Publish::all();
    }
    Ok((config, decisions))
}

/// Keeps what was received, also the pages of sources that miss another one.
fn archive(store: &Store, pages: &[(&Source, Pages)]) -> anyhow::Result<()> {
    let now = format!("{:.0}", jiff::Timestamp::now());
    let mut arrivals = Vec::new();
    for (source, pages) in pages {
        for (lang, had) in pages.had.iter() {
            arrivals.extend(had.as_ref().map(|had| {
                let arrival = match had {
                    Had::Page(page) => Arrival::Page(page),
                    Had::Unchanged(_) => Arrival::Unchanged(&now),
                };
                (&source.id, lang, arrival)
            }));
        }
    }
    store.archive_all(&arrivals)
}
