//! Every page as it was received: each body once, as an object (`archive/objects`), and an index that tells by one line
//! a visit what each source's page was when (`archive/index`). Runs only add to it; `prune` is what
//! removes (`archive/prune`).

mod check;
mod export;
mod index;
mod objects;
mod prune;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context as _, Result};
use docdrift_model::{Lang, Page, SourceId};

pub use check::{ArchiveProblem, ArchiveProblemKind, ArchiveState};
pub use export::Exported;
pub(crate) use export::export;
pub(crate) use index::Index;
pub use index::{DamagedLine, Visit, Visits};
pub use prune::Pruned;
pub(crate) use prune::Snapshotted;

/// What a run has of a page.
#[derive(Clone, Copy, Debug)]
pub enum Arrival<'a> {
    /// The page as received.
    Page(&'a Page),
    /// The server's word, at this time (RFC 3339 in UTC), that the page archived last is unchanged.
    Unchanged(&'a str),
}

/// The archive in a folder, with what is known of its index.
pub(crate) struct Archive<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) index: &'a mut Index,
}

impl<'a> Archive<'a> {
    /// The archive as it is on the disk.
    pub(crate) fn new(folder: &'a Path, index: &'a mut Index) -> Result<Self> {
        index.refresh(folder)?;
        Ok(Self { folder, index })
    }

    pub(crate) fn visits(&self) -> &Visits {
        self.index.all()
    }

    /// Keeps what arrived, up to the first that cannot be kept; `scratch` is a private folder of the same file system.
    /// An object is on the disk before the line that names it.
    pub(crate) fn keep(&mut self, scratch: &Path, arrivals: &[(&SourceId, Lang, Arrival<'_>)]) -> Result<()> {
        let mut visits = Vec::new();
        let mut end = Ok(());
        for (id, lang, arrival) in arrivals {
            match self.visit(scratch, id, *lang, arrival) {
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

    fn visit(&self, scratch: &Path, id: &SourceId, lang: Lang, arrival: &Arrival<'_>) -> Result<Visit> {
        match arrival {
            Arrival::Page(page) => {
                let visit = Visit::of(id, lang, page);
                objects::keep(self.folder, scratch, &visit.digest, page)?;
                Ok(visit)
            }
            Arrival::Unchanged(at) => {
                let last = self.index.latest(id, lang)?;
                Ok(last.context("none is there that could be unchanged")?.again(at))
            }
        }
    }

    /// Whether the body of a visit is there, unread.
    pub(crate) fn holds(&self, visit: &Visit) -> bool {
        objects::is_there(self.folder, &visit.digest)
    }

    /// The last time that the page of that source and language was received or said to be unchanged.
    pub(crate) fn last_visit(&self, id: &SourceId, lang: Lang) -> Result<Option<Visit>> {
        Ok(self.index.latest(id, lang)?.cloned())
    }

    /// The latest page of that source and language. An error where the archive is damaged: what is not what its digest
    /// says is never trusted.
    pub(crate) fn latest_page(&self, id: &SourceId, lang: Lang) -> Result<Option<Page>> {
        self.index.latest(id, lang)?.map(|visit| objects::needed_page(self.folder, visit)).transpose()
    }

    /// The visits of a page, the oldest first.
    pub(crate) fn visits_of(&self, id: &SourceId, lang: Lang) -> Vec<Visit> {
        self.index.of_page(id, lang).map(|(_, visit)| visit.clone()).collect()
    }

    /// The page of the last visit that found this body; `None` where there is none, or its object is not there.
    pub(crate) fn version(&self, id: &SourceId, lang: Lang, digest: &str) -> Result<Option<Page>> {
        let found = self.index.of_page(id, lang).rfind(|(_, visit)| visit.digest == digest);
        found.map_or(Ok(None), |(_, visit)| objects::page(self.folder, visit))
    }
}

/// The page of a visit.
pub(crate) fn page_at(folder: &Path, visit: &Visit) -> Result<Page> {
    objects::needed_page(folder, visit)
}
