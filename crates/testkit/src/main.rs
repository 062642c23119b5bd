//! Runs the suites: `cargo xtask hostile` and `cargo xtask torture` start this program.
#![allow(clippy::print_stdout, reason = "errors are part of what a suite prints")]

use std::{
    ffi::OsString,
    path::Path,
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use clap::{Parser, Subcommand};
use docdrift_testkit::{hostile, run_docdrift, torture};

/// Suites that run docdrift against misbehaving servers and against interruptions.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Refreshes from a server that misbehaves in every known way, and prints what became of the data
    Hostile,
    /// Kills refreshes at random instants, and checks that each leaves the old or the new state
    Torture {
        /// How many refreshes are killed
        #[arg(long, value_name = "N", default_value_t = 1000)]
        kills: usize,
        /// The seed of the random choices; default: from the clock
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
    },
    /// Runs docdrift itself; the suites start it as a child process
    #[command(hide = true, disable_help_flag = true)]
    Docdrift {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Docdrift { args } => return run_docdrift(args),
        Command::Hostile => hostile::run(),
        Command::Torture { kills, seed } => torture::run(&demo_site(), kills, seed.unwrap_or_else(clock_seed)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The built-in site. The program is never installed, so the repository lies where it was built.
fn demo_site() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo")
}

fn clock_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| u64::from(time.subsec_nanos()))
}
