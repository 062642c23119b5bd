//! `docdrift archive …`: looks into the archive of raw pages, hands pages out of it, and lets go of old ones.

mod export;
mod ls;
mod prune;
mod show;
mod verify;

use std::path::Path;

use clap::{Args, Subcommand};
use docdrift_model::SourceId;
use docdrift_report::escape;
use docdrift_store::Visits;
use globset::GlobSet;

use crate::{
    exit::{Ended, Exit, wrong},
    output, settings,
};

/// Where the archive lies below the root.
const FOLDER: &str = ".docdrift/archive";
/// The version of the shape of JSON answers.
const SCHEMA: u32 = 1;

/// What `archive` can be asked.
#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the versions of each page: when each was first and last seen
    Ls(ls::Options),
    /// Show a page as it was archived
    Show(show::Options),
    /// Write archived pages to a WARC file
    Export(export::Options),
    /// Read the whole archive; exit 3 where anything is damaged or lost
    Verify(verify::Options),
    /// Remove what the [archive] section of sources.toml lets go
    Prune(prune::Options),
}

pub(crate) fn command(root: &Path, options: &Options) -> Result<Exit, Ended> {
    match &options.command {
        Command::Ls(options) => ls::command(root, options),
        Command::Show(options) => show::command(root, options),
        Command::Export(options) => export::command(root, options),
        Command::Verify(options) => verify::command(root, options),
        Command::Prune(options) => prune::command(root, options),
    }
}

/// The sources whose `vendor/service` matches any of some patterns, or all where there are none.
struct Chosen(Option<GlobSet>);

impl Chosen {
    fn new(patterns: &[String]) -> Result<Self, Ended> {
        let globs = settings::globs(patterns, "--source").map_err(wrong)?;
        Ok(Self((!patterns.is_empty()).then_some(globs)))
    }

    fn has(&self, id: &SourceId) -> bool {
        self.0.as_ref().is_none_or(|globs| globs.is_match(id.to_string()))
    }
}

/// Says that some lines of the index tell nothing.
fn note_damage(visits: &Visits) {
    if let Some(first) = visits.damaged.first() {
        output::note(&escape::terminal(&format!(
            "{} line(s) of {FOLDER}/index.jsonl are damaged, the first is line {}: {}; `docdrift archive verify` tells all",
            visits.damaged.len(),
            first.number,
            first.why
        )));
    }
}
