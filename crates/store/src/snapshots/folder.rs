//! The snapshots of a source: `snapshots/<vendor>/<service>/<date>.jsonl`. A second snapshot of the same day is
//! `<date>.2.jsonl`.

use std::path::{Path, PathBuf};

use docdrift_files::{Result, StorageError, list_folder, read_text};
use docdrift_model::{Bilingual, PageFacts, Snapshot, SourceId, date, snapshot::are_same_pages, text::digest};
use jiff::civil::Date;

use super::{SnapshotFile, read_snapshot};

/// A reference to a snapshot file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotRef {
    /// The source.
    pub source: SourceId,
    /// The day it was taken.
    pub date: Date,
    /// The number of the snapshot on that day, from one.
    pub number: u32,
    /// Its file, as a path below the root.
    pub path: PathBuf,
    root: PathBuf,
}

/// The part of a snapshot's header that says how it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// The version of the reader.
    pub reader: u32,
    /// The pages that the snapshot was read from.
    pub pages: Bilingual<Option<PageFacts>>,
}

impl SnapshotHeader {
    /// Returns whether the snapshot is of the same pages as the one before. Then the vendor changed nothing; only reading
    /// or pairing differ.
    pub fn is_reread_of(&self, before: &Self) -> bool {
        self.pages.iter().any(|(_, page)| page.is_some()) && are_same_pages(&self.pages, &before.pages)
    }
}

impl From<&Snapshot> for SnapshotHeader {
    fn from(snapshot: &Snapshot) -> Self {
        Self { reader: snapshot.reader, pages: snapshot.pages.clone() }
    }
}

impl SnapshotRef {
    pub(super) fn new(root: &Path, source: &SourceId, date: Date, number: u32) -> Self {
        let name = if number == 1 { format!("{date}.jsonl") } else { format!("{date}.{number}.jsonl") };
        let path = folder(source).join(name);
        Self { source: source.clone(), date, number, path, root: root.into() }
    }

    /// Reads the snapshot. An error when the file is damaged or belongs to another source.
    pub fn read(&self) -> Result<Snapshot> {
        let snapshot = read_snapshot(&self.file())?;
        self.check_source(&snapshot.source)?;
        Ok(snapshot)
    }

    /// Reads the header.
    pub fn header(&self) -> Result<SnapshotHeader> {
        self.scan(|file| Ok(SnapshotHeader::from(&file.without_entries())))
    }

    /// Returns the digest of the file, `sha256:…`.
    pub fn digest(&self) -> Result<String> {
        Ok(digest(read_text(&self.file())?.as_bytes()))
    }

    /// Opens the file and lets `read` parse the lines it needs.
    pub(crate) fn scan<T>(&self, read: impl FnOnce(&SnapshotFile<'_>) -> Result<T>) -> Result<T> {
        let path = self.file();
        let (name, text) = (path.display().to_string(), read_text(&path)?);
        let file = SnapshotFile::parse(&name, &text)?;
        self.check_source(file.source())?;
        read(&file)
    }

    /// Returns the digests of the pages that the snapshot was read from. No entry is parsed.
    pub(crate) fn page_digests(&self) -> Result<Vec<String>> {
        let pages = self.header()?.pages;
        Ok([pages.zh, pages.en].into_iter().flatten().map(|page| page.digest).collect())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    fn check_source(&self, found: &SourceId) -> Result<()> {
        if *found == self.source {
            return Ok(());
        }
        let file = self.file();
        let message = format!("{} holds a snapshot of {found}, not of {}", file.display(), self.source);
        Err(StorageError::damaged(message).at(&file))
    }
}

/// Parses date and number, from one, of a snapshot file's name. `None` for other files.
pub(super) fn parse_file_name(name: &str) -> Option<(Date, u32)> {
    let stem = name.strip_suffix(".jsonl")?;
    let (day, number) = match stem.split_once('.') {
        None => (stem, 1),
        Some((day, number)) => (day, number.parse().ok().filter(|n: &u32| *n > 1 && n.to_string() == number)?),
    };
    Some((date::parse(day)?, number))
}

/// The folder of all snapshots below the root.
pub(crate) const FOLDER: &str = "snapshots";

/// Returns the folder of a source's snapshots below the root.
pub(crate) fn folder(id: &SourceId) -> PathBuf {
    Path::new(FOLDER).join(&id.vendor).join(&id.service)
}

/// Lists the snapshots of a source, the oldest first.
pub(crate) fn list(root: &Path, id: &SourceId) -> Result<Vec<SnapshotRef>> {
    let names = list_folder(&root.join(folder(id)))?;
    let mut keys: Vec<_> = names.iter().filter_map(|name| parse_file_name(name)).collect();
    keys.sort_unstable();
    Ok(keys.into_iter().map(|(date, number)| SnapshotRef::new(root, id, date, number)).collect())
}

/// Lists the sources that have a folder of snapshots, sorted, watched or not.
pub(crate) fn list_sources(root: &Path) -> Result<Vec<SourceId>> {
    let top = root.join(FOLDER);
    let mut found = Vec::new();
    for vendor in list_folder(&top)?.into_iter().filter(|name| top.join(name).is_dir()) {
        let services = list_folder(&top.join(&vendor))?;
        let folders = services.iter().filter(|service| top.join(&vendor).join(service).is_dir());
        found.extend(folders.filter_map(|service| format!("{vendor}/{service}").parse::<SourceId>().ok()));
    }
    found.sort();
    Ok(found)
}

/// Reads the last snapshot of a source.
pub(crate) fn read_last(root: &Path, id: &SourceId) -> Result<Option<Snapshot>> {
    list(root, id)?.last().map(SnapshotRef::read).transpose()
}

/// Returns the place of a snapshot taken after `last`. The date of the snapshot becomes that of `last` when it is before:
/// a wrong clock must not put a snapshot into the past.
pub(crate) fn next(root: &Path, snapshot: &mut Snapshot, last: Option<&SnapshotRef>) -> Result<SnapshotRef> {
    let number = match last {
        Some(last) if last.date >= snapshot.date => {
            snapshot.date = last.date;
            let is_last = || StorageError::invalid(format!("{} is the last of its day", last.path.display()));
            last.number.checked_add(1).ok_or_else(is_last)?
        }
        _ => 1,
    };
    Ok(SnapshotRef::new(root, &snapshot.source, snapshot.date, number))
}
