//! Since when each error is there, and since when it reads as it does.

use std::collections::{BTreeMap, BTreeSet};

use docdrift_model::{Drift, Entry, Snapshot};
use docdrift_store::Gone;

/// Whether entries say the same, whatever their dates.
pub(super) fn is_same(a: &[Entry], b: &[Entry]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
}

/// Dates each entry of a state that came after `last`, as `drift` tells.
pub(super) fn date(new: &mut Snapshot, last: Option<&Snapshot>, drift: &Drift, gone: &[Gone]) {
    let old = Dates::of(last);
    let back: BTreeMap<&str, &Entry> = gone.iter().map(|gone| (gone.entry.id.as_str(), &gone.entry)).collect();
    let renamed = drift.renamed.iter().map(|rename| rename.to.id.as_str());
    let edited: BTreeSet<&str> = drift.changed.iter().map(|change| change.key.id.as_str()).chain(renamed).collect();
    let moved: BTreeSet<_> = drift.moved.iter().map(|moved| (&moved.status, &moved.code, &moved.to)).collect();
    for entry in &mut new.entries {
        let is_changed =
            edited.contains(entry.id.as_str()) || moved.contains(&(&entry.status, &entry.code, &entry.table));
        (entry.first_seen, entry.last_changed) = match old.of_entry(&entry.id) {
            Some((first_seen, _)) if is_changed => (first_seen, new.date.clone()),
            Some(dates) => dates,
            None => {
                let first = back.get(entry.id.as_str()).map_or("", |gone| &gone.first_seen);
                (or(first, &new.date).min(new.date.clone()), new.date.clone())
            }
        };
    }
}

/// Gives the entries that `last` has its dates: what only reads otherwise did not change.
pub(super) fn keep(new: &mut Snapshot, last: &Snapshot) {
    let old = Dates::of(Some(last));
    for entry in &mut new.entries {
        if let Some(dates) = old.of_entry(&entry.id) {
            (entry.first_seen, entry.last_changed) = dates;
        }
    }
}

/// The dates of a state's entries by their ids.
struct Dates<'a> {
    /// The state's own date: entries of snapshots that have no dates yet were there that day.
    date: &'a str,
    entries: BTreeMap<&'a str, &'a Entry>,
}

impl<'a> Dates<'a> {
    fn of(snapshot: Option<&'a Snapshot>) -> Self {
        let entries = snapshot.map_or(&[][..], |snapshot| &snapshot.entries);
        Self {
            date: snapshot.map_or("", |snapshot| &snapshot.date),
            entries: entries.iter().map(|entry| (entry.id.as_str(), entry)).collect(),
        }
    }

    fn of_entry(&self, id: &str) -> Option<(String, String)> {
        let entry = self.entries.get(id)?;
        Some((or(&entry.first_seen, self.date), or(&entry.last_changed, self.date)))
    }
}

fn or(date: &str, other: &str) -> String {
    if date.is_empty() { other.to_owned() } else { date.to_owned() }
}
