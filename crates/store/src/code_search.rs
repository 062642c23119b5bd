//! Searches all snapshots of a source for the entries that had a code. Of hundreds of files, only the lines that may
//! match are parsed.

use std::collections::HashSet;

use docdrift_files::{Result, StorageError};
use docdrift_model::{Entry, text::code_list};
use regex::{Regex, RegexBuilder};

use crate::snapshots::{SnapshotFile, SnapshotRef};

/// How well a code matches the searched one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CodeMatch {
    /// Only letter case differs.
    CaseInsensitive,
    Exact,
}

/// Returns for each snapshot, in their order, the entries that had `code` in any of them. Empty when none had.
pub(crate) fn entries_with_code(snapshots: &[SnapshotRef], code: &str) -> Result<Vec<(SnapshotRef, Vec<Entry>)>> {
    let ids = find_ids(snapshots, code)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let read = |snapshot: &SnapshotRef| Ok((snapshot.clone(), snapshot.scan(|file| entries_with_ids(file, &ids))?));
    snapshots.iter().map(read).collect()
}

fn entries_with_ids(file: &SnapshotFile<'_>, ids: &HashSet<String>) -> Result<Vec<Entry>> {
    let lines = file.lines().filter(|line| line.id().is_none_or(|id| ids.contains(id)));
    let mut entries: Vec<Entry> = lines.map(|line| file.parse_entry(line)).collect::<Result<_>>()?;
    entries.retain(|entry| ids.contains(&entry.id));
    Ok(entries)
}

/// Returns the ids of the entries that had exactly this code. When there is none, of those that had it in other letter
/// case.
fn find_ids(snapshots: &[SnapshotRef], code: &str) -> Result<HashSet<String>> {
    let pattern = line_pattern(code)?;
    let mut best = CodeMatch::CaseInsensitive;
    let mut ids = HashSet::new();
    for snapshot in snapshots {
        // An exact match cannot become better.
        let is_done = |id: &str| best == CodeMatch::Exact && ids.contains(id);
        let found: Vec<Entry> = snapshot.scan(|file| {
            let lines = file.matching_lines(&pattern).filter(|line| !line.id().is_some_and(is_done));
            lines.map(|line| file.parse_entry(line)).collect()
        })?;
        for entry in found {
            let Some(matched) = match_code(&entry, code).filter(|matched| *matched >= best) else { continue };
            if matched > best {
                best = matched;
                ids.clear();
            }
            ids.insert(entry.id);
        }
    }
    Ok(ids)
}

/// Returns a pattern that matches every line with `code`, and some without.
fn line_pattern(code: &str) -> Result<Regex> {
    let json = serde_json::to_string(code)?;
    let escaped = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    let pattern = RegexBuilder::new(&regex::escape(escaped)).case_insensitive(true).build();
    pattern.map_err(|error| {
        StorageError::invalid(format!("`{}` is too long for a code", code.escape_debug())).caused_by(error)
    })
}

fn match_code(entry: &Entry, code: &str) -> Option<CodeMatch> {
    let printed = entry.printed.iter().flat_map(|printed| [&printed.zh.code, &printed.en.code]);
    let cells = std::iter::once(&entry.code).chain(printed);
    let codes: Vec<String> = cells.flat_map(|cell| code_list(cell).into_iter().chain([cell.clone()])).collect();
    let lowercase = code.to_lowercase();
    if codes.iter().any(|one| one == code) {
        Some(CodeMatch::Exact)
    } else {
        codes.iter().any(|one| one.to_lowercase() == lowercase).then_some(CodeMatch::CaseInsensitive)
    }
}

#[cfg(test)]
mod tests;
