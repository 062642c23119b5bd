//! Finds entries of earlier snapshots that later ones do not have.

use std::collections::{BTreeSet, HashSet};

use docdrift_files::Result;
use docdrift_model::Entry;
use jiff::civil::Date;

use crate::snapshots::{SnapshotFile, SnapshotRef};

/// An entry of an earlier snapshot that no later one has.
#[derive(Clone, Debug, PartialEq)]
pub struct RemovedEntry {
    /// The entry as the last snapshot that has it shows it.
    pub entry: Entry,
    /// The date of the first snapshot without it. `None` when no snapshot is without it.
    pub removed_on: Option<Date>,
}

impl RemovedEntry {
    /// Creates a removed entry that no snapshot is without.
    pub fn undated(entry: Entry) -> Self {
        Self { entry, removed_on: None }
    }
}

/// Returns the entries that the last snapshot does not have and that had one of `codes` in the last snapshot with them.
///
/// `snapshots` are sorted from old to new, `codes` are as entries print them. The entries removed last come first. An
/// entry that is now under another code is not removed.
pub fn removed_entries(snapshots: &[SnapshotRef], codes: &BTreeSet<&str>) -> Result<Vec<RemovedEntry>> {
    let mut removed = Vec::new();
    if snapshots.len() < 2 || codes.is_empty() {
        return Ok(removed);
    }
    let mut seen_ids = HashSet::new();
    let mut later: Option<&SnapshotRef> = None;
    for snapshot in snapshots.iter().rev() {
        let unseen = snapshot.scan(|file| unseen_entries(file, codes, &mut seen_ids))?;
        if let Some(SnapshotRef { date, .. }) = later {
            let dated = |entry| RemovedEntry { entry, removed_on: Some(*date) };
            removed.extend(unseen.into_iter().map(dated));
        }
        later = Some(snapshot);
    }
    Ok(removed)
}

/// Returns the entries with one of `codes` whose ids were not seen, and adds all ids of the file to the seen ones.
fn unseen_entries(
    file: &SnapshotFile<'_>,
    codes: &BTreeSet<&str>,
    seen_ids: &mut HashSet<String>,
) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for line in file.lines() {
        if line.id().is_some_and(|id| seen_ids.contains(id)) {
            continue;
        }
        if let (Some(id), Some(code)) = (line.id(), line.code())
            && !codes.contains(code)
        {
            seen_ids.insert(id.to_owned());
            continue;
        }
        let entry = file.parse_entry(line)?;
        if seen_ids.insert(entry.id.clone()) && codes.contains(entry.code.as_str()) {
            found.push(entry);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
