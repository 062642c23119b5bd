//! Whether `snapshots/` and `output/` are as docdrift wrote them, and if not, where they are not. Nothing is written.

mod flaw;
mod formulas;
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

use anyhow::Result;

use docdrift_model::Config;

pub use flaw::Flaw;

/// What a look at all files of a root found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many watched sources have snapshots.
    pub with_snapshots: usize,
    /// How many entries their last snapshots have.
    pub entries: usize,
    /// How many files `snapshots/` and `output/` hold.
    pub files: usize,
    /// What is not as docdrift writes it, by file.
    pub flaws: Vec<Flaw>,
    /// What a maintainer may want to know although nothing is wrong, by file.
    pub notes: Vec<Flaw>,
}

/// Holds every file below `root` against what it should be. `feeds` are the files of `output/history/` that the
/// snapshots make.
pub(crate) fn verify(root: &Path, config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Verified> {
    let mut told = Verified::default();
    snapshots::verify(root, config, &mut told)?;
    output::verify(root, config, feeds, &mut told)?;
    for list in [&mut told.flaws, &mut told.notes] {
        list.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    }
    Ok(told)
}
