//! The history of a source: its snapshots, a file each.

mod file;
mod folder;

use docdrift_model::{Entry, Publish, Snapshot, text::natural_key};
use jiff::civil::Date;

pub(crate) use file::{SCHEMA, Unread, check_dates, check_schema, render};
pub use file::{parse_snapshot, read_snapshot};
pub use folder::SnapshotRef;
pub(crate) use folder::{folder, last, list, next, sources};

/// Sorts entries as snapshots and the dataset hold them: by table, then code and status in natural order, then id.
pub fn sort_entries(entries: &mut [Entry]) {
    entries.sort_by_cached_key(|entry| {
        let Entry { table, code, status, id, .. } = entry;
        (table.clone(), natural_key(code), code.clone(), natural_key(status), status.clone(), id.clone())
    });
}

/// The snapshot as files hold it.
pub(crate) fn settled(mut snapshot: Snapshot, publish: &Publish) -> Snapshot {
    snapshot.entries = settled_entries(snapshot.entries, publish);
    snapshot
}

/// Entries as files hold them: sorted, scores rounded, texts that are not published as digests. Doing it again changes
/// nothing.
pub(crate) fn settled_entries(entries: Vec<Entry>, publish: &Publish) -> Vec<Entry> {
    let mut entries: Vec<Entry> = entries.into_iter().map(|entry| entry.published(publish)).collect();
    for entry in &mut entries {
        entry.pairing.score = rounded(entry.pairing.score);
    }
    sort_entries(&mut entries);
    entries
}

/// To three decimals, which reading and writing again leaves as they are.
fn rounded(score: f64) -> f64 {
    if score.is_finite() { (score.clamp(0.0, 1.0) * 1000.0).round() / 1000.0 } else { 0.0 }
}

/// Whether two settled snapshots tell the same: all but the dates, which follow from the snapshots before.
pub(crate) fn say_the_same(a: &Snapshot, b: &Snapshot) -> bool {
    let undated = |snapshot: &Snapshot| {
        let mut snapshot = Snapshot { date: String::new(), ..snapshot.clone() };
        for entry in &mut snapshot.entries {
            entry.first_seen.clear();
            entry.last_changed.clear();
        }
        snapshot
    };
    undated(a) == undated(b)
}

pub(crate) fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests;
