//! `sources.toml`: which sources are watched, what of them is published, how politely they are fetched; and
//! `overrides.toml` beside it: what a maintainer decided about their rows.

mod fetching;
mod fields;
mod guard;
mod overrides;
mod parse;
mod retention;
mod severity;

use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

use docdrift_model::{Decision, Publish, Source, Thresholds};

pub use retention::Retention;

/// The file that makes a folder a docdrift root.
const FILE_NAME: &str = "sources.toml";

/// All that `sources.toml` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What is watched, sorted by id; at least one.
    pub sources: Vec<Source>,
    /// Which text fields `output/` and `snapshots/` carry.
    pub publish: Publish,
    /// How pages are fetched.
    pub fetch: FetchSettings,
    /// What may go from the archive; nothing where that is not said.
    pub archive: Option<Retention>,
    /// What the guard weighs by, where that is not the default; those of a source are in the source as well.
    pub guard: Thresholds,
}

/// How pages are fetched; what is `None` is left to the fetcher's defaults.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FetchSettings {
    /// A URL for the User-Agent, where a vendor reads who asks and why.
    pub contact: Option<String>,
    /// The browser that renders pages made by scripts: its executable.
    pub browser: Option<PathBuf>,
    /// The least time between two requests to one host, in milliseconds.
    pub interval_ms: Option<u64>,
    /// The most requests to one host at a time.
    pub concurrency: Option<u64>,
    /// The most requests to one host in one run.
    pub max_requests_per_host: Option<u64>,
    /// The longest wait for a connection, in milliseconds.
    pub connect_timeout_ms: Option<u64>,
    /// The longest wait for the next byte, in milliseconds.
    pub read_timeout_ms: Option<u64>,
    /// The longest time for one answer, in milliseconds.
    pub request_timeout_ms: Option<u64>,
    /// The longest time for the whole run, in milliseconds.
    pub run_limit_ms: Option<u64>,
    /// How often a request that failed is tried again.
    pub retries: Option<u64>,
    /// The wait before the first retry, in milliseconds.
    pub backoff_ms: Option<u64>,
    /// The largest page, in mebibytes.
    pub max_body_mb: Option<u64>,
    /// What holds for single hosts.
    pub hosts: BTreeMap<String, HostFetch>,
}

/// How the pages of one host are fetched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostFetch {
    /// The least time between two requests, in milliseconds.
    pub interval_ms: Option<u64>,
    /// The most requests at a time.
    pub concurrency: Option<u64>,
    /// Whether only HTTP/1.1 is spoken.
    pub http1: bool,
    /// Headers sent with each request, by name; `${NAME}` in a value stands for an environment variable, so that no
    /// secret stands in the file.
    pub headers: Vec<(String, String)>,
}

/// One thing that is wrong in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line and column, both from one; `None` where it is about the file as a whole.
    pub at: Option<(usize, usize)>,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// All that is wrong in a configuration file. Shown as one line a problem: `FILE:LINE:COLUMN: MESSAGE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub path: PathBuf,
    /// At least one, in the order of the file.
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{}", self.path.display())?;
            if let Some((line, column)) = problem.at {
                write!(f, ":{line}:{column}")?;
            }
            write!(f, ": {}", problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

/// Reads the `sources.toml` at `path`.
pub fn load_config(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    parse::config(&text).map_err(|problems| ConfigError { path: path.into(), problems })
}

/// Reads the `overrides.toml` at `path`, its decisions in the order of the file; none where there is no such file.
pub fn load_overrides(path: &Path) -> Result<Vec<Decision>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => overrides::overrides(&text).map_err(|problems| ConfigError { path: path.into(), problems }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ConfigError {
    let message = format!("cannot be read: {error}");
    ConfigError { path: path.into(), problems: vec![Problem { at: None, message }] }
}

/// The nearest folder, `start` or one above it, that holds a `sources.toml`.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().find(|folder| folder.join(FILE_NAME).is_file()).map(Path::to_path_buf)
}

#[cfg(test)]
mod tests;
