//! What the tests stand on: where the scripts are, programs that are stubs, and runs of them.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The repository's root.
pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Whether the scripts can run here; says so where not.
#[allow(clippy::print_stderr, reason = "a test that skips says so")]
pub(crate) fn has_tools() -> bool {
    let missing: Vec<&str> = ["bash", "git", "jq"]
        .into_iter()
        .filter(|tool| Command::new(tool).arg("--version").output().is_err())
        .collect();
    if !missing.is_empty() {
        eprintln!("skipped: there is no {} here", missing.join(", no "));
    }
    missing.is_empty()
}

/// Puts `text` at `path` and makes the folders above it.
pub(crate) fn write(path: impl AsRef<Path>, text: &str) {
    fs::create_dir_all(path.as_ref().parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Puts a program at `path`.
pub(crate) fn program(path: &Path, text: &str) {
    write(path, text);
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The text of a file, empty where there is none.
pub(crate) fn text(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// A command that knows nothing of the git configuration and the workflow that the tests may run in.
pub(crate) fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
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

/// What git answers in `folder`.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output = command("git", folder).args(who).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A dataset of one source at `folder`.
pub(crate) fn dataset(folder: &Path) {
    write(folder.join("sources.toml"), "# none\n");
    write(folder.join(".gitignore"), "/.docdrift\n");
    write(folder.join("output/acme/oven.json"), "{\"entries\": 1}\n");
    write(folder.join("snapshots/acme/oven/2026-01-01.jsonl"), "{}\n");
}

/// Makes `folder` a repository and commits what it holds.
pub(crate) fn commit(folder: &Path) {
    git(folder, &["init", "--quiet"]);
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", "a dataset"]);
}

/// How a script ended.
pub(crate) struct Ended {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            success: output.status.success(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ended {
    /// What the runner would obey: lines of the log that are commands and not within a stretch that is shown as text.
    pub(crate) fn obeyed(&self) -> Vec<&str> {
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
        assert_eq!(stopped, None, "commands stay switched off: {}", self.stdout);
        commands
    }
}

/// The outputs of a step. Each line must be one: what is injected would show as a line too many.
pub(crate) fn outputs(file: &Path) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    for line in text(file).lines() {
        let (name, value) = line.split_once('=').expect("NAME=VALUE");
        assert!(outputs.insert(name.to_owned(), value.to_owned()).is_none(), "{name} twice");
    }
    outputs
}
