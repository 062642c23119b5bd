//! The objects and the index of an archive folder.
//!
//! Each body is stored once, as an object (`objects`). The index has one line per visit: what each source's page was when
//! (`index`). Runs only add to both; `prune` is the only code that removes.

use std::path::Path;

use docdrift_files::{Result, StorageError, StorageErrorKind};
use docdrift_model::{Lang, Page, SourceId};

use crate::{
    index::{Index, Visit, Visits},
    objects,
};

/// What a visit of a page found.
#[derive(Clone, Copy, Debug)]
pub enum VisitOutcome<'a> {
    /// The page as received.
    Page(&'a Page),
    /// The server said at this time (RFC 3339 in UTC) that the page archived last is unchanged.
    Unchanged(&'a str),
}

/// An archive folder with its index as it is on disk.
pub(crate) struct Contents<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) index: &'a mut Index,
}

impl<'a> Contents<'a> {
    /// Opens the archive `folder`. `index` is read again if its file changed.
    pub(crate) fn open(folder: &'a Path, index: &'a mut Index) -> Result<Self> {
        index.refresh(folder)?;
        Ok(Self { folder, index })
    }

    pub(crate) fn visits(&self) -> &Visits {
        self.index.visits()
    }

    /// Adds the outcomes of visits, up to the first that cannot be added. `scratch` is a private folder of the same file
    /// system. An object is on the disk before the line that names it.
    pub(crate) fn add(&mut self, scratch: &Path, outcomes: &[(&SourceId, Lang, VisitOutcome<'_>)]) -> Result<()> {
        let mut visits = Vec::new();
        let mut end = Ok(());
        for (id, lang, outcome) in outcomes {
            match self.store_visit(scratch, id, *lang, outcome) {
                Ok(visit) => visits.push(visit),
                Err(error) => {
                    end = Err(error.context(format!("the {lang} page of {id} cannot be archived")));
                    break;
                }
            }
        }
        self.index.append(visits)?;
        end
    }

    fn store_visit(&self, scratch: &Path, id: &SourceId, lang: Lang, outcome: &VisitOutcome<'_>) -> Result<Visit> {
        match outcome {
            VisitOutcome::Page(page) => {
                let visit = Visit::new(id, lang, page);
                objects::store(self.folder, scratch, &visit.digest, page)?;
                Ok(visit)
            }
            VisitOutcome::Unchanged(at) => {
                let last = self.index.last_visit(id, lang)?.ok_or_else(|| {
                    StorageError::new(StorageErrorKind::Missing, "no page is archived that could be unchanged")
                })?;
                Ok(last.repeated_at(at))
            }
        }
    }

    /// Returns whether there is a file for the body of a visit.
    pub(crate) fn contains_body(&self, visit: &Visit) -> bool {
        objects::exists(self.folder, &visit.digest)
    }

    /// Returns the last visit of a page.
    pub(crate) fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<Visit>> {
        Ok(self.index.last_visit(id, lang)?.cloned())
    }

    /// Reads the latest page of a source and language. An error when its file does not match its digest.
    pub(crate) fn latest_page(&self, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
        self.index.last_visit(id, lang)?.map(|visit| objects::read_page(self.folder, visit)).transpose()
    }

    /// Returns the visits of a page, the oldest first.
    pub(crate) fn page_visits(&self, id: &SourceId, lang: Lang) -> Vec<Visit> {
        self.index.page_visits(id, lang).map(|(_, visit)| visit.clone()).collect()
    }

    /// Reads the page of the last visit that found this body. `None` when there is no such visit or no object.
    pub(crate) fn page_version(&self, id: &SourceId, lang: Lang, digest: &str) -> Result<Option<Page>> {
        let found = self.index.page_visits(id, lang).rfind(|(_, visit)| visit.digest == digest);
        found.map_or(Ok(None), |(_, visit)| objects::read_page_optional(self.folder, visit))
    }
}
