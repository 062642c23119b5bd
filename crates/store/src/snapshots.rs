//! The history of a source: its snapshots, a file each.

mod file;
mod folder;

use docdrift_model::{Entry, Publish, Snapshot, text::natural_key};
use jiff::civil::Date;

pub(crate) use file::{Unread, check_dates, check_schema, render};
pub use file::{parse_snapshot, read_snapshot};
pub(crate) use folder::{FOLDER, folder, last, list, next, sources};
pub use folder::{Head, SnapshotRef};

/// Sorts entries as snapshots and the dataset hold them: by table, then code and status in natural order, then id.
pub fn sort_entries(entries: &mut [Entry]) {
    entries.sort_by_cached_key(sort_key);
}

/// What entries are sorted by.
pub(crate) fn sort_key(entry: &Entry) -> impl Ord + use<> {
    let Entry { table, code, status, id, .. } = entry.clone();
    (table, natural_key(&code), code, natural_key(&status), status, id)
}

/// The snapshot as files hold it.
pub(crate) fn settled(mut snapshot: Snapshot, publish: &Publish) -> Snapshot {
    snapshot.entries = settled_entries(snapshot.entries, publish);
    snapshot
}

/// Entries as files hold them: sorted, scores rounded, texts that are not published as digests. Doing it again changes
/// nothing.
pub fn settled_entries(entries: Vec<Entry>, publish: &Publish) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.into_iter().map(|entry| entry.published(publish)).collect();
    for entry in &mut entries {
        entry.pairing.score = rounded(entry.pairing.score);
    }
    sort_entries(&mut entries);
    entries
}

/// To three decimals, which reading and writing again leaves as they are.
pub(crate) fn rounded(score: f64) -> f64 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 } else { 0.0 }
}

pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests;
