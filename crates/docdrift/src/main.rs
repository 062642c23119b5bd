//! The `docdrift` command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    docdrift::run(std::env::args_os(), None)
}
