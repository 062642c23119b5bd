//! Reads the configuration: `sources.toml` says which sources are watched, how they are fetched and what of them is
//! published; `overrides.toml` beside it holds a maintainer's decisions about their rows.
//!
//! The error of a wrong file lists every problem with its line and column.
//!
//! A key is added in one place: the function that reads its table (`fields` has the types of values).
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! let path = folder.path().join("sources.toml");
//! # #[allow(clippy::disallowed_methods)]
//! std::fs::write(&path, "[fetsch]")?;
//! let error = docdrift_config::load_config(&path).unwrap_err();
//! assert!(error.to_string().contains(":1:2: unknown key `fetsch`"));
//! # Ok(())
//! # }
//! ```
#![allow(clippy::disallowed_methods, reason = "it reads the two configuration files")]

mod fetching;
mod fields;
mod guard;
mod overrides;
mod parse;
mod read;
mod retention;
mod severity;
mod vendor;

use std::{
    fmt,
    path::{Path, PathBuf},
};

use docdrift_model::{config::Config, decision::Decision};

pub use vendor::builtin_vendors;

/// The file that makes a folder a docdrift root.
const FILE_NAME: &str = "sources.toml";

/// A problem in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Line and column, both from one. `None` when the problem concerns the whole file.
    pub at: Option<(usize, usize)>,
    /// What is wrong and what to write instead.
    pub message: String,
}

/// All problems of a configuration file. Displayed as one line per problem: `FILE:LINE:COLUMN: MESSAGE`.
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
    parse::parse_config(&text).map_err(|problems| ConfigError { path: path.into(), problems })
}

/// Reads the decisions of the `overrides.toml` at `path`, in the order of the file. None when there is no such file.
pub fn load_overrides(path: &Path) -> Result<Vec<Decision>, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => overrides::parse_overrides(&text).map_err(|problems| ConfigError { path: path.into(), problems }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(unreadable(path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ConfigError {
    let message = format!("cannot be read: {error}");
    ConfigError { path: path.into(), problems: vec![Problem { at: None, message }] }
}

/// Finds the nearest folder, `start` or one above it, with a `sources.toml`.
pub fn find_root(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().find(|folder| folder.join(FILE_NAME).is_file()).map(Path::to_path_buf)
}

#[cfg(test)]
mod tests;
