//! `docdrift refresh`: get the pages, judge each source by itself, publish what is good as one change, report.

use std::path::Path;

use clap::{Args, ValueEnum};
use docdrift_model::{Decision, Doubt, Outcome, Publish, Report, Snapshot, Source, SourceReport};
use docdrift_report::drift_json;
use docdrift_store::{Config, Store};
use globset::GlobSet;
use serde_json::json;

use crate::{
    cli::Format,
    exit::{Ended, Exit, wrong},
    judge::{self, Judged},
    output,
    pages::{self, Origin, Pages},
    settings,
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
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
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
    let (report, new) = judge_all(&store, &config, &decisions, accept, pages);
    tell(&report, selection);
    let preview = store.preview(&new, &config)?;
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
    if !selection.origin.offline {
        archive(&store, &pages)?;
    }
    let (report, new) = judge_all(&store, &config, &decisions, accept, pages);
    let published = store.publish(&new, &config)?;
    tell(&report, selection);
    let report_file = store.write_report("report.md", &docdrift_report::markdown(&report))?;
    store.write_report("report.json", &format!("{:#}\n", report_json(&report)))?;
    output::note(&format!(
        "{} file(s) written, {} removed; the report is {}",
        published.written.len(),
        published.removed.len(),
        report_file.display()
    ));
    Ok(report)
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
    for (source, pages) in pages {
        for (lang, page) in pages.had.iter() {
            if let Some(page) = page {
                store.archive(&source.id, lang, page)?;
            }
        }
    }
    Ok(())
}

/// Judges each source by itself: one broken page never stops another source.
fn judge_all(
    store: &Store,
    config: &Config,
    decisions: &[Decision],
    accept: &Accept,
    pages: Vec<(&Source, Pages)>,
) -> (Report, Vec<Snapshot>) {
    let today = jiff::Timestamp::now().to_string().chars().take(10).collect::<String>();
    let (mut report, mut new) = (Report::default(), Vec::new());
    for (source, pages) in pages {
        let last = store.last_snapshot(&source.id);
        let decisions = settings::about(decisions, &source.id);
        let Judged { outcome, drift, warnings, snapshot, doubts, stale } = match last {
            _ if !pages.missed.is_empty() => Judged::failed(pages.missed.join("; ")),
            Ok(last) => {
                let accept = accept.reason_for(source);
                judge::judge(source, &pages.had, last.as_ref(), &config.publish, &decisions, accept, &today)
            }
            Err(error) => Judged::failed(format!("its last snapshot cannot be read: {error:#}")),
        };
        new.extend(snapshot);
        report.sources.push(SourceReport {
            source: source.id.clone(),
            pages: source.pages.clone(),
            outcome,
            drift,
            warnings,
            doubts,
            stale,
        });
    }
    (report, new)
}

fn tell(report: &Report, selection: &Selection) {
    match selection.format {
        Format::Text => output::answer(&docdrift_report::terminal(report, output::colour())),
        Format::Markdown => output::answer(&docdrift_report::markdown(report)),
        Format::Json => output::json(&report_json(report)),
    }
}

fn report_json(report: &Report) -> serde_json::Value {
    let sources: Vec<_> = report.sources.iter().map(source_json).collect();
    json!({"severity": report.severity(), "sources": sources})
}

fn source_json(source: &SourceReport) -> serde_json::Value {
    let (outcome, reasons) = match &source.outcome {
        Outcome::Unchanged => ("unchanged", vec![]),
        Outcome::First(_) => ("first", vec![]),
        Outcome::Changed => ("changed", vec![]),
        Outcome::Quarantined(reasons) => ("quarantined", reasons.clone()),
        Outcome::Failed(reason) => ("failed", vec![reason.clone()]),
    };
    let warnings: Vec<_> =
        source.warnings.iter().map(|(lang, warning)| json!({"lang": lang, "warning": warning})).collect();
    let review = source.doubts.iter().map(|doubt| {
        let Doubt { status, code, pairing } = doubt;
        json!({"status": status, "code": code, "method": pairing.method, "score": pairing.score})
    });
    json!({
        "source": source.source,
        "outcome": outcome,
        "reasons": reasons,
        "drift": drift_json(&source.drift),
        "warnings": warnings,
        "review": review.collect::<Vec<_>>(),
        "stale": source.stale,
    })
}
