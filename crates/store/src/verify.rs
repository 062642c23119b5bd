//! Checks that `snapshots/` and `output/` are as docdrift wrote them. Nothing is written.

mod formulas;
mod issue;
mod output;
mod rows;
mod snapshots;
#[cfg(test)]
mod tests;
mod tree;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use docdrift_files::Result;
use docdrift_model::config::Config;

pub use issue::VerifyIssue;

/// The result of a check of all files of a root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many watched sources have snapshots.
    pub source_count: usize,
    /// How many entries their last snapshots have.
    pub entry_count: usize,
    /// How many files `snapshots/` and `output/` have.
    pub file_count: usize,
    /// What is not as docdrift writes it, by file.
    pub issues: Vec<VerifyIssue>,
    /// What a maintainer may want to know although it is no issue, by file.
    pub notes: Vec<VerifyIssue>,
}

/// Checks every file below `root`. `feeds` are the files of `output/history/` that the snapshots result in.
pub(crate) fn verify(root: &Path, config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<VerifyReport> {
    let mut report = VerifyReport::default();
    snapshots::verify(root, config, &mut report)?;
    output::verify(root, config, feeds, &mut report)?;
    for list in [&mut report.issues, &mut report.notes] {
        list.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
    Ok(report)
}
