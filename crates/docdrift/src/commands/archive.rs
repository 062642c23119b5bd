//! `docdrift archive …`: lists, shows, exports, verifies and prunes the archive of raw pages.

mod export;
mod ls;
mod prune;
mod show;
mod verify;

use std::path::Path;

use clap::{Args, Subcommand};
use docdrift_archive::{Archive, Visits};
use docdrift_model::SourceId;
use docdrift_report::escape;
use docdrift_store::Store;
use globset::GlobSet;

use crate::{
    cli::{Exit, output},
    pipeline::{Error, compile_globs},
};

/// Where the archive lies below the root.
const FOLDER: &str = ".docdrift/archive";
/// The version of the shape of JSON answers.
const SCHEMA: u32 = 1;

/// The arguments of `archive`.
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
    /// Remove the pages that the [archive] section of sources.toml does not keep
    Prune(prune::Options),
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<Exit, Error> {
    match &options.command {
        Command::Ls(options) => ls::run(root, options),
        Command::Show(options) => show::run(root, options),
        Command::Export(options) => export::run(root, options),
        Command::Verify(options) => verify::run(root, options),
        Command::Prune(options) => prune::run(root, options),
    }
}

/// Selects the sources whose `vendor/service` matches any of the patterns, or all where there are none.
struct SourceFilter(Option<GlobSet>);

impl SourceFilter {
    fn new(patterns: &[String]) -> Result<Self, Error> {
        let globs = compile_globs(patterns, "--source").map_err(Error::usage)?;
        Ok(Self((!patterns.is_empty()).then_some(globs)))
    }

    fn matches(&self, id: &SourceId) -> bool {
        self.0.as_ref().is_none_or(|globs| globs.is_match(id.to_string()))
    }
}

/// Opens the archive below `root` for reading.
fn open_archive(root: &Path) -> Result<Archive, Error> {
    Ok(Archive::new(root, Store::open_read_only(root)?.lock()))
}

/// Prints a note where lines of the index are damaged.
fn note_damage(visits: &Visits) {
    if let Some(first) = visits.damaged.first() {
        output::note(&escape::terminal(&format!(
            "{} line(s) of {FOLDER}/index.jsonl are damaged, the first is line {}: {}; `docdrift archive verify` lists them",
            visits.damaged.len(),
            first.number,
            first.why
        )));
    }
}
