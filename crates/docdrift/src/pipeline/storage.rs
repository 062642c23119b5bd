//! The files of a workspace.

use std::path::Path;

use docdrift_archive::Archive;
use docdrift_store::{StorageError, Store};

/// The published data with its history, and the archive of raw pages.
pub(crate) struct Storage {
    pub(crate) store: Store,
    pub(crate) archive: Archive,
}

impl Storage {
    /// Opens the files below `root` for writing, for one run at a time.
    pub(crate) fn open(root: &Path) -> Result<Self, StorageError> {
        Store::open(root).map(|store| Self::new(root, store))
    }

    /// Opens the files below `root` for reading.
    pub(crate) fn open_read_only(root: &Path) -> Result<Self, StorageError> {
        Store::open_read_only(root).map(|store| Self::new(root, store))
    }

    fn new(root: &Path, store: Store) -> Self {
        let archive = Archive::new(root, store.lock());
        Self { store, archive }
    }
}
