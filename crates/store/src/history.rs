//! The snapshots of every source as they are after publishing: those on disk, without the replaced ones, and the new ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use docdrift_files::{Result, StorageError, StorageErrorKind, is_file};
use docdrift_model::{Publish, Snapshot, SourceId, config::Config, snapshot::are_same_pages};
use jiff::civil::Date;

use crate::{
    dataset,
    journal::Change,
    snapshots::{self, SnapshotRef},
};

/// Checks that a source with published entries has snapshots. Without them, new entries could not be compared with
/// anything.
pub(crate) fn check_history(root: &Path, id: &SourceId) -> Result<()> {
    let file = root.join(dataset::FOLDER).join(dataset::source_path(id));
    if !is_file(&file)? || !snapshots::list(root, id)?.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{} is published, but {}: restore that folder from git, or remove the file to start again",
        file.display(),
        no_snapshot(id)
    );
    Err(StorageError::new(StorageErrorKind::Missing, message).at(&root.join(snapshots::folder(id))))
}

/// Says that the folder of a source has no snapshot.
pub(crate) fn no_snapshot(id: &SourceId) -> String {
    format!("{} has no snapshot", snapshots::folder(id).display())
}

/// The place of a snapshot in a history. The snapshot is on disk, or waits to be written.
#[derive(Clone, Debug)]
pub struct SnapshotSlot {
    /// Where the snapshot is, or will be.
    pub at: SnapshotRef,
    /// The text of the file when it is to be written.
    unwritten: Option<String>,
}

impl SnapshotSlot {
    /// Reads the snapshot. An error when the file is damaged or belongs to another source.
    pub fn read(&self) -> Result<Snapshot> {
        match &self.unwritten {
            Some(text) => snapshots::parse_snapshot(&self.at.path.display().to_string(), text),
            None => self.at.read(),
        }
    }

    #[cfg(test)]
    pub(crate) fn is_unwritten(&self) -> bool {
        self.unwritten.is_some()
    }
}

/// The snapshots of one source as they are after publishing, the oldest first.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
    publish: Publish,
    slots: Vec<SnapshotSlot>,
    newest: Option<Snapshot>,
}

impl History {
    /// Reads the snapshots of a source below `root`: all of them, or those before a date.
    fn read(root: &Path, id: &SourceId, publish: &Publish, before: Option<Date>) -> Result<Self> {
        let mut refs = snapshots::list(root, id)?;
        refs.retain(|at| before.is_none_or(|before| at.date < before));
        let last = refs.last().map(SnapshotRef::read).transpose()?;
        let normalized = last.clone().map(|last| snapshots::normalized(last, publish));
        let slots = refs.into_iter().map(|at| SnapshotSlot { at, unwritten: None }).collect();
        let mut history = Self { root: root.into(), publish: publish.clone(), slots, newest: last };
        match normalized {
            // A text that may no longer be published does not stay in the newest snapshot.
            Some(normalized) if history.newest.as_ref() != Some(&normalized) => history.put(None, normalized)?,
            _ => {}
        }
        Ok(history)
    }

    /// Returns the slots of the snapshots, the oldest first.
    pub fn slots(&self) -> &[SnapshotSlot] {
        &self.slots
    }

    /// Returns the newest snapshot in its publishable form.
    pub fn newest(&self) -> Option<&Snapshot> {
        self.newest.as_ref()
    }

    fn add(&mut self, snapshot: Snapshot) -> Result<()> {
        let mut new = snapshots::normalized(snapshot, &self.publish);
        let place = match self.newest.as_ref().map(|old| compare(old, &new)) {
            Some(SnapshotDelta::Same) => return Ok(()),
            Some(SnapshotDelta::FactsOnly) => {
                let old = self.newest.take();
                new = with_old_dates(old, new);
                self.slots.pop().map(|slot| slot.at)
            }
            Some(SnapshotDelta::New) | None => None,
        };
        self.put(place, new)
    }

    /// Puts a snapshot at that place, or behind the last.
    fn put(&mut self, place: Option<SnapshotRef>, mut new: Snapshot) -> Result<()> {
        let at = match place {
            Some(at) => at,
            None => snapshots::next(&self.root, &mut new, self.slots.last().map(|last| &last.at))?,
        };
        self.slots.push(SnapshotSlot { at, unwritten: Some(snapshots::render(&new, &self.publish)?) });
        self.newest = Some(new);
        Ok(())
    }

    /// Adds to `change` the snapshots to write, and those on disk that the history no longer has.
    pub(crate) fn plan(&self, id: &SourceId, change: &mut Change) -> Result<()> {
        let kept: BTreeSet<&Path> = self.slots.iter().map(|slot| slot.at.path.as_path()).collect();
        let on_disk = snapshots::list(&self.root, id)?;
        change.removes.extend(on_disk.into_iter().map(|at| at.path).filter(|path| !kept.contains(path.as_path())));
        for SnapshotSlot { at, unwritten } in &self.slots {
            change.writes.extend(unwritten.as_ref().map(|text| (at.path.clone(), text.clone().into_bytes())));
        }
        Ok(())
    }
}

/// How a normalized snapshot differs from the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SnapshotDelta {
    /// Only dates differ.
    Same,
    /// Entries and pages are the same; only the recorded facts about pages, reader or acceptance differ.
    FactsOnly,
    New,
}

fn compare(old: &Snapshot, new: &Snapshot) -> SnapshotDelta {
    let has_same_entries = || old.entries.iter().zip(&new.entries).all(|(old, new)| old.says_the_same(new));
    if old.entries.len() != new.entries.len() || !are_same_pages(&old.pages, &new.pages) || !has_same_entries() {
        SnapshotDelta::New
    } else if (old.reader, &old.pages, &old.accepted) == (new.reader, &new.pages, &new.accepted) {
        SnapshotDelta::Same
    } else {
        SnapshotDelta::FactsOnly
    }
}

/// Returns the new snapshot with the dates of the old one.
fn with_old_dates(old: Option<Snapshot>, new: Snapshot) -> Snapshot {
    let Some(old) = old else { return new };
    Snapshot { date: old.date, entries: old.entries, ..new }
}

/// The histories of all sources of a `sources.toml`.
#[derive(Debug)]
pub struct Histories(BTreeMap<SourceId, Result<History>>);

impl Histories {
    /// Reads the histories below `root`. A source whose last snapshot is damaged or missing keeps that error.
    pub(crate) fn read(root: &Path, config: &Config) -> Self {
        let read = |id: &SourceId| {
            check_history(root, id)?;
            History::read(root, id, &config.publish, None)
        };
        Self(config.sources.iter().map(|source| (source.id.clone(), read(&source.id))).collect())
    }

    /// Returns the history of a source. An error when its last snapshot is damaged or missing, or when the source is
    /// unknown.
    pub fn get(&self, id: &SourceId) -> Result<&History> {
        match self.0.get(id) {
            Some(history) => history.as_ref().map_err(Clone::clone),
            None => Err(StorageError::invalid(format!("{id} is no source of sources.toml"))),
        }
    }

    /// Returns whether the history of every source could be read.
    pub fn are_complete(&self) -> bool {
        self.0.values().all(Result::is_ok)
    }

    /// Adds a snapshot to the history of its source.
    ///
    /// A snapshot that differs only in dates is left out. One with the same entries from the same pages, which only
    /// another reader read, replaces the last. The date of any other snapshot is never before that of the last one.
    pub fn add(&mut self, snapshot: Snapshot) -> Result<()> {
        let id = snapshot.source.clone();
        self.get(&id)?;
        match self.0.get_mut(&id) {
            Some(Ok(history)) => history.add(snapshot),
            _ => Ok(()),
        }
    }

    /// Replaces the snapshots of a source from a date on by these, the oldest first. After an error the
    /// history is unchanged.
    pub fn replace(&mut self, id: &SourceId, from: Date, snapshots: Vec<Snapshot>) -> Result<()> {
        let old = self.get(id)?;
        let mut new = History::read(&old.root, id, &old.publish, Some(from))?;
        snapshots.into_iter().try_for_each(|snapshot| new.add(snapshot))?;
        self.0.insert(id.clone(), Ok(new));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Bilingual, PageFacts, Snapshot};
    use jiff::civil::date;

    use super::{SnapshotDelta, compare};
    use crate::samples::snapshot;

    fn en(snapshot: &mut Snapshot) -> &mut PageFacts {
        snapshot.pages.en.as_mut().unwrap()
    }

    #[test]
    fn new_entries_and_new_facts_are_told_apart() {
        type Edit = fn(&mut Snapshot);
        let old = snapshot("acme/vault", "2024-05-06", 2);
        let edits: [(Edit, SnapshotDelta); 9] = [
            (|new| new.date = date(2024, 5, 7), SnapshotDelta::Same),
            (|new| new.entries[0].first_seen = Some(date(2024, 5, 6)), SnapshotDelta::Same),
            (|new| new.entries[1].last_changed = Some(date(2024, 5, 7)), SnapshotDelta::Same),
            (|new| new.entries[1].code = "another".into(), SnapshotDelta::New),
            (|new| new.entries.truncate(1), SnapshotDelta::New),
            (|new| new.reader += 1, SnapshotDelta::FactsOnly),
            (|new| en(new).bytes = Some(7), SnapshotDelta::FactsOnly),
            (|new| en(new).digest = docdrift_model::text::digest(b"another"), SnapshotDelta::New),
            (|new| new.pages = Bilingual::default(), SnapshotDelta::New),
        ];
        for (number, (edit, expected)) in edits.into_iter().enumerate() {
            let mut new = old.clone();
            edit(&mut new);
            assert_eq!((compare(&old, &new), compare(&new, &old)), (expected, expected), "{number}");
        }
    }
}
