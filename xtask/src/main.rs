//! `cargo xtask …`: docdrift's own commands with this repository as the root, and the chores of developing docdrift.
#![allow(clippy::disallowed_methods, reason = "chores work on the repository's own files")]

mod acceptance;
mod cargo;
mod ci;
mod demo;
mod files;
mod fit_reading;
mod output;

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{CommandFactory as _, Parser, Subcommand};

use output::print_line;

/// Chores of developing docdrift. Every other command is docdrift's own, with this repository as the root.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Serves the built-in site, refreshes from both its editions and reports the drift
    Demo,
    /// Checks everything that must hold on the main branch, step by step
    Ci(ci::Options),
    /// Scores docdrift on the real pages in ../shared, where they are
    Acceptance(acceptance::Options),
    /// Fits the weights that select error tables, and scores them on vendors left out of the fit
    FitReading(fit_reading::Options),
    /// Refreshes from a server that misbehaves in every known way, and prints what became of the data
    #[command(disable_help_flag = true)]
    Hostile(SuiteArgs),
    /// Kills refreshes at random instants, and checks that each leaves the old or the new state
    #[command(disable_help_flag = true)]
    Torture(SuiteArgs),
}

/// Arguments that the suites of docdrift-testkit parse themselves.
#[derive(clap::Args)]
struct SuiteArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    args: Vec<OsString>,
}

fn main() -> ExitCode {
    let command = std::env::args_os().nth(1);
    if command.as_deref().is_some_and(is_chore) {
        return run(Cli::parse().chore);
    }
    if command.as_deref().is_none_or(|command| command == "--help" || command == "-h" || command == "help") {
        print_line(&Cli::command().render_long_help().to_string());
    }
    docdrift::run(std::env::args_os(), Some(&root()))
}

fn is_chore(name: &OsStr) -> bool {
    Cli::command().get_subcommands().any(|chore| name == chore.get_name())
}

fn run(chore: Chore) -> ExitCode {
    let root = root();
    let result = match chore {
        Chore::Demo => demo::run(&root),
        Chore::Ci(options) => ci::run(&root, &options),
        Chore::Acceptance(options) => acceptance::run(&root, &options),
        Chore::FitReading(options) => fit_reading::run(&root, &options),
        Chore::Hostile(suite) => return run_suite(&root, "hostile", suite.args),
        Chore::Torture(suite) => return run_suite(&root, "torture", suite.args),
    };
    result.map_or_else(|error| print_error(&error), |()| ExitCode::SUCCESS)
}

/// Runs a suite of docdrift-testkit, whose dependencies are built only then. Returns its exit code.
fn run_suite(root: &Path, suite: &str, args: Vec<OsString>) -> ExitCode {
    let mut command = cargo::command(root);
    command.args(["run", "--package", "docdrift-testkit", "--bin", "testkit", "--", suite]).args(args);
    match command.status() {
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => print_error(&error.into()),
    }
}

fn print_error(error: &anyhow::Error) -> ExitCode {
    print_line(&format!("error: {error:#}"));
    ExitCode::FAILURE
}

/// The repository. xtask is never installed, so the repository lies where xtask was built.
fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_path_buf()
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser as _};

    use super::{Chore, Cli};

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn arguments_of_suites_are_passed_through() {
        for (line, expected) in [
            ("torture --kills 60 --seed 7", &["--kills", "60", "--seed", "7"][..]),
            ("torture --help", &["--help"]),
            ("hostile", &[]),
        ] {
            let args = std::iter::once("xtask").chain(line.split(' '));
            let (Chore::Torture(suite) | Chore::Hostile(suite)) = Cli::parse_from(args).chore else {
                panic!("{line} is a suite")
            };
            assert_eq!(suite.args, expected, "{line}");
        }
    }

    #[test]
    fn wrong_arguments_are_refused() {
        for line in ["demo x", "acceptance written", "fit-reading --ordinary", "ci dancing"] {
            let args = std::iter::once("xtask").chain(line.split(' '));
            assert!(Cli::try_parse_from(args).is_err(), "{line}");
        }
    }
}
