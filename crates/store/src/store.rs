//! A root folder, opened for a run.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use docdrift_files::{
    PRIVATE_FOLDER, Result, RunLock, StorageError, StorageErrorKind, check_target, make_folder, make_scratch_folder,
    read_optional, remove_scratch_folder, replace_file,
};
use docdrift_model::{Entry, Snapshot, SourceId, config::Config};

use crate::{
    code_search, dataset,
    history::{self, Histories},
    journal::{self, StepHook},
    publish::{self, Published},
    snapshots::{self, SnapshotRef},
    state::{self, RunState},
    verify::{self, VerifyReport},
};

/// A root folder with `snapshots/`, `output/` and the private `.docdrift/`.
///
/// One run at a time may open it for writing. The lock is released with the value, even when the run is killed.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    lock: Option<RunLock>,
}

impl Store {
    /// Opens `root` for writing, and finishes the change of a killed run or removes what it had only staged. An error when
    /// another run has `root` open for writing.
    pub fn open(root: &Path) -> Result<Self> {
        check_root(root)?;
        make_folder(root, Path::new(PRIVATE_FOLDER))?;
        let lock = RunLock::acquire(root)?;
        journal::recover(root, &mut || Ok(()))?;
        remove_scratch_folder(root)?;
        Ok(Self { root: root.into(), lock: Some(lock) })
    }

    /// Opens `root` for reading, without lock; nothing is written. An error when a change is half made, by a running or a
    /// killed run.
    pub fn open_read_only(root: &Path) -> Result<Self> {
        check_root(root)?;
        if journal::is_pending(root) {
            let message = format!(
                "{} is just being changed, or a killed run left it half-changed: try again, or finish that by a \
                 command that writes, as `refresh --offline`",
                root.display()
            );
            return Err(StorageError::new(StorageErrorKind::Unfinished, message).at(root));
        }
        Ok(Self { root: root.into(), lock: None })
    }

    /// Returns the lock of the run, with which other parts of the root can be written. `None` when open for reading.
    pub fn lock(&self) -> Option<RunLock> {
        self.lock.clone()
    }

    /// Returns the run state.
    pub fn state(&self) -> RunState<'_> {
        RunState::new(&self.root, self.lock.as_ref())
    }

    /// Returns a digest of all snapshots and of the dataset.
    pub fn data_digest(&self) -> Result<String> {
        state::data_digest(&self.root)
    }

    /// Reads the last snapshot of a source. `None` when it has none yet. An error when the file is damaged, or when the
    /// source is in `output/` and its snapshots are missing.
    pub fn last_snapshot(&self, id: &SourceId) -> Result<Option<Snapshot>> {
        history::check_history(&self.root, id)?;
        snapshots::read_last(&self.root, id)
    }

    /// Lists the sources that have snapshots, sorted, also those that are no longer watched. No file is read.
    pub fn sources(&self) -> Result<Vec<SourceId>> {
        snapshots::list_sources(&self.root)
    }

    /// Lists the snapshots of a source, the oldest first. No file is read.
    pub fn snapshots(&self, id: &SourceId) -> Result<Vec<SnapshotRef>> {
        snapshots::list(&self.root, id)
    }

    /// Returns the source and digest of every page that a snapshot was read from. An error when a snapshot is damaged.
    pub fn snapshot_pages(&self) -> Result<BTreeSet<(SourceId, String)>> {
        let mut pages = BTreeSet::new();
        for id in self.sources()? {
            for at in self.snapshots(&id)? {
                pages.extend(at.page_digests()?.into_iter().map(|digest| (id.clone(), digest)));
            }
        }
        Ok(pages)
    }

    /// Reads the histories of all sources of `config`, to which a run can add snapshots. Finishes first what a failed
    /// publication of this store left half made.
    pub fn histories(&self, config: &Config) -> Result<Histories> {
        if self.lock.is_some() {
            journal::recover(&self.root, &mut || Ok(()))?;
        }
        Ok(Histories::read(&self.root, config))
    }

    /// Returns for each snapshot of a source, the oldest first, the entries that had `code` in any of them. Empty when
    /// none had.
    ///
    /// The code may be printed on either page, alone or with others in its cell. Letter case matters only when the exact
    /// code was found. Only matching lines are parsed, so damage of others is not noticed.
    pub fn entries_with_code(&self, id: &SourceId, code: &str) -> Result<Vec<(SnapshotRef, Vec<Entry>)>> {
        code_search::entries_with_code(&self.snapshots(id)?, code)
    }

    /// Writes the new snapshots of `histories`, removes the replaced ones and writes `output/`, as one change.
    ///
    /// `feeds` are further files of `output/`, by path below it, all directly in `history/`. Other feeds are removed.
    ///
    /// `output/` has the sources of `config` that have a snapshot, and no others. A source whose last snapshot is damaged
    /// or missing keeps what its `<vendor>/<service>.json` has; an error when that is lost as well. Without any source to
    /// publish, nothing is written.
    pub fn publish(
        &self,
        histories: &Histories,
        config: &Config,
        feeds: &BTreeMap<PathBuf, Vec<u8>>,
    ) -> Result<Published> {
        self.publish_in_steps(histories, config, feeds, &mut || Ok(()))
    }

    /// Returns what [`publish`](Self::publish) would change.
    pub fn preview(
        &self,
        histories: &Histories,
        config: &Config,
        feeds: &BTreeMap<PathBuf, Vec<u8>>,
    ) -> Result<Published> {
        publish::plan(&self.root, histories, config, feeds).map(Published::from)
    }

    fn publish_in_steps(
        &self,
        histories: &Histories,
        config: &Config,
        feeds: &BTreeMap<PathBuf, Vec<u8>>,
        step: StepHook<'_>,
    ) -> Result<Published> {
        RunLock::require(self.lock.as_ref(), &self.root)?;
        journal::recover(&self.root, &mut || Ok(()))?;
        let change = publish::plan(&self.root, histories, config, feeds)?;
        if !change.is_empty() {
            journal::apply(&self.root, &change, step)?;
        }
        Ok(change.into())
    }

    /// Checks that every file in `snapshots/` and `output/` is as docdrift writes it. `feeds` are as in
    /// [`publish`](Self::publish).
    pub fn verify(&self, config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<VerifyReport> {
        verify::verify(&self.root, config, feeds)
    }

    /// Reads the file at a path below `output/`. `None` when there is none.
    pub fn published_file(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let relative = Path::new(dataset::FOLDER).join(path);
        check_target(&self.root, &relative)?;
        read_optional(&self.root.join(relative))
    }

    /// Writes `.docdrift/report/<name>` and returns its path.
    pub fn write_report(&self, name: &str, text: &str) -> Result<PathBuf> {
        RunLock::require(self.lock.as_ref(), &self.root)?;
        let mut parts = Path::new(name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) {
            let message = format!("`{}` is no plain file name for a report", name.escape_debug());
            return Err(StorageError::invalid(message));
        }
        let folder = Path::new(PRIVATE_FOLDER).join("report");
        let relative = folder.join(name);
        make_folder(&self.root, &folder)?;
        check_target(&self.root, &relative)?;
        let path = self.root.join(relative);
        if read_optional(&path)?.as_deref() != Some(text.as_bytes()) {
            replace_file(&make_scratch_folder(&self.root)?, &path, text.as_bytes())?;
        }
        Ok(path)
    }
}

fn check_root(root: &Path) -> Result<()> {
    let metadata = std::fs::metadata(root);
    match metadata {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            Err(StorageError::io("open the folder", root, error))
        }
        _ => {
            let message = format!("{} is no folder", root.display());
            Err(StorageError::new(StorageErrorKind::Missing, message).at(root))
        }
    }
}

#[cfg(test)]
mod tests;
