//! The command line's words. Each command's options stand beside the command.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, Subcommand, ValueEnum};
use docdrift_model::Severity;
use docdrift_report::escape;
use jiff::civil::Date;

use crate::{
    commands::{
        align, archive, check, diff, explain, git_diff_driver, heal, history, lint, probe, replay, status, verify,
    },
    exit::{Ended, Exit, wrong},
    logs::{self, Logs},
    output, refresh,
};

#[derive(Parser)]
#[command(
    name = "docdrift",
    version,
    about = "Keeps a dataset of cloud vendors' error codes and tells how their documentation drifts",
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
    /// Tell what changed between two pages, snapshots or datasets
    Diff(diff::Options),
    /// Show which error tables a page has and how they were read
    Probe(probe::Options),
    /// Pair the rows of a zh page with those of an en page
    Align(align::Options),
    /// List what the zh pages and the en pages disagree about
    Lint(lint::Options),
    /// Tell what became of an error code over the snapshots
    History(history::Options),
    /// Tell how fresh each source is: last success, last change, failing since
    Status(status::Options),
    /// Make snapshots/ and output/ anew from the archived pages, as this version reads them
    Replay(replay::Options),
    /// Show what the guard looks at in a source's pages, each check with its figure and its limit
    Explain(explain::Options),
    /// Propose hints in sources.toml for a source whose pages lost codes of its last snapshot; exit 4 where there are none
    Heal(heal::Options),
    /// Hold snapshots/, output/ and the archive against each other; exit 3 where anything was edited, damaged or lost
    Verify(verify::Options),
    /// Look into the archive of raw pages, hand pages out of it, or let go of old ones
    Archive(archive::Options),
    /// Show git the drift of a snapshot or dataset file; set with `git config diff.docdrift.command`
    GitDiffDriver(git_diff_driver::Options),
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal.
    Text,
    /// For pull requests.
    Markdown,
    /// For programs; the shape is a contract.
    Json,
}

/// How an answer is written that is not meant for pull requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    /// For people at a terminal.
    Text,
    /// For programs; the shape is a contract.
    Json,
}

/// A day that an option names.
pub(crate) fn day(text: &str) -> Result<Date, String> {
    let date = text.parse().ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}

/// The least severity that makes a command exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Cosmetic,
    Editorial,
    Wording,
    Added,
    Breaking,
    /// Never.
    None,
}

impl FailOn {
    /// The exit for drift of this severity.
    pub(crate) fn exit(self, severity: Severity) -> Exit {
        let level = match self {
            FailOn::Cosmetic => Severity::Cosmetic,
            FailOn::Editorial => Severity::Editorial,
            FailOn::Wording => Severity::Wording,
            FailOn::Added => Severity::Added,
            FailOn::Breaking => Severity::Breaking,
            FailOn::None => return Exit::Done,
        };
        if severity >= level { Exit::Drift } else { Exit::Done }
    }
}

/// Runs a command line and answers with its exit code. `root` is the folder to work in where none is named.
pub fn run(args: impl IntoIterator<Item = OsString>, root: Option<&Path>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help goes to stdout and usage errors to stderr; a closed pipe is nobody's concern.
            let _ = error.print();
            return if error.use_stderr() { Exit::Wrong.into() } else { Exit::Done.into() };
        }
    };
    match command(cli, root) {
        Ok(exit) => exit.into(),
        Err(Ended { exit, error }) => {
            // Line by line: an error may list several mistakes, and a page's text in it may hold anything but lines.
            format!("error: {error:#}").lines().for_each(|line| output::note(&escape::terminal(line)));
            exit.into()
        }
    }
}

fn command(cli: Cli, root: Option<&Path>) -> Result<Exit, Ended> {
    logs::start(&cli.logs);
    match cli.command {
        Command::Refresh(options) => refresh::command(&root_folder(cli.root, root)?, &options),
        Command::Check(options) => check::command(&root_folder(cli.root, root)?, &options),
        Command::Diff(options) => diff::command(known_root(cli.root, root).as_deref(), &options),
        Command::Probe(options) => probe::command(known_root(cli.root, root).as_deref(), &options),
        Command::Align(options) => align::command(known_root(cli.root, root).as_deref(), &options),
        Command::Lint(options) => lint::command(&root_folder(cli.root, root)?, &options),
        Command::Status(options) => status::command(&root_folder(cli.root, root)?, &options),
        Command::History(options) => history::command(&root_folder(cli.root, root)?, &options),
        Command::Replay(options) => replay::command(&root_folder(cli.root, root)?, &options),
        Command::Explain(options) => explain::command(&root_folder(cli.root, root)?, &options),
        Command::Heal(options) => heal::command(&root_folder(cli.root, root)?, &options),
        Command::Verify(options) => verify::command(&root_folder(cli.root, root)?, &options),
        Command::Archive(options) => archive::command(&root_folder(cli.root, root)?, &options),
        Command::GitDiffDriver(options) => git_diff_driver::command(&options),
    }
}

fn root_folder(named: Option<PathBuf>, default: Option<&Path>) -> Result<PathBuf, Ended> {
    known_root(named, default).ok_or_else(|| {
        wrong(anyhow::anyhow!("no sources.toml here or in a folder above; name its folder with --root DIR"))
    })
}

fn known_root(named: Option<PathBuf>, default: Option<&Path>) -> Option<PathBuf> {
    let here = || docdrift_config::find_root(&std::env::current_dir().ok()?);
    named.or_else(|| default.map(Path::to_path_buf)).or_else(here)
}
