//! `docdrift refresh`: get the pages, judge each source by itself, publish what is good as one change, report.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use docdrift_model::{Decision, Evidence, Lang, PageEvidence, Publish, Report, Snapshot, Source, SourceReport};
use docdrift_report::MARKDOWN_LIMIT;
use docdrift_store::{Config, Store};
use globset::GlobSet;

use crate::{
    evidence::{command_line, evidence},
    exit::{Ended, Exit, wrong},
    feeds::{self, feeds},
    judge::{self, Judged, Standing},
    output,
    pages::{self, Origin, Pages},
    settings, status,
    telling::Telling,
};

/// Which sources are looked at, and where their pages come from.
#[derive(Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    origin: Origin,
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

    fn reason_for(&self, source: &Source) -> Option<&str> {
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
    let run = Run { store: &store, config: &config, decisions: &decisions, accept, selection, writes: false };
    let (report, new) = run.judge_all(pages);
    selection.telling.tell(&report)?;
    let preview = store.preview(&new, &config, &feeds(&store, &config.sources, &new)?)?;
    if preview.written.len() + preview.removed.len() > 0 {
        output::note(&format!(
            "nothing was written; a refresh would write {} and remove {} file(s)",
            preview.written.len(),
            preview.removed.len()
        ));
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
    let run = Run { store: &store, config: &config, decisions: &decisions, accept, selection, writes: true };
    let (report, new) = run.judge_all(pages);
    let published = store.publish(&new, &config, &feeds(&store, &config.sources, &new)?)?;
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
    for (source, pages) in pages {
        for (lang, page) in pages.had.iter() {
            match page {
                Some(_) if *pages.unchanged.get(lang) => store.archive_unchanged(&source.id, lang, &now)?,
                Some(page) => store.archive(&source.id, lang, page)?,
                None => {}
            }
        }
    }
    Ok(())
}

/// What the sources of one run are judged with.
struct Run<'a> {
    store: &'a Store,
    config: &'a Config,
    decisions: &'a [Decision],
    accept: &'a Accept,
    selection: &'a Selection,
    /// Whether new snapshots will be written.
    writes: bool,
}

impl Run<'_> {
    /// Judges each source by itself: one broken page never stops another source.
    fn judge_all(&self, pages: Vec<(&Source, Pages)>) -> (Report, Vec<Snapshot>) {
        let today = jiff::Timestamp::now().to_string().chars().take(10).collect::<String>();
        let (mut report, mut new) = (Report::default(), Vec::new());
        for (source, pages) in pages {
            let last = self.store.last_snapshot(&source.id);
            let judged = match &last {
                _ if !pages.missed.is_empty() => Judged::failed(pages.missed.join("; ")),
                Ok(last) => self.judge(source, &pages, last.as_ref(), &today),
                Err(error) => Judged::failed(format!("its last snapshot cannot be read: {error:#}")),
            };
            let evidence = self.evidence(source, last.ok().flatten().as_ref(), &judged);
            let Judged { outcome, drift, reader, mut warnings, snapshot, doubts, stale, .. } = judged;
            warnings.extend(pages.notes);
            new.extend(snapshot);
            let source = source.id.to_string();
            report.sources.push(SourceReport { source, evidence, outcome, drift, reader, warnings, doubts, stale });
        }
        (report, new)
    }

    fn judge(&self, source: &Source, pages: &Pages, last: Option<&Snapshot>, today: &str) -> Judged {
        let decisions = settings::about(self.decisions, &source.id);
        let gone = |codes: &BTreeSet<&str>| docdrift_store::gone(&self.store.snapshots(&source.id)?, codes);
        let standing = Standing {
            last,
            gone: &gone,
            publish: &self.config.publish,
            decisions: &decisions,
            accept: self.accept.reason_for(source),
            today,
        };
        judge::judge(source, &pages.had, &standing)
            .unwrap_or_else(|error| Judged::failed(format!("its earlier snapshots cannot be read: {error:#}")))
    }

    fn evidence(&self, source: &Source, last: Option<&Snapshot>, judged: &Judged) -> Evidence {
        // Of a page that could not be had its address is known at least.
        let urls = |lang| source.pages.get(lang).clone();
        let mut evidence = evidence(last.map(|last| &last.pages), Some(&judged.pages), self.reproduce(source, judged));
        for lang in Lang::ALL {
            let page = evidence.pages.get_mut(lang);
            *page = page.take().or_else(|| Some(PageEvidence { url: urls(lang)?, ..PageEvidence::default() }));
        }
        evidence
    }

    /// The command that tells the same drift again: of the two snapshots, or where the new one is not kept, of the
    /// pages.
    fn reproduce(&self, source: &Source, judged: &Judged) -> String {
        if let (true, Some(snapshot)) = (self.writes, &judged.snapshot)
            && let Ok(Some(old)) = self.store.snapshots(&source.id).map(|mut all| all.pop())
            && let Ok(new) = self.store.place(&mut snapshot.clone())
        {
            return feeds::reproduce(&old, &new);
        }
        let id = source.id.to_string();
        let from = self.selection.origin.pages.as_ref().map(|dir| dir.to_string_lossy());
        match &from {
            Some(dir) => command_line(["docdrift", "check", "--source", &id, "--pages", dir]),
            None => command_line(["docdrift", "check", "--source", &id, "--offline"]),
        }
    }
}
