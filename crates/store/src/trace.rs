//! What became of the errors that went by a code, over all the snapshots of a source. Of hundreds of files only the
//! lines that tell of them are read.

use std::collections::HashSet;

use anyhow::{Context as _, Result};
use docdrift_model::{Entry, code_list};
use regex::{Regex, RegexBuilder};

use crate::{
    files,
    snapshots::{SnapshotRef, Unread},
};

/// How well a code fits one that is looked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// But for letter case.
    Folded,
    Exact,
}

/// For each of the snapshots, in their order, the entries that went by `code` in any of them. Empty where none did.
pub(crate) fn trace(snapshots: &[SnapshotRef], code: &str) -> Result<Vec<(SnapshotRef, Vec<Entry>)>> {
    let ids = ids_of(snapshots, code)?;
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let told = |snapshot: &SnapshotRef| Ok((snapshot.clone(), scan(snapshot, |file| entries(file, &ids))?));
    snapshots.iter().map(told).collect()
}

/// Opens the file of a snapshot, of which `look` reads what matters to it.
pub(crate) fn scan<T>(snapshot: &SnapshotRef, look: impl FnOnce(&Unread<'_>) -> Result<T>) -> Result<T> {
    let path = snapshot.file();
    let (name, text) = (path.display().to_string(), files::read_text(&path)?);
    let file = Unread::new(&name, &text)?;
    snapshot.check_source(file.source())?;
    look(&file)
}

fn entries(file: &Unread<'_>, ids: &HashSet<String>) -> Result<Vec<Entry>> {
    let lines = file.lines().filter(|line| line.id().is_none_or(|id| ids.contains(id)));
    let mut entries: Vec<Entry> = lines.map(|line| file.entry(line)).collect::<Result<_>>()?;
    entries.retain(|entry| ids.contains(&entry.id));
    Ok(entries)
}

/// The ids of the entries that went by just that code; where none did, of those that did but for letter case.
fn ids_of(snapshots: &[SnapshotRef], code: &str) -> Result<HashSet<String>> {
    let pattern = pattern(code)?;
    let mut best = Fit::Folded;
    let mut ids = HashSet::new();
    for snapshot in snapshots {
        // What is exact already cannot become better.
        let is_done = |id: &str| best == Fit::Exact && ids.contains(id);
        let found: Vec<Entry> = scan(snapshot, |file| {
            let lines = file.lines_with(&pattern).filter(|line| !line.id().is_some_and(is_done));
            lines.map(|line| file.entry(line)).collect()
        })?;
        for entry in found {
            let Some(fit) = fit(&entry, code).filter(|fit| *fit >= best) else { continue };
            if fit > best {
                best = fit;
                ids.clear();
            }
            ids.insert(entry.id);
        }
    }
    Ok(ids)
}

/// Fits every line that tells of `code`, and some that do not.
fn pattern(code: &str) -> Result<Regex> {
    let json = serde_json::to_string(code)?;
    let spelled = json.get(1..json.len().saturating_sub(1)).unwrap_or_default();
    let pattern = RegexBuilder::new(&regex::escape(spelled)).case_insensitive(true).build();
    pattern.with_context(|| format!("`{}` is too long for a code", code.escape_debug()))
}

fn fit(entry: &Entry, code: &str) -> Option<Fit> {
    let printed = entry.printed.iter().flat_map(|printed| [&printed.zh.code, &printed.en.code]);
    let cells = std::iter::once(&entry.code).chain(printed);
    let codes: Vec<String> = cells.flat_map(|cell| code_list(cell).into_iter().chain([cell.clone()])).collect();
    let folded = code.to_lowercase();
    if codes.iter().any(|one| one == code) {
        Some(Fit::Exact)
    } else {
        codes.iter().any(|one| one.to_lowercase() == folded).then_some(Fit::Folded)
    }
}

#[cfg(test)]
mod tests;
