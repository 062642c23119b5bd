//! The snapshots of a source, one file each.

mod file;
mod folder;

use docdrift_model::{Entry, Publish, Snapshot, text::natural_key};

pub(crate) use file::{SnapshotFile, check_schema, render};
pub use file::{parse_snapshot, read_snapshot};
pub(crate) use folder::{FOLDER, folder, list, list_sources, next, read_last};
pub use folder::{SnapshotHeader, SnapshotRef};

/// Sorts entries as in snapshots and the dataset: by table, then code and status in natural order, then id.
pub(crate) fn sort_entries(entries: &mut [Entry]) {
    entries.sort_by_cached_key(sort_key);
}

/// Returns the key that entries are sorted by.
pub(crate) fn sort_key(entry: &Entry) -> impl Ord + use<> {
    let Entry { table, code, status, id, .. } = entry.clone();
    (table, natural_key(&code), code, natural_key(&status), status, id)
}

/// Returns a snapshot as it is written.
pub(crate) fn normalized(mut snapshot: Snapshot, publish: &Publish) -> Snapshot {
    snapshot.entries = normalized_entries(snapshot.entries, publish);
    snapshot
}

/// Returns entries as they are written: sorted, with rounded scores, and with digests for texts that are not published.
/// Normalized entries stay the same.
pub fn normalized_entries(entries: Vec<Entry>, publish: &Publish) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.into_iter().map(|entry| entry.published(publish)).collect();
    for entry in &mut entries {
        entry.pairing.score = round_score(entry.pairing.score);
    }
    sort_entries(&mut entries);
    entries
}

/// Rounds a score to three decimals, which survive writing and reading.
pub(crate) fn round_score(score: f64) -> f64 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 } else { 0.0 }
}

#[cfg(test)]
mod tests;
