//! The run state: small private files that one run leaves for the next. Each is written only when its content changes.

mod cache;
mod failures;
mod file;
mod pending;

use std::{collections::BTreeMap, path::Path};

use docdrift_files::{Result, RunLock};
use docdrift_model::{SourceId, drift::PendingRemovals};

pub(crate) use cache::data_digest;
pub use cache::{CacheEntry, build_fingerprint};
pub use failures::RefreshFailure;

/// The run state of a root.
#[derive(Clone, Copy, Debug)]
pub struct RunState<'a> {
    root: &'a Path,
    lock: Option<&'a RunLock>,
}

impl<'a> RunState<'a> {
    pub(crate) fn new(root: &'a Path, lock: Option<&'a RunLock>) -> Self {
        Self { root, lock }
    }

    /// Reads which sources could not be refreshed at their last refresh.
    pub fn failures(self) -> Result<BTreeMap<SourceId, RefreshFailure>> {
        file::read(self.root, failures::FILE_NAME)
    }

    /// Stores which sources could not be refreshed.
    pub fn store_failures(self, failures: &BTreeMap<SourceId, RefreshFailure>) -> Result<()> {
        RunLock::require(self.lock, self.root)?;
        file::write(self.root, failures::FILE_NAME, failures)
    }

    /// Reads which removals wait for confirmation by another run.
    pub fn pending_removals(self) -> Result<BTreeMap<SourceId, PendingRemovals>> {
        file::read(self.root, pending::FILE_NAME)
    }

    /// Stores which removals wait for confirmation.
    pub fn store_pending_removals(self, pending: &BTreeMap<SourceId, PendingRemovals>) -> Result<()> {
        RunLock::require(self.lock, self.root)?;
        file::write(self.root, pending::FILE_NAME, pending)
    }

    /// Reads the cached results of earlier runs by name. Empty when the file is damaged.
    pub fn cache(self) -> BTreeMap<String, CacheEntry> {
        file::read(self.root, cache::FILE_NAME).unwrap_or_default()
    }

    /// Stores the cached results.
    pub fn store_cache(self, cache: &BTreeMap<String, CacheEntry>) -> Result<()> {
        RunLock::require(self.lock, self.root)?;
        file::write(self.root, cache::FILE_NAME, cache)
    }
}
