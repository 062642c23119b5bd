//! `docdrift replay`: snapshots and dataset rebuilt from the archived pages, by this version of the reader.

use std::path::Path;

use clap::Args;
use docdrift_report::escape;
use jiff::civil::Date;

use crate::{
    cli::{Exit, ReportArgs, output, parse_day},
    pipeline::{Error, ReplayOptions, Workspace},
};

/// The arguments of `replay`.
#[derive(Args)]
pub(crate) struct Options {
    /// Rebuild only the snapshots from this day on, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    from: Option<Date>,
    /// Only sources whose `vendor/service` matches; may be given more than once
    #[arg(long, value_name = "GLOB")]
    source: Vec<String>,
    /// Say what would happen and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    report: ReportArgs,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    let replay = ReplayOptions { from: options.from, sources: options.source.clone(), dry_run: options.dry_run };
    let replayed = Workspace::open(root)?.replay(&replay)?;
    for line in &replayed.damaged_lines {
        output::note(&format!("line {line} of the archive's index is damaged: passed over"));
    }
    replayed.damaged_feeds.iter().for_each(|why| output::note(&escape::terminal(why)));
    options.report.print(&replayed.report)?;
    output::note(&format!(
        "{} state(s) replayed: {} file(s) {}, {} removed",
        replayed.state_count,
        replayed.written_count,
        if options.dry_run { "would be written" } else { "written" },
        replayed.removed_count
    ));
    Ok(if replayed.report.is_whole() { Exit::Done } else { Exit::Incomplete })
}
