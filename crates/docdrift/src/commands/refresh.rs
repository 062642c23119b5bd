//! `docdrift refresh`: get the pages, update snapshots and dataset, report the drift.

use std::path::Path;

use clap::{Args, ValueEnum};
use docdrift_report::{Phrases, escape, fill};

use crate::{
    cli::{Exit, OriginArgs, ProgressBar, ReportArgs, note_network, output},
    pipeline::{Acceptance, Error, RefreshOptions, Refreshed, Workspace},
};

/// The sources of a run, where their pages come from, and how it is reported.
#[derive(Args)]
pub(crate) struct Selection {
    #[command(flatten)]
    origin: OriginArgs,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// Publish this much of the vendors' texts, whatever sources.toml says
    #[arg(long, value_enum)]
    publish: Option<PublishAs>,
    #[command(flatten)]
    report: ReportArgs,
}

/// The values of `--publish`.
#[derive(Clone, Copy, ValueEnum)]
enum PublishAs {
    /// Every field as it is.
    All,
}

/// The arguments of `refresh`.
#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Say what would happen and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Accept the pages of sources whose `vendor/service` matches although they look wrong; the reason is kept in their
    /// snapshots
    #[arg(long, value_name = "GLOB", requires = "reason")]
    accept: Vec<String>,
    /// Why the accepted pages are right
    #[arg(long, value_name = "TEXT", requires = "accept")]
    reason: Option<String>,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let accept = Acceptance::new(&options.accept, options.reason.as_deref().unwrap_or_default())?;
    let refreshed = if options.dry_run {
        preview(root, &options.selection, accept)?
    } else {
        refresh(root, &options.selection, accept)?
    };
    Ok(if refreshed.report.is_whole() { Exit::Done } else { Exit::Incomplete })
}

fn refresh(root: &Path, selection: &Selection, accept: Acceptance) -> Result<Refreshed, Error> {
    let refreshed = selection.open(root)?.refresh(&selection.options(accept))?;
    selection.print(&refreshed)?;
    if let Some(file) = &refreshed.report_file {
        let Refreshed { written_count, removed_count, .. } = refreshed;
        let counts = [written_count.to_string(), removed_count.to_string()];
        let file = file.display().to_string();
        output::note(&fill(selection.phrases().files_written, &[&counts[0], &counts[1], &file]));
    }
    Ok(refreshed)
}

/// Runs without a write and prints the report: `check` and `--dry-run`.
pub(super) fn preview(root: &Path, selection: &Selection, accept: Acceptance) -> Result<Refreshed, Error> {
    let previewed = selection.open(root)?.preview(&selection.options(accept))?;
    selection.print(&previewed)?;
    let Refreshed { written_count, removed_count, .. } = previewed;
    if written_count + removed_count > 0 {
        let counts = [written_count.to_string(), removed_count.to_string()];
        output::note(&fill(selection.phrases().nothing_written, &[&counts[0], &counts[1]]));
    }
    Ok(previewed)
}

impl Selection {
    fn open(&self, root: &Path) -> Result<Workspace, Error> {
        let workspace = Workspace::open(root)?.with_progress(ProgressBar::default());
        Ok(match self.publish {
            Some(PublishAs::All) => workspace.publishing_all_fields(),
            None => workspace,
        })
    }

    fn options(&self, accept: Acceptance) -> RefreshOptions {
        RefreshOptions {
            origin: self.origin.origin(),
            sources: self.source.clone(),
            accept,
            report_lang: self.report.lang.into(),
            now: jiff::Timestamp::now(),
        }
    }

    fn phrases(&self) -> &'static Phrases {
        Phrases::for_lang(self.report.lang.into())
    }

    fn print(&self, refreshed: &Refreshed) -> Result<(), Error> {
        note_network(&refreshed.network, self.phrases());
        refreshed.damaged_feeds.iter().for_each(|why| output::note(&escape::terminal(why)));
        Ok(self.report.print(&refreshed.report)?)
    }
}
