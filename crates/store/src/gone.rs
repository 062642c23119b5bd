//! Which errors of a code were there once and went.

use std::collections::{BTreeSet, HashSet};

use anyhow::Result;
use docdrift_model::Entry;

use crate::{
    snapshots::{SnapshotRef, Unread},
    trace::scan,
};

/// An error that stood in an earlier snapshot and in none of the later ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Gone {
    /// How it read last.
    pub entry: Entry,
    /// The date of the first snapshot that lacked it, `YYYY-MM-DD`; `None` where no snapshot did.
    pub removed_on: Option<String>,
}

impl Gone {
    /// An error that is not in the state that is looked at, and that no snapshot lacked.
    pub fn never(entry: Entry) -> Self {
        Self { entry, removed_on: None }
    }
}

/// The errors that one of the snapshots, given the oldest first, had under one of `codes` when it had them last, and
/// that the last of them lacks: those that went last come first. The codes are as entries print them. An error under
/// another code is not gone.
pub fn gone(snapshots: &[SnapshotRef], codes: &BTreeSet<&str>) -> Result<Vec<Gone>> {
    let mut gone = Vec::new();
    if snapshots.len() < 2 || codes.is_empty() {
        return Ok(gone);
    }
    let mut known = HashSet::new();
    let mut later: Option<&SnapshotRef> = None;
    for snapshot in snapshots.iter().rev() {
        let unknown = scan(snapshot, |file| unknown(file, codes, &mut known))?;
        if let Some(SnapshotRef { date, .. }) = later {
            gone.extend(unknown.into_iter().map(|entry| Gone { entry, removed_on: Some(date.clone()) }));
        }
        later = Some(snapshot);
    }
    Ok(gone)
}

/// The entries of `codes` whose ids are not known, all of which are known from then on.
fn unknown(file: &Unread<'_>, codes: &BTreeSet<&str>, known: &mut HashSet<String>) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    for line in file.lines() {
        if line.id().is_some_and(|id| known.contains(id)) {
            continue;
        }
        if let (Some(id), Some(code)) = (line.id(), line.code())
            && !codes.contains(code)
        {
            known.insert(id.to_owned());
            continue;
        }
        let entry = file.entry(line)?;
        if known.insert(entry.id.clone()) && codes.contains(entry.code.as_str()) {
            found.push(entry);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
