//! The snapshots of a source: `snapshots/<vendor>/<service>/<date>.jsonl`, a second change of the same day
//! `<date>.2.jsonl`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use docdrift_model::{Bilingual, PageFacts, Snapshot, SourceId, are_same_pages, text::digest};

use super::{Unread, is_date, read_snapshot};
use crate::files;

/// A snapshot of a source, not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotRef {
    /// Which source.
    pub source: SourceId,
    /// The day it was taken, `YYYY-MM-DD`.
    pub date: String,
    /// Which change of that day, from one.
    pub number: u32,
    /// Its file, as a path below the root.
    pub path: PathBuf,
    root: PathBuf,
}

/// What the header of a snapshot tells of how it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The version of the reader that read it.
    pub reader: u32,
    /// The pages it was read from.
    pub pages: Bilingual<Option<PageFacts>>,
}

impl Head {
    /// Whether it is of the same pages as the snapshot before, only read or paired otherwise: then the vendor changed
    /// nothing.
    pub fn is_reread_of(&self, before: &Self) -> bool {
        self.pages.iter().any(|(_, page)| page.is_some()) && are_same_pages(&self.pages, &before.pages)
    }
}

impl From<&Snapshot> for Head {
    fn from(snapshot: &Snapshot) -> Self {
        Self { reader: snapshot.reader, pages: snapshot.pages.clone() }
    }
}

impl SnapshotRef {
    pub(super) fn new(root: &Path, source: &SourceId, date: &str, number: u32) -> Self {
        let name = if number == 1 { format!("{date}.jsonl") } else { format!("{date}.{number}.jsonl") };
        let path = folder(source).join(name);
        Self { source: source.clone(), date: date.into(), number, path, root: root.into() }
    }

    /// Reads it. An error where the file is damaged or that of another source.
    pub fn read(&self) -> Result<Snapshot> {
        let snapshot = read_snapshot(&self.file())?;
        self.check_source(&snapshot.source)?;
        Ok(snapshot)
    }

    /// What its header tells.
    pub fn head(&self) -> Result<Head> {
        let (path, text) = (self.file(), files::read_text(&self.file())?);
        let head = Unread::new(&path.display().to_string(), &text)?.head();
        self.check_source(&head.source)?;
        Ok(Head::from(&head))
    }

    /// `sha256:…` of its file.
    pub fn digest(&self) -> Result<String> {
        Ok(digest(files::read_text(&self.file())?.as_bytes()))
    }

    /// The digests of the pages that it was read from. No entry is read.
    pub(crate) fn digests(&self) -> Result<Vec<String>> {
        let pages = self.head()?.pages;
        Ok([pages.zh, pages.en].into_iter().flatten().map(|page| page.digest).collect())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    pub(crate) fn check_source(&self, found: &SourceId) -> Result<()> {
        ensure!(*found == self.source, "{} holds a snapshot of {found}, not of {}", self.file().display(), self.source);
        Ok(())
    }
}

/// Date and number, from one, of a snapshot file's name; `None` for other files.
pub(super) fn file_key(name: &str) -> Option<(&str, u32)> {
    let stem = name.strip_suffix(".jsonl")?;
    let (date, number) = match stem.split_once('.') {
        None => (stem, 1),
        Some((date, number)) => (date, number.parse().ok().filter(|n: &u32| *n > 1 && n.to_string() == number)?),
    };
    is_date(date).then_some((date, number))
}

/// The folder of all snapshots below the root.
pub(crate) const FOLDER: &str = "snapshots";

/// Where the snapshots of a source lie below the root.
pub(crate) fn folder(id: &SourceId) -> PathBuf {
    Path::new(FOLDER).join(&id.vendor).join(&id.service)
}

/// The snapshots of a source, the oldest first.
pub(crate) fn list(root: &Path, id: &SourceId) -> Result<Vec<SnapshotRef>> {
    let names = files::list(&root.join(folder(id)))?;
    let mut keys: Vec<_> = names.iter().filter_map(|name| file_key(name)).collect();
    keys.sort_unstable();
    Ok(keys.into_iter().map(|(date, number)| SnapshotRef::new(root, id, date, number)).collect())
}

/// The sources that have a folder of snapshots, sorted, whether they are watched or not.
pub(crate) fn sources(root: &Path) -> Result<Vec<SourceId>> {
    let top = root.join(FOLDER);
    let mut found = Vec::new();
    for vendor in files::list(&top)?.into_iter().filter(|name| top.join(name).is_dir()) {
        let services = files::list(&top.join(&vendor))?;
        let folders = services.iter().filter(|service| top.join(&vendor).join(service).is_dir());
        found.extend(folders.filter_map(|service| format!("{vendor}/{service}").parse::<SourceId>().ok()));
    }
    found.sort();
    Ok(found)
}

/// The last snapshot of a source and where it is.
pub(crate) fn last(root: &Path, id: &SourceId) -> Result<Option<(SnapshotRef, Snapshot)>> {
    let Some(last) = list(root, id)?.pop() else { return Ok(None) };
    let snapshot = last.read()?;
    Ok(Some((last, snapshot)))
}

/// The place of a snapshot taken after `last`. Its date is never before that of the last one: a clock that went wrong
/// must not put it into the past.
pub(crate) fn next(root: &Path, snapshot: &mut Snapshot, last: Option<&SnapshotRef>) -> Result<SnapshotRef> {
    let (source, date) = (&snapshot.source, &snapshot.date);
    ensure!(is_date(date), "`{}` is no date YYYY-MM-DD for a snapshot of {source}", date.escape_debug());
    let number = match last {
        Some(last) if last.date >= *date => {
            snapshot.date.clone_from(&last.date);
            last.number.checked_add(1).with_context(|| format!("{} is the last of its day", last.path.display()))?
        }
        _ => 1,
    };
    Ok(SnapshotRef::new(root, &snapshot.source, &snapshot.date, number))
}
