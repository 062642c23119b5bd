//! One root folder, opened for a run.

use std::{
    collections::BTreeMap,
    fs::{File, TryLockError},
    io::Write as _,
    path::{Component, Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use anyhow::{Context as _, Result, bail, ensure};
use docdrift_model::{Entry, Lang, Page, Snapshot, SourceId};

use crate::{
    archive,
    config::Config,
    dataset,
    failing::{self, Failing},
    files,
    journal::{self, Step, WORK},
    publish::{self, Published},
    snapshots::{self, SnapshotRef},
    trace,
};

/// A root folder: `snapshots/`, `output/` and the private `.docdrift/` below it. Opened for writing by one run at a
/// time; the lock goes with the value, even when the run is killed.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    lock: Option<File>,
    // Threads of one run share the lock above, but must not write the archive's index at once.
    archive: Mutex<()>,
}

impl Store {
    /// Opens `root` for writing. Finishes the change that a killed run left, or throws away what it had only staged. An
    /// error where another run has it open.
    pub fn open(root: &Path) -> Result<Self> {
        check_root(root)?;
        files::make_folder(root, Path::new(WORK))?;
        let lock = lock(root)?;
        journal::recover(root, &mut || Ok(()))?;
        files::remove_all(&scratch(root))?;
        Ok(Self { root: root.into(), lock: Some(lock), archive: Mutex::default() })
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
        Ok(Self { root: root.into(), lock: None, archive: Mutex::default() })
    }

    /// Keeps a page as received. A body that is there already is not stored again.
    pub fn archive(&self, id: &SourceId, lang: Lang, page: &Page) -> Result<()> {
        self.check_writable()?;
        let _one_at_a_time = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = files::make_folder(&self.root, &archive_folder())?;
        let scratch = self.make_scratch()?;
        archive::keep(&folder, &scratch, id, lang, page)
            .with_context(|| format!("the {lang} page of {id} cannot be archived"))
    }

    /// Notes that the server says that the latest archived page is unchanged, at `at`, RFC 3339 in UTC.
    pub fn archive_unchanged(&self, id: &SourceId, lang: Lang, at: &str) -> Result<()> {
        self.check_writable()?;
        let _one_at_a_time = self.archive.lock().unwrap_or_else(PoisonError::into_inner);
        archive::keep_unchanged(&self.root.join(archive_folder()), id, lang, at)
    }

    /// When the page was last received or said to be unchanged, RFC 3339 in UTC; `None` where it never was.
    pub fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<String>> {
        archive::last_visit(&self.root.join(archive_folder()), id, lang)
    }

    /// The sources that could not be refreshed the last time.
    pub fn failing(&self) -> Result<BTreeMap<SourceId, Failing>> {
        failing::read(&self.root.join(WORK).join(failing::FILE_NAME))
    }

    /// Keeps which sources could not be refreshed; writes nothing where that is known.
    pub fn keep_failing(&self, failing: &BTreeMap<SourceId, Failing>) -> Result<()> {
        self.check_writable()?;
        if self.failing().is_ok_and(|known| known == *failing) {
            return Ok(());
        }
        let relative = Path::new(WORK).join(failing::FILE_NAME);
        files::check_target(&self.root, &relative)?;
        files::write_whole(&self.make_scratch()?, &self.root.join(relative), failing::render(failing)?.as_bytes())
    }

    /// The latest archived page of that source and language. A damaged file is an error, never trusted; so is a
    /// damaged line of the index that names the source and is later than its last good one, and, for a source without
    /// a good one, any damaged line. Otherwise damaged lines are passed over.
    pub fn archived(&self, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
        archive::latest_page(&self.root.join(archive_folder()), id, lang)
    }

    /// The last snapshot of a source; `None` where it has none yet. An error where that file is damaged, or where the
    /// source is in `output/` and has no snapshot: its history was lost.
    pub fn last_snapshot(&self, id: &SourceId) -> Result<Option<Snapshot>> {
        Ok(publish::last(&self.root, id)?.map(|(_, snapshot)| snapshot))
    }

    /// The sources that have snapshots, sorted, also those that are watched no more. Only folders are read.
    pub fn sources(&self) -> Result<Vec<SourceId>> {
        snapshots::sources(&self.root)
    }

    /// The snapshots of a source, the oldest first. Only the folder is read.
    pub fn snapshots(&self, id: &SourceId) -> Result<Vec<SnapshotRef>> {
        snapshots::list(&self.root, id)
    }

    /// Where [`publish`](Self::publish) will write a snapshot, if it tells anything new. Its date becomes that of the
    /// last snapshot of its source where that is later.
    pub fn place(&self, snapshot: &mut Snapshot) -> Result<SnapshotRef> {
        let last = self.snapshots(&snapshot.source)?.pop();
        snapshots::next(&self.root, snapshot, last.as_ref())
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

    /// Writes the new snapshots and `output/` as one change. A snapshot that tells nothing new beside dates is left
    /// out; the date of the others is never before their source's last one. Where the last snapshot of a source holds
    /// text that `config` publishes no more, it is written anew without.
    ///
    /// `feeds` are further files of `output/`, by path below it, all of them right in `history/`. That folder keeps no
    /// others.
    ///
    /// Sources of `config` that have a snapshot are in `output/`; those that `config` knows no more leave it. Of a
    /// source whose last snapshot is damaged or gone, `output/` keeps what its `<vendor>/<service>.json` tells; where
    /// that is lost as well, or where `new` has a snapshot of that source, it is an error. Without any source to
    /// publish, nothing is written.
    pub fn publish(&self, new: &[Snapshot], config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Published> {
        self.publish_in_steps(new, config, feeds, &mut || Ok(()))
    }

    /// What [`publish`](Self::publish) would change.
    pub fn preview(&self, new: &[Snapshot], config: &Config, feeds: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Published> {
        publish::plan(&self.root, new, config, feeds).map(Published::from)
    }

    fn publish_in_steps(
        &self,
        new: &[Snapshot],
        config: &Config,
        feeds: &BTreeMap<PathBuf, Vec<u8>>,
        step: Step<'_>,
    ) -> Result<Published> {
        self.check_writable()?;
        journal::recover(&self.root, &mut || Ok(()))?;
        let change = publish::plan(&self.root, new, config, feeds)?;
        if !change.is_empty() {
            journal::make(&self.root, &change, step)?;
        }
        Ok(change.into())
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
        files::write_whole(&self.make_scratch()?, &path, text.as_bytes())?;
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

fn archive_folder() -> PathBuf {
    Path::new(WORK).join("archive")
}

/// Half-written files of a running command; what a killed one left there is removed.
fn scratch(root: &Path) -> PathBuf {
    root.join(WORK).join("tmp")
}

fn check_root(root: &Path) -> Result<()> {
    ensure!(root.is_dir(), "{} is no folder", root.display());
    Ok(())
}

fn lock(root: &Path) -> Result<File> {
    let relative = Path::new(WORK).join("lock");
    files::check_target(root, &relative)?;
    let path = root.join(relative);
    let context = || format!("cannot lock {}", path.display());
    let options = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let mut file = options.with_context(context)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let holder = files::read_text_optional(&path).ok().flatten().unwrap_or_default();
            let holder: String = holder.trim().chars().filter(|c| !c.is_control()).take(80).collect();
            bail!("another run holds {} ({holder}): wait until it has ended", path.display());
        }
        Err(TryLockError::Error(error)) => return Err(error).with_context(context),
    }
    file.set_len(0).with_context(context)?;
    let started = jiff::Timestamp::now().as_second();
    let started = jiff::Timestamp::from_second(started).unwrap_or_default();
    write!(file, "pid {}, started {started}", std::process::id()).with_context(context)?;
    Ok(file)
}

#[cfg(test)]
mod tests;
