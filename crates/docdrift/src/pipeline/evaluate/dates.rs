//! The dates of entries: when each was first seen, and when it last changed.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Drift, Entry, Snapshot};
use docdrift_store::RemovedEntry;
use jiff::civil::Date;

/// Whether both lists hold the same entries, dates aside.
pub(super) fn say_the_same(a: &[Entry], b: &[Entry]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
}

/// Sets the dates of each entry of a state that follows `last`.
pub(super) fn set_dates(new: &mut Snapshot, last: Option<&Snapshot>, drift: &Drift, gone: &[RemovedEntry]) {
    let old = Dates::from_snapshot(last);
    let back: BTreeMap<&str, &Entry> = gone.iter().map(|gone| (gone.entry.id.as_str(), &gone.entry)).collect();
    let renamed = drift.renamed.iter().map(|rename| rename.to.id.as_str());
    let edited: BTreeSet<&str> = drift.changed.iter().map(|change| change.key.id.as_str()).chain(renamed).collect();
    let moved: BTreeSet<_> = drift.moved.iter().map(|moved| (&moved.status, &moved.code, &moved.to)).collect();
    for entry in &mut new.entries {
        let is_changed =
            edited.contains(entry.id.as_str()) || moved.contains(&(&entry.status, &entry.code, &entry.table));
        (entry.first_seen, entry.last_changed) = match old.get(&entry.id) {
            Some((first_seen, _)) if is_changed => (first_seen, Some(new.date)),
            Some(dates) => dates,
            None => {
                let first = back.get(entry.id.as_str()).and_then(|gone| gone.first_seen);
                (Some(first.map_or(new.date, |first| first.min(new.date))), Some(new.date))
            }
        };
    }
}

/// Copies the dates of the entries that `last` has: an entry that is only read differently did not change.
pub(super) fn keep_dates(new: &mut Snapshot, last: &Snapshot) {
    let old = Dates::from_snapshot(Some(last));
    for entry in &mut new.entries {
        if let Some(dates) = old.get(&entry.id) {
            (entry.first_seen, entry.last_changed) = dates;
        }
    }
}

/// The dates of a state's entries by their ids.
struct Dates<'a> {
    /// The date of the snapshot, which stands in for entries without dates.
    date: Option<Date>,
    entries: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Dates<'a> {
    fn from_snapshot(snapshot: Option<&'a Snapshot>) -> Self {
        let entries = snapshot.map_or(&[][..], |snapshot| &snapshot.entries);
        Self {
            date: snapshot.map(|snapshot| snapshot.date),
            entries: entries.iter().map(|entry| (entry.id.as_str(), entry)).collect(),
        }
    }

    fn get(&self, id: &str) -> Option<(Option<Date>, Option<Date>)> {
        let entry = self.entries.get(id)?;
        Some((entry.first_seen.or(self.date), entry.last_changed.or(self.date)))
    }
}
