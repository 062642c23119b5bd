//! `docdrift refresh`: get the pages, judge each source by itself, publish what is good as one change, report.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};
use docdrift_model::{Outcome, Publish, Report, Snapshot, Source, SourceReport};
use docdrift_report::drift_json;
use docdrift_store::{Config, Store};
use globset::{Glob, GlobSet, GlobSetBuilder};
use serde_json::json;

use crate::{
    cli::Format,
    exit::{Ended, Exit, wrong},
    judge::{self, Judged},
    output,
    pages::{self, Origin, Pages},
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
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    let report = if options.dry_run { look(root, &options.selection)? } else { publish(root, &options.selection)? };
    Ok(if report.is_whole() { Exit::Done } else { Exit::Incomplete })
}

/// The whole run without a write: what `check` and `--dry-run` do.
pub(crate) fn look(root: &Path, selection: &Selection) -> Result<Report, Ended> {
    let config = configured(root, selection)?;
    let store = Store::open_read_only(root)?;
    let sources = selected(&config, selection)?;
    let pages = pages::gather(&selection.origin, &store, &config, &sources);
    let (report, new) = judge_all(&store, &config, pages);
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

fn publish(root: &Path, selection: &Selection) -> Result<Report, Ended> {
    let config = configured(root, selection)?;
    let sources = selected(&config, selection)?;
    let store = Store::open(root)?;
    let pages = pages::gather(&selection.origin, &store, &config, &sources);
    if !selection.origin.offline {
        archive(&store, &pages)?;
    }
    let (report, new) = judge_all(&store, &config, pages);
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

fn configured(root: &Path, selection: &Selection) -> Result<Config, Ended> {
    let mut config = docdrift_store::load_config(&root.join("sources.toml")).map_err(wrong)?;
    if let Some(PublishAs::All) = selection.publish {
        config.publish = Publish::all();
    }
    Ok(config)
}

fn selected<'a>(config: &'a Config, selection: &Selection) -> Result<Vec<&'a Source>, Ended> {
    if let Some(dir) = selection.origin.pages.as_ref().filter(|dir| !dir.is_dir()) {
        return Err(wrong(anyhow!("--pages {}: no such folder", dir.display())));
    }
    let globs = globs(&selection.source).map_err(wrong)?;
    let chosen = |source: &&Source| selection.source.is_empty() || globs.is_match(source.id.to_string());
    let sources: Vec<&Source> = config.sources.iter().filter(chosen).collect();
    if sources.is_empty() && !selection.source.is_empty() {
        let asked = selection.source.join(", ");
        return Err(wrong(anyhow!(
            "--source {asked}: no source of sources.toml matches; write vendor/service, as `huaweicloud/*`"
        )));
    }
    Ok(sources)
}

fn globs(patterns: &[String]) -> anyhow::Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(Glob::new(pattern).with_context(|| format!("--source {pattern}"))?);
    }
    Ok(set.build()?)
}

fn archive(store: &Store, pages: &[(&Source, Pages)]) -> anyhow::Result<()> {
    for (source, pages) in pages {
        let Ok(pages) = pages else { continue };
        for (lang, page) in pages.iter() {
            if let Some(page) = page {
                store.archive(&source.id, lang, page)?;
            }
        }
    }
    Ok(())
}

/// Judges each source by itself: one broken page never stops another source.
fn judge_all(store: &Store, config: &Config, pages: Vec<(&Source, Pages)>) -> (Report, Vec<Snapshot>) {
    let today = jiff::Timestamp::now().to_string().chars().take(10).collect::<String>();
    let (mut report, mut new) = (Report::default(), Vec::new());
    for (source, pages) in pages {
        let last = store.last_snapshot(&source.id);
        let Judged { outcome, drift, warnings, snapshot } = match (pages, last) {
            (Ok(pages), Ok(last)) => judge::judge(source, &pages, last.as_ref(), &config.publish, &today),
            (Err(reason), _) => Judged::failed(reason),
            (_, Err(error)) => Judged::failed(format!("its last snapshot cannot be read: {error:#}")),
        };
        new.extend(snapshot);
        report.sources.push(SourceReport {
            source: source.id.clone(),
            pages: source.pages.clone(),
            outcome,
            drift,
            warnings,
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
    json!({
        "source": source.source,
        "outcome": outcome,
        "reasons": reasons,
        "drift": drift_json(&source.drift),
        "warnings": warnings,
    })
}
