//! `cargo xtask …`: docdrift's own commands with this repository as the root, plus the chores of developing it.
#![allow(clippy::disallowed_methods, reason = "chores work on the repository's own files")]

mod acceptance;
mod demo;
mod fit_reading;
mod hostile;
mod torture;

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

const CHORES: &str = "\
chores of developing docdrift:
  demo                        serve the built-in site, refresh from both its editions, report the drift
  acceptance [read|align|drift|wild] …
                              score docdrift on the real pages in ../shared, where they are
  fit-reading [--ordinary DIR] [--answers DIR]
                              fit the weights that tell error tables, and score them on vendors left out of the fit
  hostile                     refresh from a server that misbehaves in every way we know of; tell what became of the data
  torture [--kills N] [--seed N]
                              kill refreshes at random instants; tell whether any left anything but one whole state
everything else is a command of docdrift itself, with this repository as the root:
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    let done = match args.first().map(String::as_str) {
        Some("demo") => demo::run(&root()),
        Some("hostile") => hostile::run(),
        Some("torture") => torture::run(&root(), &args[1..]),
        Some("fit-reading") => fit_reading::run(&root(), &args[1..]),
        Some("acceptance") => acceptance::run(&root(), &args[1..]),
        first => {
            if matches!(first, None | Some("--help" | "-h" | "help")) {
                say(CHORES);
            }
            return docdrift::run(std::env::args_os(), Some(&root()));
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// The repository: xtask is never installed, so the place it was built from is the place to work in.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Prints a line; a reader that went away ends nothing.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}
