//! One root folder, opened for a run.

mod archived;

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Component, Path, PathBuf},
    sync::Mutex,
};

use anyhow::{Result, bail, ensure};
use docdrift_model::{Config, Entry, PendingRemovals, Snapshot, SourceId};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    archive::Index,
    dataset,
    failing::{self, Failing},
    files,
    history::Histories,
    journal::{self, Step, WORK},
    known::{self, Known},
    lock, note, pending,
    publish::{self, Published},
    snapshots::{self, SnapshotRef},
    trace,
    verify::{self, Verified},
};

/// A root folder: `snapshots/`, `output/` and the private `.docdrift/` below it. Opened for writing by one run at a
/// time; the lock goes with the value, even when the run is killed.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    lock: Option<File>,
    // Threads of one run share the lock above, but must not write the archive's index at once.
    index: Mutex<Index>,
}

impl Store {
    /// Opens `root` for writing. Finishes the change that a killed run left, or throws away what it had only staged. An
    /// error where another run has it open.
    pub fn open(root: &Path) -> Result<Self> {
        check_root(root)?;
        files::make_folder(root, Path::new(WORK))?;
        let lock = lock::take(root)?;
        journal::recover(root, &mut || Ok(()))?;
        files::remove_all(&scratch(root))?;
        Ok(Self { root: root.into(), lock: Some(lock), index: Mutex::default() })
    }

    /// Opens `root` for reading: no lock, nothing is made or removed. An error where a killed run left a change
    /// half-made or another run is making one.
    pub fn open_read_only(root: &Path) -> Result<Self> {
        check_root(root)?;
        if journal::is_pending(root) {
            bail!(
                "{} is just being changed, or a killed run left it half-changed: try again, or finish that by a \
                 command that writes, as `refresh --offline`",
                root.display()
            );
        }
        Ok(Self { root: root.into(), lock: None, index: Mutex::default() })
    }

    /// The sources that could not be refreshed the last time.
    pub fn failing(&self) -> Result<BTreeMap<SourceId, Failing>> {
        note::read(&self.root.join(WORK).join(failing::FILE_NAME))
    }

    /// Keeps which sources could not be refreshed; writes nothing where that is known.
    pub fn keep_failing(&self, failing: &BTreeMap<SourceId, Failing>) -> Result<()> {
        self.keep_note(failing::FILE_NAME, failing)
    }

    /// The removals that wait to be seen again.
    pub fn pending(&self) -> Result<BTreeMap<SourceId, PendingRemovals>> {
        note::read(&self.root.join(WORK).join(pending::FILE_NAME))
    }

    /// Keeps which removals wait; writes nothing where that is known.
    pub fn keep_pending(&self, pending: &BTreeMap<SourceId, PendingRemovals>) -> Result<()> {
        self.keep_note(pending::FILE_NAME, pending)
    }

    /// What earlier runs found out, by name; nothing where that is damaged.
    pub fn known(&self) -> BTreeMap<String, Known> {
        note::read(&self.root.join(WORK).join(known::FILE_NAME)).unwrap_or_default()
    }

    /// Keeps what was found out; writes nothing where that is known.
    pub fn keep_known(&self, known: &BTreeMap<String, Known>) -> Result<()> {
        self.keep_note(known::FILE_NAME, known)
    }

    fn keep_note<T>(&self, name: &str, told: &T) -> Result<()>
    where
        T: Serialize + DeserializeOwned + Default + PartialEq,
    {
        self.check_writable()?;
        note::keep(&self.root, &self.make_scratch()?, &Path::new(WORK).join(name), told)
    }

    /// A digest of all snapshots and of the dataset.
    pub fn data_digest(&self) -> Result<String> {
        known::data_digest(&self.root)
    }

    /// The last snapshot of a source; `None` where it has none yet. An error where that file is damaged, or where the
    /// source is in `output/` and has no snapshot: its history was lost.
    pub fn last_snapshot(&self, id: &SourceId) -> Result<Option<Snapshot>> {
        publish::check_history(&self.root, id)?;
        Ok(snapshots::last(&self.root, id)?.map(|(_, snapshot)| snapshot))
    }

    /// The sources that have snapshots, sorted, also those that are watched no more. Only folders are read.
    pub fn sources(&self) -> Result<Vec<SourceId>> {
        snapshots::sources(&self.root)
    }

    /// The snapshots of a source, the oldest first. Only the folder is read.
    pub fn snapshots(&self, id: &SourceId) -> Result<Vec<SnapshotRef>> {
        snapshots::list(&self.root, id)
    }

    /// The snapshots of all sources of `config`, for a run to add to. What a failed run of this store left half-made is
    /// finished first.
    pub fn histories(&self, config: &Config) -> Result<Histories> {
        if self.lock.is_some() {
            journal::recover(&self.root, &mut || Ok(()))?;
        }
        Ok(Histories::on_disk(&self.root, config))
    }

    /// For each snapshot of a source, the oldest first, those of its entries that went by `code` in any of them: as
    /// printed on either page, alone or with others in its cell. Where none was spelled just so, letter case does not
    /// count. Empty where no snapshot has the code.
    ///
    /// Only the lines of these entries are read: damage to others goes unnoticed as long as each file has as many lines
    /// as its header tells.
    pub fn trace(&self, id: &SourceId, code: &str) -> Result<Vec<(SnapshotRef, Vec<Entry>)>> {
        trace::trace(&self.snapshots(id)?, code)
    }

    /// Writes the snapshots of `histories` that are not on disk, removes those that are in them no more, and writes
    /// `output/`, all as one change.
    ///
    /// `feeds` are further files of `output/`, by path below it, all of them right in `history/`. That folder keeps no
    /// others.
    ///
    /// Sources of `config` that have a snapshot are in `output/`; those that `config` knows no more leave it. Of a
    /// source whose last snapshot is damaged or gone, `output/` keeps what its `<vendor>/<service>.json` tells; where
    /// that is lost as well, it is an error. Without any source to publish, nothing is written.
    pub fn publish(
        &self,
        histories: &Histories,
        config: &Config,
        feeds: &BTreeMap<PathBuf, Vec<u8>>,
    ) -> Result<Published> {
        self.publish_in_steps(histories, config, feeds, &mut || Ok(()))
    }

    /// What [`publish`](Self::publish) would change.
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
        step: Step<'_>,
    ) -> Result<Published> {
        self.check_writable()?;
        journal::recover(&self.root, &mut || Ok(()))?;
        let change = publish::plan(&self.root, histories, config, feeds)?;
        if !change.is_empty() {
            journal::make(&self.root, &change, step)?;
        }
        Ok(change.into())
    }

    /// Holds everything in `snapshots/` and `output/` against what it should be; `feeds` as
    /// [`publish`](Self::publish) takes them.
    pub fn verify(&self, config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Verified> {
        verify::verify(&self.root, config, feeds)
    }

    /// The file of `output/` at a path below it; `None` where there is none.
    pub fn published_file(&self, path: &Path) -> Result<Option<Vec<u8>>> {
        let relative = Path::new(dataset::FOLDER).join(path);
        files::check_target(&self.root, &relative)?;
        files::read_optional(&self.root.join(relative))
    }

    /// Writes `.docdrift/report/<name>` and gives its path.
    pub fn write_report(&self, name: &str, text: &str) -> Result<PathBuf> {
        self.check_writable()?;
        let mut parts = Path::new(name).components();
        let is_plain = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        ensure!(is_plain, "`{}` is no plain file name for a report", name.escape_debug());
        let relative = Path::new(WORK).join("report").join(name);
        files::make_folder(&self.root, &Path::new(WORK).join("report"))?;
        files::check_target(&self.root, &relative)?;
        let path = self.root.join(relative);
        if files::read_optional(&path)?.as_deref() != Some(text.as_bytes()) {
            files::write_whole(&self.make_scratch()?, &path, text.as_bytes())?;
        }
        Ok(path)
    }

    fn check_writable(&self) -> Result<()> {
        ensure!(self.lock.is_some(), "{} is open for reading only", self.root.display());
        Ok(())
    }

    fn make_scratch(&self) -> Result<PathBuf> {
        files::make_folder(&self.root, &Path::new(WORK).join("tmp"))
    }
}

/// Half-written files of a running command; what a killed one left there is removed.
fn scratch(root: &Path) -> PathBuf {
    root.join(WORK).join("tmp")
}

fn check_root(root: &Path) -> Result<()> {
    ensure!(root.is_dir(), "{} is no folder", root.display());
    Ok(())
}

#[cfg(test)]
mod tests;
