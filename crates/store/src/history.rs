//! The snapshots of every source as they will be once a run is published: those on disk, those taken out, those added.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use docdrift_model::{Config, Publish, Snapshot, SourceId, are_same_pages};

use crate::{
    journal::Change,
    publish,
    snapshots::{self, SnapshotRef},
};

/// A snapshot as it will be.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Where it is, or will be.
    pub at: SnapshotRef,
    /// The text of its file, where that is to be written.
    unwritten: Option<String>,
}

impl Placed {
    /// Reads it. An error where the file is damaged or that of another source.
    pub fn read(&self) -> Result<Snapshot> {
        match &self.unwritten {
            Some(text) => snapshots::parse_snapshot(&self.at.path.display().to_string(), text),
            None => self.at.read(),
        }
    }
}

/// The snapshots of one source as they will be, the oldest first.
#[derive(Clone, Debug)]
pub struct History {
    root: PathBuf,
    publish: Publish,
    placed: Vec<Placed>,
    newest: Option<Snapshot>,
}

impl History {
    /// The snapshots below `root` from before `until`, all of them where that is `None`.
    fn of(root: &Path, id: &SourceId, publish: &Publish, until: Option<&str>) -> Result<Self> {
        let mut refs = snapshots::list(root, id)?;
        refs.retain(|at| until.is_none_or(|until| at.date.as_str() < until));
        let last = refs.last().map(SnapshotRef::read).transpose()?;
        let settled = last.clone().map(|last| snapshots::settled(last, publish));
        let placed = refs.into_iter().map(|at| Placed { at, unwritten: None }).collect();
        let mut history = Self { root: root.into(), publish: publish.clone(), placed, newest: last };
        match settled {
            // No text outlives the permission to publish it.
            Some(settled) if history.newest.as_ref() != Some(&settled) => history.put(None, settled)?,
            _ => {}
        }
        Ok(history)
    }

    /// The snapshots, the oldest first.
    pub fn placed(&self) -> &[Placed] {
        &self.placed
    }

    /// The last of them, in its publishable form.
    pub fn newest(&self) -> Option<&Snapshot> {
        self.newest.as_ref()
    }

    /// Adds a snapshot. One that tells nothing new beside dates is left out; one that tells the same of the same pages
    /// as another reader's takes the place of the last. The date of any other is never before the last one's.
    fn add(&mut self, snapshot: Snapshot) -> Result<()> {
        let dates = snapshot.entries.iter().try_for_each(snapshots::check_dates);
        dates.with_context(|| format!("the new snapshot of {}", snapshot.source))?;
        let mut new = snapshots::settled(snapshot, &self.publish);
        let place = match self.newest.as_ref().map(|old| beside(old, &new)) {
            Some(Beside::Same) => return Ok(()),
            Some(Beside::Restated) => {
                let old = self.newest.take();
                new = restated(old, new);
                self.placed.pop().map(|placed| placed.at)
            }
            Some(Beside::New) | None => None,
        };
        self.put(place, new)
    }

    /// Puts a snapshot at that place, or behind the last.
    fn put(&mut self, place: Option<SnapshotRef>, mut new: Snapshot) -> Result<()> {
        let at = match place {
            Some(at) => at,
            None => snapshots::next(&self.root, &mut new, self.placed.last().map(|last| &last.at))?,
        };
        self.placed.push(Placed { at, unwritten: Some(snapshots::render(&new, &self.publish)?) });
        self.newest = Some(new);
        Ok(())
    }

    /// Adds what is to be written, and what is on disk and in the history no more.
    pub(crate) fn plan(&self, id: &SourceId, change: &mut Change) -> Result<()> {
        let kept: BTreeSet<&Path> = self.placed.iter().map(|placed| placed.at.path.as_path()).collect();
        let on_disk = snapshots::list(&self.root, id)?;
        change.removes.extend(on_disk.into_iter().map(|at| at.path).filter(|path| !kept.contains(path.as_path())));
        for Placed { at, unwritten } in &self.placed {
            change.writes.extend(unwritten.as_ref().map(|text| (at.path.clone(), text.clone().into_bytes())));
        }
        Ok(())
    }
}

/// What a settled snapshot is beside the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// It tells nothing new.
    Same,
    /// The same entries from the same pages; only what is noted about pages and reader is another.
    Restated,
    New,
}

fn beside(old: &Snapshot, new: &Snapshot) -> Beside {
    let says_the_same = || old.entries.iter().zip(&new.entries).all(|(old, new)| old.says_the_same(new));
    if old.entries.len() != new.entries.len() || !are_same_pages(&old.pages, &new.pages) || !says_the_same() {
        Beside::New
    } else if (old.reader, &old.pages, &old.accepted) == (new.reader, &new.pages, &new.accepted) {
        Beside::Same
    } else {
        Beside::Restated
    }
}

/// The new words about pages and reader with the dates of `old`.
fn restated(old: Option<Snapshot>, new: Snapshot) -> Snapshot {
    let Some(old) = old else { return new };
    Snapshot { date: old.date, entries: old.entries, ..new }
}

/// The histories of all sources of a `sources.toml`.
#[derive(Debug)]
pub struct Histories(BTreeMap<SourceId, Result<History>>);

impl Histories {
    /// Those on disk. Of a source whose last snapshot is damaged or gone, only that is known.
    pub(crate) fn on_disk(root: &Path, config: &Config) -> Self {
        let of = |id: &SourceId| {
            publish::check_history(root, id)?;
            History::of(root, id, &config.publish, None)
        };
        Self(config.sources.iter().map(|source| (source.id.clone(), of(&source.id))).collect())
    }

    /// The history of a source. An error where its last snapshot is damaged or gone, or where it is no source.
    pub fn of(&self, id: &SourceId) -> Result<&History> {
        match self.0.get(id).with_context(|| format!("{id} is no source of sources.toml"))? {
            Ok(history) => Ok(history),
            Err(error) => Err(anyhow::anyhow!("{error:#}")),
        }
    }

    /// Whether the history of every source is known.
    pub fn are_whole(&self) -> bool {
        self.0.values().all(Result::is_ok)
    }

    /// Adds a snapshot to the history of its source. One that tells nothing new beside dates is left out; one that
    /// tells the same of the same pages, only by another reader, takes the place of the last; the date of any other is
    /// never before that of the last one.
    pub fn add(&mut self, snapshot: Snapshot) -> Result<()> {
        let id = snapshot.source.clone();
        self.of(&id)?;
        match self.0.get_mut(&id) {
            Some(Ok(history)) => history.add(snapshot),
            _ => Ok(()),
        }
    }

    /// Puts these snapshots, the oldest first, in the place of those that a source has from that date on, `YYYY-MM-DD`.
    /// After an error its history is as it was.
    pub fn replace(&mut self, id: &SourceId, from: &str, snapshots: Vec<Snapshot>) -> Result<()> {
        let old = self.of(id)?;
        let mut new = History::of(&old.root, id, &old.publish, Some(from))?;
        snapshots.into_iter().try_for_each(|snapshot| new.add(snapshot))?;
        self.0.insert(id.clone(), Ok(new));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use docdrift_model::{Bilingual, PageFacts, Snapshot};

    use super::{Beside, Histories, beside};
    use crate::{
        samples::{config, snapshot},
        store::Store,
    };

    fn en(snapshot: &mut Snapshot) -> &mut PageFacts {
        snapshot.pages.en.as_mut().unwrap()
    }

    #[test]
    fn what_is_new_and_what_is_only_said_otherwise() {
        type Edit = fn(&mut Snapshot);
        let old = snapshot("acme/vault", "2024-05-06", 2);
        let edits: [(Edit, Beside); 9] = [
            (|new| new.date = "2024-05-07".into(), Beside::Same),
            (|new| new.entries[0].first_seen = "2024-05-06".into(), Beside::Same),
            (|new| new.entries[1].last_changed = "2024-05-07".into(), Beside::Same),
            (|new| new.entries[1].code = "another".into(), Beside::New),
            (|new| new.entries.truncate(1), Beside::New),
            (|new| new.reader += 1, Beside::Restated),
            (|new| en(new).bytes = Some(7), Beside::Restated),
            (|new| en(new).digest = docdrift_model::text::digest(b"another"), Beside::New),
            (|new| new.pages = Bilingual::default(), Beside::New),
        ];
        for (number, (edit, expected)) in edits.into_iter().enumerate() {
            let mut new = old.clone();
            edit(&mut new);
            assert_eq!((beside(&old, &new), beside(&new, &old)), (expected, expected), "{number}");
        }
    }

    /// The paths below the root of the snapshots, the new ones marked.
    fn told(histories: &Histories) -> Vec<String> {
        let history = histories.of(&"acme/vault".parse().unwrap()).unwrap();
        let mark = |new: bool| if new { "+" } else { "" };
        let told = |placed: &super::Placed| format!("{}{}", mark(placed.unwritten.is_some()), placed.at.path.display());
        history.placed().iter().map(told).collect()
    }

    #[test]
    fn a_history_grows_is_restated_and_cut() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let config = config(&["acme/vault"]);
        let mut histories = store.histories(&config).unwrap();
        for (date, entries) in [("2024-05-06", 2), ("2024-05-06", 3), ("2024-05-08", 3), ("2024-05-09", 4)] {
            histories.add(snapshot("acme/vault", date, entries)).unwrap();
        }
        let names =
            ["2024-05-06.jsonl", "2024-05-06.2.jsonl", "2024-05-09.jsonl"].map(|n| format!("snapshots/acme/vault/{n}"));
        assert_eq!(told(&histories), names.clone().map(|name| format!("+{name}")));
        store.publish(&histories, &config, &std::collections::BTreeMap::new()).unwrap();

        // The same entries of the same pages, read by the next reader: the file says so, no new one is made.
        let id = "acme/vault".parse().unwrap();
        let last = store.last_snapshot(&id).unwrap().unwrap();
        let mut histories = store.histories(&config).unwrap();
        assert_eq!(told(&histories), names);
        histories.add(Snapshot { reader: last.reader + 1, date: "2024-06-01".into(), ..last.clone() }).unwrap();
        assert_eq!(told(&histories), [names[0].clone(), names[1].clone(), format!("+{}", names[2])]);
        let done = store.publish(&histories, &config, &std::collections::BTreeMap::new()).unwrap();
        assert_eq!(done.written, [std::path::Path::new(&names[2])], "and the dataset is as it was");
        assert_eq!(store.last_snapshot(&id).unwrap(), Some(Snapshot { reader: last.reader + 1, ..last }));

        // Rebuilt from a day on: what is not there any more goes, in the same change.
        let mut histories = store.histories(&config).unwrap();
        let good = snapshot("acme/vault", "2024-05-08", 5);
        let bad = Snapshot { date: "2O24-05-08".into(), ..snapshot("acme/vault", "2024-05-08", 6) };
        assert!(histories.replace(&id, "2024-05-07", vec![good.clone(), bad]).is_err());
        assert_eq!(told(&histories), names, "as it was");
        histories.replace(&id, "2024-05-07", vec![good]).unwrap();
        assert_eq!(told(&histories)[..2], names[..2]);
        let done = store.publish(&histories, &config, &std::collections::BTreeMap::new()).unwrap();
        assert_eq!(done.removed, [std::path::Path::new(&names[2])]);
        assert_eq!(store.last_snapshot(&id).unwrap().unwrap().entries.len(), 5);
        let stranger = histories.add(snapshot("acme/other", "2024-05-08", 5)).unwrap_err().to_string();
        assert!(stranger.contains("acme/other is no source"), "{stranger}");
    }
}
