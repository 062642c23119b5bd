//! The commands, one file each: its arguments and what it prints.

mod align;
mod archive;
mod check;
mod diff;
mod explain;
mod git_diff_driver;
mod heal;
mod history;
mod lint;
mod probe;
mod refresh;
mod replay;
mod status;
mod verify;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::anyhow;
use clap::{Parser, Subcommand};
use docdrift_report::escape;

use crate::{
    cli::{Exit, Logs, output, start_logs},
    pipeline::Error,
};

#[derive(Parser)]
#[command(
    name = "docdrift",
    version,
    about = "Keeps a dataset of cloud vendors' error codes and reports how their documentation drifts",
    max_term_width = 100
)]
struct Cli {
    /// The folder with sources.toml, snapshots/ and output/ [default: the nearest folder upwards that has a sources.toml]
    #[arg(long, global = true, value_name = "DIR")]
    root: Option<PathBuf>,
    #[command(flatten)]
    logs: Logs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetch the pages, update snapshots/ and output/, and report the drift
    Refresh(refresh::Options),
    /// Like refresh, but write nothing; exit 1 when there is drift
    Check(check::Options),
    /// Show what changed between two pages, snapshots or datasets
    Diff(diff::Options),
    /// Show which error tables a page has and how they were read
    Probe(probe::Options),
    /// Pair the rows of a zh page with those of an en page
    Align(align::Options),
    /// List what the zh pages and the en pages disagree about
    Lint(lint::Options),
    /// Show the history of an error code: wordings, renames, removal, return
    History(history::Options),
    /// Show how fresh each source is: last success, last change, failing since
    Status(status::Options),
    /// Rebuild snapshots/ and output/ from the archived pages with this version of the reader
    Replay(replay::Options),
    /// Show each check of the guard on a source's pages, with its figure and its limit
    Explain(explain::Options),
    /// Propose hints for a source whose pages lost codes of its last snapshot; exit 4 where there are none
    Heal(heal::Options),
    /// Check that snapshots/, output/ and the archive agree; exit 3 where anything was edited, damaged or lost
    Verify(verify::Options),
    /// List, show, export, verify or prune the archive of raw pages
    Archive(archive::Options),
    /// Show git the drift of a snapshot or dataset file; set with `git config diff.docdrift.command`
    GitDiffDriver(git_diff_driver::Options),
}

/// Runs a command line and returns its exit code. `root` is the folder to work in where the command line names none.
pub fn run(args: impl IntoIterator<Item = OsString>, root: Option<&Path>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to stdout and usage errors to stderr. A closed pipe is no error.
            let _ = error.print();
            return if error.use_stderr() { Exit::Wrong.into() } else { Exit::Done.into() };
        }
    };
    match dispatch(cli, root) {
        Ok(exit) => exit.into(),
        Err(error) => {
            // An error may have several lines. Each is escaped, since it may hold the text of a page.
            format!("error: {error}").lines().for_each(|line| output::note(&escape::terminal(line)));
            Exit::from(&error).into()
        }
    }
}

fn dispatch(cli: Cli, root: Option<&Path>) -> Result<Exit, Error> {
    start_logs(&cli.logs);
    match cli.command {
        Command::Refresh(options) => refresh::run(&require_root(cli.root, root)?, &options),
        Command::Check(options) => check::run(&require_root(cli.root, root)?, &options),
        Command::Lint(options) => lint::run(&require_root(cli.root, root)?, &options),
        Command::Status(options) => status::run(&require_root(cli.root, root)?, &options),
        Command::History(options) => history::run(&require_root(cli.root, root)?, &options),
        Command::Replay(options) => replay::run(&require_root(cli.root, root)?, &options),
        Command::Explain(options) => explain::run(&require_root(cli.root, root)?, &options),
        Command::Heal(options) => heal::run(&require_root(cli.root, root)?, &options),
        Command::Verify(options) => verify::run(&require_root(cli.root, root)?, &options),
        Command::Archive(options) => archive::run(&require_root(cli.root, root)?, &options),
        Command::Diff(options) => diff::run(find_root(cli.root, root).as_deref(), &options),
        Command::Probe(options) => probe::run(find_root(cli.root, root).as_deref(), &options),
        Command::Align(options) => align::run(find_root(cli.root, root).as_deref(), &options),
        Command::GitDiffDriver(options) => git_diff_driver::run(&options),
    }
}

fn require_root(named: Option<PathBuf>, default: Option<&Path>) -> Result<PathBuf, Error> {
    find_root(named, default).ok_or_else(|| {
        Error::usage(anyhow!("no sources.toml here or in a folder above; name its folder with --root DIR"))
    })
}

fn find_root(named: Option<PathBuf>, default: Option<&Path>) -> Option<PathBuf> {
    let here = || docdrift_config::find_root(&std::env::current_dir().ok()?);
    named.or_else(|| default.map(Path::to_path_buf)).or_else(here)
}
