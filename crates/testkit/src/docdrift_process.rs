//! docdrift as a child process: the running program, called again with a command of its own.

use std::{
    ffi::OsString,
    process::{Command, ExitCode, Stdio},
};

/// The command of `testkit` that runs docdrift with the arguments after it.
pub const DOCDRIFT_COMMAND: &str = "docdrift";

/// Runs docdrift in this process with these arguments.
pub fn run_docdrift(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    docdrift::run(std::iter::once(DOCDRIFT_COMMAND.into()).chain(args), None)
}

/// The command that runs docdrift: silent, and without the environment of a workflow.
pub(crate) fn docdrift_command() -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(DOCDRIFT_COMMAND).env_remove("GITHUB_STEP_SUMMARY");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command)
}
