//! cargo as a child process.

use std::{
    path::Path,
    process::{Command, ExitStatus},
};

use anyhow::{Context as _, ensure};

/// The cargo that built xtask, in the repository.
pub(crate) fn command(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root);
    command
}

/// Runs a command that must succeed.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().display().to_string();
    let status: ExitStatus = command.status().with_context(|| format!("cannot run {program}"))?;
    ensure!(status.success(), "{program} failed: {status}");
    Ok(())
}
