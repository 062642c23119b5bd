//! The archive of raw pages in a root folder.

use std::{
    io::Write,
    path::{Path, PathBuf},
    sync::PoisonError,
};

use anyhow::{Context as _, Result};
use docdrift_model::{Lang, Page, Retention, SourceId};
use jiff::civil::Date;

use super::Store;
use crate::{
    archive::{self, Archive, ArchiveState, Arrival, Exported, Pruned, Snapshotted, Visit, Visits},
    files,
    journal::WORK,
};

impl Store {
    /// Keeps a page as received. A body that is there already is not stored again.
    pub fn archive(&self, id: &SourceId, lang: Lang, page: &Page) -> Result<()> {
        self.archive_all(&[(id, lang, Arrival::Page(page))])
    }

    /// Keeps what arrived of many pages, in this order, up to the first that cannot be kept. Cheaper than one by one.
    pub fn archive_all(&self, arrivals: &[(&SourceId, Lang, Arrival<'_>)]) -> Result<()> {
        self.check_writable()?;
        files::make_folder(&self.root, &relative())?;
        let scratch = self.make_scratch()?;
        self.with_archive(|archive| archive.keep(&scratch, arrivals))
    }

    /// The last time that the page was received or said to be unchanged; `None` where it never was. An error in the
    /// cases in which [`archived`](Self::archived) cannot tell.
    pub fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<Visit>> {
        self.with_archive(|archive| archive.last_visit(id, lang))
    }

    /// Whether the body of a visit is archived; it is not read.
    pub fn holds(&self, visit: &Visit) -> Result<bool> {
        self.with_archive(|archive| Ok(archive.holds(visit)))
    }

    /// The latest archived page of that source and language. A damaged file is an error, never trusted; so is a
    /// damaged line of the index that names the source and is later than its last good one, and, for a source without
    /// a good one, any damaged line. Otherwise damaged lines are passed over.
    pub fn archived(&self, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
        self.with_archive(|archive| archive.latest_page(id, lang))
    }

    /// All visits of all pages, in the order they were made, and the damaged lines of the index.
    pub fn visits(&self) -> Result<Visits> {
        self.with_archive(|archive| Ok(archive.visits().clone()))
    }

    /// The visits of a page, in the order they were made. Damaged lines are passed over: [`visits`](Self::visits) tells
    /// them.
    pub fn visits_of(&self, id: &SourceId, lang: Lang) -> Result<Vec<Visit>> {
        self.with_archive(|archive| Ok(archive.visits_of(id, lang)))
    }

    /// The page as a visit found it. An error where its file is damaged or gone. Only that file is read.
    pub fn archived_at(&self, visit: &Visit) -> Result<Page> {
        archive::page_at(&self.root.join(relative()), visit)
    }

    /// The page of the last visit that found a body of that digest; `None` where there was no such visit, or where its
    /// file is gone. An error where that file is damaged.
    pub fn archived_version(&self, id: &SourceId, lang: Lang, digest: &str) -> Result<Option<Page>> {
        self.with_archive(|archive| archive.version(id, lang, digest))
    }

    /// Looks whether the whole archive is what it should be: reads every line of its index and every object that a visit
    /// names.
    pub fn verify_archive(&self) -> Result<ArchiveState> {
        self.with_archive(|archive| archive.check())
    }

    /// Writes visits to a WARC file of their own at `path`, whole or not at all. Same visits, same bytes. An error where
    /// what was archived is damaged or gone.
    pub fn export_archive(&self, visits: &[Visit], path: &Path) -> Result<Exported> {
        let name = path.file_name().with_context(|| format!("{} is no name for a file", path.display()))?;
        let write =
            |out: &mut dyn Write| archive::export(&self.root.join(relative()), visits, &name.to_string_lossy(), out);
        files::write_beside(path, write)
    }

    /// Removes the archived visits and bodies that `rules` let go at `today`. The last visit of each page stays whatever
    /// they say, and so does each version of a page that a snapshot was read from; damaged lines of the index stay, and
    /// while there are any, so does every body. A dry run only says what would go. An error where a snapshot is damaged.
    pub fn prune_archive(&self, rules: Retention, today: Date, dry_run: bool) -> Result<Pruned> {
        let snapshotted = self.snapshotted()?;
        let scratch = if dry_run {
            None
        } else {
            self.check_writable()?;
            Some(self.make_scratch()?)
        };
        self.with_archive(|archive| archive.prune(scratch.as_deref(), rules, today, &snapshotted))
    }

    /// The bodies that snapshots were read from.
    fn snapshotted(&self) -> Result<Snapshotted> {
        let mut all = Snapshotted::new();
        for id in self.sources()? {
            for at in self.snapshots(&id)? {
                all.extend(at.digests()?.into_iter().map(|digest| (id.clone(), digest)));
            }
        }
        Ok(all)
    }

    fn with_archive<T>(&self, act: impl FnOnce(&mut Archive<'_>) -> Result<T>) -> Result<T> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        act(&mut Archive::new(&self.root.join(relative()), &mut index)?)
    }
}

/// Where the archive lies below the root.
fn relative() -> PathBuf {
    Path::new(WORK).join("archive")
}
