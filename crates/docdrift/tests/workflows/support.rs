//! Shared helpers: paths, stub programs, git repositories, and runs of the scripts.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Returns the root of this repository.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Returns whether the tools of the scripts can be run. If not, prints that the test skips. Panics in CI if a tool that
/// the gate itself needs is missing.
#[allow(clippy::print_stderr, reason = "a test that skips prints why")]
pub(crate) fn has_tools() -> bool {
    let is_missing = |tool: &&str| Command::new(tool).arg("--version").output().is_err();
    let missing: Vec<&str> = ["bash", "git", "jq"].into_iter().filter(is_missing).collect();
    // The gate neither needs nor installs jq.
    let may_skip = missing.iter().all(|tool| *tool == "jq") || std::env::var_os("CI").is_none();
    assert!(may_skip, "CI is set, and some tools cannot be run: {}", missing.join(", "));
    if !missing.is_empty() {
        eprintln!("skipped: {} cannot be run", missing.join(", "));
    }
    missing.is_empty()
}

/// Writes `text` to `path` and creates the parent folders.
pub(crate) fn write(path: impl AsRef<Path>, text: &str) {
    fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Writes an executable program to `path`.
pub(crate) fn write_program(path: &Path, text: &str) {
    write(path, text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Returns the text of a file, or an empty string if there is no such file.
pub(crate) fn read_text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// Returns a command that does not inherit the git configuration or the variables of a workflow.
pub(crate) fn isolated_command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        let name_text = name.to_string_lossy();
        if ["GIT_", "GITHUB_", "RUNNER_", "DOCDRIFT_"].iter().any(|prefix| name_text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}

/// Runs git in `folder` and returns its trimmed output.
pub(crate) fn run_git(folder: &Path, arguments: &[&str]) -> String {
    let who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output = isolated_command("git", folder).args(who).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// Writes a dataset of one source into `folder`.
pub(crate) fn write_dataset(folder: &Path) {
    write(folder.join("sources.toml"), "# none\n");
    write(folder.join(".gitignore"), "/.docdrift\n");
    write(folder.join("output/acme/oven.json"), "{\"entries\": 1}\n");
    write(folder.join("snapshots/acme/oven/2026-01-01.jsonl"), "{}\n");
}

/// Makes `folder` a repository and commits all its files.
pub(crate) fn commit_all(folder: &Path) {
    run_git(folder, &["init", "--quiet"]);
    run_git(folder, &["add", "--all"]);
    run_git(folder, &["commit", "--quiet", "--message", "a dataset"]);
}

/// Result of a script run.
pub(crate) struct ScriptRun {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for ScriptRun {
    fn from(output: Output) -> Self {
        Self {
            success: output.status.success(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl ScriptRun {
    /// Returns the workflow commands in the log that the runner would execute: those outside of `::stop-commands::`
    /// blocks.
    pub(crate) fn runner_commands(&self) -> Vec<&str> {
        let mut stopped: Option<&str> = None;
        let mut commands = Vec::new();
        for line in self.stdout.lines().chain(self.stderr.lines()) {
            let word = line.trim_start();
            if let Some(token) = stopped {
                stopped = Some(token).filter(|token| word != format!("::{token}::"));
            } else if let Some(token) = word.strip_prefix("::stop-commands::") {
                stopped = Some(token);
            } else if word.starts_with("::") || word.contains("##[") {
                commands.push(line);
            }
        }
        assert_eq!(stopped, None, "commands stay disabled: {}", self.stdout);
        commands
    }
}

/// Reads the outputs of a step. Panics if a line is no output or a name occurs twice, as after an injection.
pub(crate) fn outputs(file: &Path) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    for line in read_text(file).lines() {
        let (name, value) = line.split_once('=').expect("NAME=VALUE");
        assert!(outputs.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
    }
    outputs
}
