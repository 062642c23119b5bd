//! The archive of raw pages in a root folder.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use docdrift_files::{
    PRIVATE_FOLDER, Result, RunLock, StorageError, make_folder, make_scratch_folder, write_atomically,
};
use docdrift_model::{Lang, Page, SourceId, config::Retention};
use jiff::civil::Date;

use crate::{
    check::ArchiveCheck,
    contents::{Contents, VisitOutcome},
    export::{ExportSummary, export},
    index::{Index, Visit, Visits},
    objects,
    prune::PruneSummary,
};

/// The archive of raw pages below a root.
#[derive(Debug)]
pub struct Archive {
    root: PathBuf,
    lock: Option<RunLock>,
    // The threads of a run share its lock, but must not write the index at once.
    index: Mutex<Index>,
}

impl Archive {
    /// Opens the archive of `root`. It can be written only with the lock of the run. Nothing is read yet.
    pub fn new(root: &Path, lock: Option<RunLock>) -> Self {
        Self { root: root.into(), lock, index: Mutex::default() }
    }

    /// Adds a page as received. A body that the archive has is not stored again.
    pub fn add(&self, id: &SourceId, lang: Lang, page: &Page) -> Result<()> {
        self.add_all(&[(id, lang, VisitOutcome::Page(page))])
    }

    /// Adds the outcomes of many visits in this order, up to the first that cannot be added. Cheaper than one by one.
    pub fn add_all(&self, outcomes: &[(&SourceId, Lang, VisitOutcome<'_>)]) -> Result<()> {
        RunLock::require(self.lock.as_ref(), &self.root)?;
        make_folder(&self.root, &folder_below_root())?;
        let scratch = make_scratch_folder(&self.root)?;
        self.with_contents(|mut contents| contents.add(&scratch, outcomes))
    }

    /// Returns the last visit that received the page or found it unchanged. `None` when there is none. An error in the
    /// cases in which [`latest_page`](Self::latest_page) fails for the index.
    pub fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<Visit>> {
        self.with_contents(|contents| contents.last_visit(id, lang))
    }

    /// Returns whether the archive has a file for the body of a visit. The file is not read.
    pub fn contains_body(&self, visit: &Visit) -> Result<bool> {
        self.with_contents(|contents| Ok(contents.contains_body(visit)))
    }

    /// Returns the latest archived page of a source and language. An error when its file is damaged.
    ///
    /// A damaged line of the index is an error for the source that it names, unless a good line of that source follows,
    /// and for every source without a good line. Other sources ignore it.
    pub fn latest_page(&self, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
        self.with_contents(|contents| contents.latest_page(id, lang))
    }

    /// Returns all visits in the order they were made, and the damaged lines of the index.
    pub fn visits(&self) -> Result<Visits> {
        self.with_contents(|contents| Ok(contents.visits().clone()))
    }

    /// Returns the visits of a page in the order they were made, without damaged lines.
    pub fn page_visits(&self, id: &SourceId, lang: Lang) -> Result<Vec<Visit>> {
        self.with_contents(|contents| Ok(contents.page_visits(id, lang)))
    }

    /// Reads the page as a visit found it. An error when its file is damaged or missing. Only that file is read.
    pub fn page_at(&self, visit: &Visit) -> Result<Page> {
        objects::read_page(&self.folder(), visit)
    }

    /// Reads the page of the last visit that found a body with this digest. `None` when no visit did or the file is
    /// missing. An error when the file is damaged.
    pub fn page_version(&self, id: &SourceId, lang: Lang, digest: &str) -> Result<Option<Page>> {
        self.with_contents(|contents| contents.page_version(id, lang, digest))
    }

    /// Checks the whole archive: reads every line of the index and every object that a visit names.
    pub fn check(&self) -> Result<ArchiveCheck> {
        self.with_contents(|contents| contents.check())
    }

    /// Writes visits to a WARC file at `path`, whole or not at all. Same visits, same bytes. An error when an archived
    /// file is damaged or missing.
    pub fn export(&self, visits: &[Visit], path: &Path) -> Result<ExportSummary> {
        let no_name = || StorageError::invalid(format!("{} is no name for a file", path.display())).at(path);
        let name = path.file_name().ok_or_else(no_name)?;
        write_atomically(path, |out| export(&self.folder(), visits, &name.to_string_lossy(), out))
    }

    /// Removes the visits and bodies that `rules` release at `today`. A dry run only counts them.
    ///
    /// The last visit of each page always stays, and so do the versions in `snapshot_pages`: the source and digest of each
    /// page that a snapshot was read from. Damaged lines of the index stay, and while there are any, so does every body.
    pub fn prune(
        &self,
        rules: Retention,
        today: Date,
        snapshot_pages: &BTreeSet<(SourceId, String)>,
        dry_run: bool,
    ) -> Result<PruneSummary> {
        let scratch = if dry_run {
            None
        } else {
            RunLock::require(self.lock.as_ref(), &self.root)?;
            Some(make_scratch_folder(&self.root)?)
        };
        self.with_contents(|mut contents| contents.prune(scratch.as_deref(), rules, today, snapshot_pages))
    }

    fn with_contents<T>(&self, act: impl FnOnce(Contents<'_>) -> Result<T>) -> Result<T> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        act(Contents::open(&self.folder(), &mut index)?)
    }

    fn folder(&self) -> PathBuf {
        self.root.join(folder_below_root())
    }
}

fn folder_below_root() -> PathBuf {
    Path::new(PRIVATE_FOLDER).join("archive")
}
